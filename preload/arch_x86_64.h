/* SPDX-License-Identifier: MIT
 *
 * What differs by architecture inside preload/: the system call instruction, the stack pointer. Another architecture
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

/* The stack pointer: in a function that calls others without arguments on the stack, the lower end of its frame. */
__attribute__((always_inline)) static inline unsigned long arch_sp(void)
{
    unsigned long sp;
    __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
    return sp;
}

static inline void arch_pause(void)
{
    __builtin_ia32_pause();
}

#endif
