/* SPDX-License-Identifier: MIT
 *
 * What differs by architecture inside preload/: the system call instruction. Another architecture
 * is another file of this shape, chosen by the Makefile as ARCH. */
#ifndef LEAKGC_ARCH_H
#define LEAKGC_ARCH_H

static inline long arch_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long ret;
    __asm__ volatile("syscall"
                     : "=a"(ret)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return ret;
}

static inline void arch_pause(void)
{
    __builtin_ia32_pause();
}

#endif
