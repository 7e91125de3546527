/* SPDX-License-Identifier: MIT
 *
 * Assertions: the specification of the code, checked in debug builds (make DEBUG=1) only. A failed
 * one prints its place and traps; release builds never stop the host (DESIGN: degrade). */
#ifndef LEAKGC_ASSERT_H
#define LEAKGC_ASSERT_H

#ifdef LEAKGC_DEBUG
_Noreturn void assert_failed(const char *condition, const char *file, int line);
#define ASSERT(c) ((c) ? (void)0 : assert_failed(#c, __FILE__, __LINE__))
#else
#define ASSERT(c) ((void)sizeof(!(c)))
#endif

#endif
