/* SPDX-License-Identifier: MIT
 *
 * exit, quick_exit, _exit, _Exit on x86-64: hand the caller's stack pointer and callee-saved
 * registers to ending.c, as they are at the call; so do the functions of leakgc.h. And a call on another
 * stack, for work that needs more room than a thread of the program may have. */
        .text

        .macro  ENDING name, to
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        endbr64
        movq    %rsi, %rcx              /* a second argument, after these */
        leaq    8(%rsp), %rsi           /* the caller's stack pointer */
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        movq    %rsp, %rdx              /* registers[ENDING_REGISTERS] */
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    \to
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        .irp    register, rbx, rbp, r12, r13, r14, r15
        popq    %\register
        .cfi_adjust_cfa_offset -8
        .cfi_restore \register
        .endr
        ret                             /* only of functions that return */
        .cfi_endproc
        .size   \name, . - \name
        .endm

        ENDING  exit, ending_exit
        ENDING  quick_exit, ending_quick_exit
        ENDING  _exit, ending__exit
        ENDING  _Exit, ending__exit
        ENDING  leakgc_scan, ending_ask_new
        ENDING  __lsan_do_recoverable_leak_check, ending_ask_all
        ENDING  __lsan_do_leak_check, ending_ask_end
        ENDING  leakgc_leaks_since, ending_ask_since

/* void arch_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_end) */
        .globl  arch_call_on_stack
        .hidden arch_call_on_stack
        .type   arch_call_on_stack, @function
arch_call_on_stack:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        movq    %rdx, %rsp
        andq    $-16, %rsp
        movq    %rdi, %rax
        movq    %rsi, %rdi
        call    *%rax
        leave
        .cfi_def_cfa rsp, 8
        ret
        .cfi_endproc
        .size   arch_call_on_stack, . - arch_call_on_stack

        .section .note.GNU-stack, "", @progbits
