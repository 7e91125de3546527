/* SPDX-License-Identifier: MIT
 *
 * What a program may ask of libleakgc. Programs that also run without it declare the functions weak:
 *
 *     #define LEAKGC_WEAK
 *     #include <leakgc.h>
 *     if (leakgc_scan)
 *         leakgc_scan(); */
#ifndef LEAKGC_H
#define LEAKGC_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef LEAKGC_WEAK
#define LEAKGC_API __attribute__((weak))
#else
#define LEAKGC_API
#endif

/* Searches for leaks now, with all other threads stopped meanwhile, and reports those that were not
 * reported before. Returns how many blocks are lost, or -1 when there was no search: the library is
 * switched off, or the caller is a signal handler that interrupted the allocator. */
LEAKGC_API long leakgc_scan(void);

/* As LeakSanitizer has it: reports all leaks now; 1 if there are any, else 0. */
LEAKGC_API int __lsan_do_recoverable_leak_check(void);

#ifdef __cplusplus
}
#endif
#endif
