// SPDX-License-Identifier: MIT
//
// What the test programs share. Nothing in here may keep a pointer of the program alive or hide
// one by accident: a program that wants a block lost must lose it by itself, as ordinary code does.
//
//   use(p)        the compiler must assume that p and what it points to are used here
//   CHECK(x)      ends the process with status 99 and says where, if x is false
//   hide(p)       p as a number that is no pointer; reveal(h) gets it back
//   clobber()     overwrites dead stack below the caller and the scratch registers; only for
//                 threads that go on running, where stale words are truth to no one. Most tests
//                 must do without.
//   await_alone() waits until the kernel knows no other thread, the library's own included (interval=0)

#ifndef LEAKTEST_H
#define LEAKTEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))
#define UNUSED __attribute__((unused))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            dprintf(2, "%s:%d: CHECK(%s) failed, errno %d\n", __FILE__, __LINE__, #condition,      \
                    errno);                                                                        \
            _exit(99);                                                                             \
        }                                                                                          \
    } while (0)

// For what this machine can't do; the runner counts the case as skipped.
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        dprintf(1, "%s\n", why);                                                                   \
        _exit(77);                                                                                 \
    } while (0)

UNUSED static inline void use(void *p)
{
    __asm__ volatile("" : : "r"(p) : "memory");
}

UNUSED static inline uintptr_t hide(void *p)
{
    uintptr_t hidden = ~(uintptr_t)p;
    __asm__ volatile("" : "+r"(hidden)); // or the compiler would keep p and not ~p
    return hidden;
}

UNUSED static inline void *reveal(uintptr_t hidden)
{
    __asm__ volatile("" : "+r"(hidden));
    return (void *)~hidden;
}

// A new block that only the returned number knows.
UNUSED static NOINLINE uintptr_t hidden_malloc(size_t size)
{
    void *p = malloc(size);
    CHECK(p != NULL);
    return hide(p);
}

UNUSED static NOINLINE void await_alone(void)
{
    struct stat threads;
    for (int ms = 0; ms < 20000; ms++) {
        CHECK(!stat("/proc/self/task", &threads));
        if (threads.st_nlink == 3) // two are the directory's own
            return;
        usleep(1000);
    }
    CHECK(!"other threads are left");
}

UNUSED static NOINLINE void clobber(void)
{
    volatile char dead[16384];
    for (size_t i = 0; i < sizeof dead; i++)
        dead[i] = 0;
#if defined(__x86_64__)
    __asm__ volatile("xorl %%eax, %%eax\n xorl %%ecx, %%ecx\n xorl %%edx, %%edx\n"
                     "xorl %%esi, %%esi\n xorl %%edi, %%edi\n xorl %%r8d, %%r8d\n"
                     "xorl %%r9d, %%r9d\n xorl %%r10d, %%r10d\n xorl %%r11d, %%r11d\n"
                     "pxor %%xmm0, %%xmm0\n pxor %%xmm1, %%xmm1\n pxor %%xmm2, %%xmm2\n"
                     "pxor %%xmm3, %%xmm3\n pxor %%xmm4, %%xmm4\n pxor %%xmm5, %%xmm5\n"
                     "pxor %%xmm6, %%xmm6\n pxor %%xmm7, %%xmm7\n pxor %%xmm8, %%xmm8\n"
                     "pxor %%xmm9, %%xmm9\n pxor %%xmm10, %%xmm10\n pxor %%xmm11, %%xmm11\n"
                     "pxor %%xmm12, %%xmm12\n pxor %%xmm13, %%xmm13\n pxor %%xmm14, %%xmm14\n"
                     "pxor %%xmm15, %%xmm15\n"
                     :
                     :
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                       "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory");
#endif
}

#endif
