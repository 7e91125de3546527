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
#include <fcntl.h>
#include <linux/futex.h>
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

enum { CALL_BYTES = 2 }; /* 0f 05: syscall */

static bool is_call(const uint8_t *code)
{
    return code[0] == 0x0f && code[1] == 0x05;
}

/* The length of a move to another register than the first, from one or from the stack; 0: other code. */
static size_t move_bytes(const uint8_t *code, size_t bytes)
{
    enum { REX = 0x40, REX_B = 1, REX_R = 4, FROM_REGISTER = 0x89, FROM_MEMORY = 0x8b };
    uint8_t rex = bytes && (code[0] & 0xf0) == REX ? code[0] : 0;
    size_t at = rex != 0;
    if (bytes >= at + 2 && code[at] == FROM_REGISTER && code[at + 1] >= 0xc0)
        return code[at + 1] & 7 || rex & REX_B ? at + 2 : 0;
    if (bytes >= at + 4 && code[at] == FROM_MEMORY && (code[at + 1] & 0xc7) == 0x44 &&
        code[at + 2] == 0x24)
        return code[at + 1] & 0x38 || rex & REX_R ? at + 4 : 0;
    return 0;
}

static bool only_moves(const uint8_t *code, size_t bytes)
{
    while (bytes) {
        size_t n = move_bytes(code, bytes);
        if (!n)
            return false;
        code += n;
        bytes -= n;
    }
    return true;
}

/* Which call it was is told by the code before: mov $number, %eax; perhaps other moves; syscall. -1: other code. */
static int call_before(uintptr_t pc)
{
    enum {
        LOAD = 0xb8,
        OTHER_REGISTER = 0x41, /* REX.B before the load */
        LOAD_BYTES = 5,
        MOVES_MOST = 16,
        BYTES = 1 + LOAD_BYTES + MOVES_MOST + CALL_BYTES
    };
    uint8_t code[BYTES];
    int number;
    if (sys_peek(code, (const void *)(pc - BYTES), BYTES) != BYTES ||
        !is_call(code + BYTES - CALL_BYTES))
        return -1;
    for (size_t moves = 0; moves <= MOVES_MOST; moves++) {
        const uint8_t *load = code + 1 + MOVES_MOST - moves;
        if (*load != LOAD || load[-1] == OTHER_REGISTER || !only_moves(load + LOAD_BYTES, moves))
            continue;
        memcpy(&number, load + 1, sizeof number);
        return number;
    }
    return -1;
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
    case SYS_semtimedop:
        return regs[REG_R10] == 0;
    case SYS_io_getevents:
    case SYS_io_pgetevents:
        return regs[REG_R8] == 0;
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_semop:
    case SYS_msgrcv:
    case SYS_msgsnd:
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

/* Those that a handler without SA_RESTART ends (signal(7)), if they may fail with EINTR at any time: as they
 * must not by FUTEX_LOCK_PI, which the kernel begins again whatever the handler. */
static bool is_interruptible(const greg_t *regs)
{
    switch (regs[REG_RAX]) {
    case SYS_futex: {
        int64_t operation = regs[REG_RSI] & FUTEX_CMD_MASK;
        return operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
    }
    case SYS_fcntl:
        return regs[REG_RSI] == F_SETLKW || regs[REG_RSI] == F_OFD_SETLKW;
    case SYS_read:
    case SYS_readv:
    case SYS_write:
    case SYS_writev:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_wait4:
    case SYS_waitid:
    case SYS_flock:
        return true;
    default:
        return false;
    }
}

/* The kernel has seen our SA_RESTART only, and has set the thread before the call again. That it has been
 * there is told by the address behind it, which the call leaves in RCX. */
static bool begins_again(const greg_t *regs)
{
    uint8_t code[CALL_BYTES];
    return regs[REG_RCX] == regs[REG_RIP] + CALL_BYTES && is_interruptible(regs) &&
           sys_peek(code, (const void *)regs[REG_RIP], sizeof code) == sizeof code && is_call(code);
}

bool regs_has_call(const void *context)
{
    const greg_t *regs = ((const ucontext_t *)context)->uc_mcontext.gregs;
    return regs[REG_RAX] == -EINTR || begins_again(regs);
}

uint64_t regs_blocked_signals(const void *context)
{
    uint64_t set;
    memcpy(&set, &((const ucontext_t *)context)->uc_sigmask, sizeof set);
    return set;
}

void regs_restart_call(void *context, enum interruption by_program)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (by_program == INTERRUPTION_ENDS && begins_again(regs)) {
        regs[REG_RAX] = -EINTR;
        regs[REG_RIP] += CALL_BYTES;
    }
    if (by_program != INTERRUPTION_NONE || regs[REG_RAX] != -EINTR)
        return;
    int number = call_before((uintptr_t)regs[REG_RIP]);
    if (number < 0 || (!waits_without_limit(number, regs) && !goes_on(number, regs)))
        return;
    regs[REG_RAX] = number;
    regs[REG_RIP] -= CALL_BYTES;
}
