/* SPDX-License-Identifier: MIT
 *
 * exit, quick_exit, _exit, _Exit on x86-64: hand the caller's stack pointer and callee-saved
 * registers to ending.c, as they are at the call. */
        .text

        .macro  ENDING name, to
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        endbr64
        leaq    8(%rsp), %rsi           /* the caller's stack pointer */
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        movq    %rsp, %rdx              /* registers[ENDING_REGISTERS] */
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    \to
        hlt
        .cfi_endproc
        .size   \name, . - \name
        .endm

        ENDING  exit, ending_exit
        ENDING  quick_exit, ending_quick_exit
        ENDING  _exit, ending__exit
        ENDING  _Exit, ending__exit

        .section .note.GNU-stack, "", @progbits
