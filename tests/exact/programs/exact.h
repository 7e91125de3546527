// SPDX-License-Identifier: MIT
//
// What the programs share. An allocation is written where it is made (always inlined), so that each
// place has a return address of its own.
//
//   touch(n)     malloc and free          touch_all(n)  also calloc, realloc, strdup, memalign
//   ENDS         after a call: the call can't become a jump
//   rnd(n)       a number below n; the same numbers in each run, per thread

#ifndef EXACT_H
#define EXACT_H

#include "leaktest.h"

#include <malloc.h>

#define INLINE static inline __attribute__((always_inline, unused))
#define ENDS __asm__ volatile("" ::: "memory")

#define touch(size)                                                                                \
    do {                                                                                           \
        void *touched = malloc(size);                                                              \
        use(touched);                                                                              \
        free(touched);                                                                             \
    } while (0)

INLINE void touch_all(size_t size)
{
    char *p = (char *)malloc(size + 2);
    use(p);
    p = (char *)realloc(p, size * 3 + 2);
    memset(p, 'x', size + 1);
    p[size + 1] = 0;
    char *q = strdup(p);
    use(q);
    free(p);
    p = (char *)calloc(size + 1, 2);
    use(p);
    free(p);
    free(q);
    p = (char *)memalign(64, size + 1);
    use(p);
    free(p);
}

UNUSED static NOINLINE unsigned rnd(unsigned below)
{
    static __thread unsigned long long state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % below;
}

#endif
