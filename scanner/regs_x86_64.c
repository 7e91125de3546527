/* SPDX-License-Identifier: MIT
 *
 * Owns the layout of x86-64 signal frames (regs.h). The vector registers lie in an XSAVE area of
 * the frame, whose size the kernel leaves in the bytes that it reserves for software: at 464, a
 * magic number and then the size of the whole area. */
#include "regs.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

enum { FXSAVE_BYTES = 512, SOFTWARE_AT = 464, XSAVE_MAGIC = 0x46505853 };

void regs_from_context(const void *context, struct regs *ret)
{
    const ucontext_t *uc = context;
    ret->sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
    ret->signal_stack = uc->uc_stack.ss_flags & SS_DISABLE ? 0 : (uintptr_t)uc->uc_stack.ss_sp;
    ret->count = 0;
    for (int r = REG_R8; r <= REG_RCX; r++)
        ret->general[ret->count++] = (uintptr_t)uc->uc_mcontext.gregs[r];
    const char *area = (const char *)uc->uc_mcontext.fpregs;
    uint32_t software[2];
    ret->vector = (const uintptr_t *)(const void *)area;
    ret->vector_words = 0;
    if (!area)
        return;
    memcpy(software, area + SOFTWARE_AT, sizeof software);
    ret->vector_words =
        (software[0] == XSAVE_MAGIC ? software[1] : FXSAVE_BYTES) / sizeof(uintptr_t);
}
