/* SPDX-License-Identifier: MIT
 *
 * Owns the layout of x86-64 signal frames (regs.h). The vector registers lie in an XSAVE area of the frame
 * (Intel SDM, vol. 1, 13.4), whose size the kernel leaves in the bytes that are for software: a magic number
 * and then the size.
 *
 *   0         32        160   416       464            512      576
 *   | control | x87, MM | XMM | no one's | for software | header | components ... |
 *
 * The header tells which components are not in their initial state (zeros), the processor where each one lies;
 * between them, as before the bytes for software, is what was on the stack before: no register. */
#include "regs.h"

#include <cpuid.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>

#include "../preload/sys.h"

enum {
    LEGACY_AT = 32,
    LEGACY_END = 416,
    SOFTWARE_AT = 464,
    HEADER_AT = 512,
    XSAVE_MAGIC = 0x46505853
};

/* The components that may hold addresses: upper halves of YMM, masks, upper halves of ZMM0 to 15, ZMM16 to 31,
 * R16 to 31 (APX). */
static const uint8_t component[] = {2, 5, 6, 7, 19};
enum { COMPONENTS = sizeof component };
static struct {
    uint32_t at, bytes;
} place[COMPONENTS];
static bool prepared;

void regs_prepare(void)
{
    enum { LEAF = 13 };
    unsigned none[2];
    if (prepared || __get_cpuid_max(0, NULL) < LEAF)
        return;
    for (size_t i = 0; i < COMPONENTS; i++)
        __cpuid_count(LEAF, component[i], place[i].bytes, place[i].at, none[0], none[1]);
    prepared = true;
}

/* Runtimes keep their thread data there. Where a program may not ask the processor (before Linux 5.9),
 * it does not count. */
uintptr_t regs_own_base(void)
{
    enum { HWCAP2_FSGSBASE = 1 << 1 };
    uintptr_t base = 0;
    if (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE)
        __asm__ volatile("rdgsbase %0" : "=r"(base));
    return base;
}

static void add_range(struct regs *r, const char *area, size_t at, size_t bytes)
{
    r->vector[r->vectors++] = (struct regs_range){(const uintptr_t *)(const void *)(area + at),
                                                  bytes / sizeof(uintptr_t)};
}

void regs_from_context(const void *context, struct regs *ret)
{
    const ucontext_t *uc = context;
    ret->sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
    ret->signal_stack = uc->uc_stack.ss_flags & SS_DISABLE ? 0 : (uintptr_t)uc->uc_stack.ss_sp;
    ret->count = 0;
    for (int r = REG_R8; r <= REG_RCX; r++)
        ret->general[ret->count++] = (uintptr_t)uc->uc_mcontext.gregs[r];
    ret->general[ret->count++] = regs_own_base();
    ret->vectors = 0;
    const char *area = (const char *)uc->uc_mcontext.fpregs;
    uint32_t software[2];
    uint64_t in_use;
    if (!area)
        return;
    add_range(ret, area, LEGACY_AT, LEGACY_END - LEGACY_AT);
    memcpy(software, area + SOFTWARE_AT, sizeof software);
    if (software[0] != XSAVE_MAGIC)
        return;
    memcpy(&in_use, area + HEADER_AT, sizeof in_use);
    for (size_t i = 0; i < COMPONENTS; i++)
        if (in_use >> component[i] & 1 && place[i].at + place[i].bytes <= software[1])
            add_range(ret, area, place[i].at, place[i].bytes);
}

/* Which call it was is told by the code before: mov $number, %eax; syscall. -1: other code. */
static int call_before(uintptr_t pc)
{
    uint8_t code[7];
    int number;
    if (sys_peek(code, (const void *)(pc - sizeof code), sizeof code) != sizeof code ||
        code[0] != 0xb8 || code[5] != 0x0f || code[6] != 0x05)
        return -1;
    memcpy(&number, code + 1, sizeof number);
    return number;
}

static bool waits_without_limit(int number, const greg_t *regs)
{
    switch (number) {
    case SYS_poll:
        return (int)regs[REG_RDX] < 0;
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
        return (int)regs[REG_R10] < 0;
    case SYS_epoll_pwait2:
        return regs[REG_R10] == 0;
    case SYS_select:
    case SYS_pselect6:
        return regs[REG_R8] == 0;
    case SYS_ppoll:
    case SYS_rt_sigtimedwait:
        return regs[REG_RDX] == 0;
    case SYS_clock_nanosleep:
        return regs[REG_RSI] == TIMER_ABSTIME;
    case SYS_pause:
    case SYS_rt_sigsuspend:
        return true;
    default:
        return false;
    }
}

/* A relative sleep that has told what is left of it goes on with that. */
static bool goes_on(int number, greg_t *regs)
{
    int left = number == SYS_nanosleep ? REG_RSI : number == SYS_clock_nanosleep ? REG_R10 : -1;
    if (left < 0 || !regs[left])
        return false;
    regs[number == SYS_nanosleep ? REG_RDI : REG_RDX] = regs[left];
    return true;
}

void regs_restart_call(void *context)
{
    enum { CALL_BYTES = 2 };
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (regs[REG_RAX] != -EINTR)
        return;
    int number = call_before((uintptr_t)regs[REG_RIP]);
    if (number < 0 || (!waits_without_limit(number, regs) && !goes_on(number, regs)))
        return;
    regs[REG_RAX] = number;
    regs[REG_RIP] -= CALL_BYTES;
}
