/* SPDX-License-Identifier: MIT
 *
 * dlopen and dlmopen on x86-64. libc searches for a library by the run path of the object that calls,
 * which it knows by the return address. So these do their part (hooks_thread.c) and jump on, and libc
 * never sees that they were there. */
        .text

        .macro  BEFORE  name, first
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        endbr64
        pushq   %rdi
        .cfi_adjust_cfa_offset 8
        pushq   %rsi
        .cfi_adjust_cfa_offset 8
        pushq   %rdx
        .cfi_adjust_cfa_offset 8
        call    \first
        popq    %rdx
        .cfi_adjust_cfa_offset -8
        popq    %rsi
        .cfi_adjust_cfa_offset -8
        popq    %rdi
        .cfi_adjust_cfa_offset -8
        jmp     *%rax
        .cfi_endproc
        .size   \name, . - \name
        .endm

        BEFORE  dlopen, hooks_before_dlopen
        BEFORE  dlmopen, hooks_before_dlmopen

        .section .note.GNU-stack, "", @progbits
