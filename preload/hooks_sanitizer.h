/* SPDX-License-Identifier: MIT
 *
 * Programs built with a sanitizer run without us. */
#ifndef LEAKGC_HOOKS_SANITIZER_H
#define LEAKGC_HOOKS_SANITIZER_H

/* Does nothing: that somebody calls it keeps its resolver in the library, which does it all. */
void hooks_sanitizer(void);

#endif
