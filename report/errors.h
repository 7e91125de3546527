/* SPDX-License-Identifier: MIT
 *
 * Reports of wrong calls: double free, free of what is no block. */
#ifndef LEAKGC_ERRORS_H
#define LEAKGC_ERRORS_H

#include "../preload/alloc.h"

/* An alloc_error_handler: tells what, where it was allocated, where it was freed first if that is
 * known, and where now. */
void errors_report(const struct alloc_failure *f);

#endif
