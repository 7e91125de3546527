/* SPDX-License-Identifier: MIT
 *
 * Functions whose unwind information is right and unusual. Each is
 *
 *     void NAME(void (*callback)(int), int argument, void *area_end)
 *
 * and calls the callback with the argument; area_end is a stack that it may switch to. */

        .macro  begin name
        .globl  \name
        .type   \name, @function
        .p2align 4
\name:
        .cfi_startproc
        .endm

        .macro  finish name
        .cfi_endproc
        .size   \name, . - \name
        .endm

        /* callback(argument), when no register has changed */
        .macro  call_back
        movq    %rdi, %rax
        movl    %esi, %edi
        call    *%rax
        .endm

        .macro  push_of reg
        pushq   %\reg
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset \reg, 0
        .endm

        .macro  pop_of reg
        popq    %\reg
        .cfi_adjust_cfa_offset -8
        .cfi_restore \reg
        .endm

        .macro  lower bytes
        subq    $\bytes, %rsp
        .cfi_adjust_cfa_offset \bytes
        .endm

        .macro  raise bytes
        addq    $\bytes, %rsp
        .cfi_adjust_cfa_offset -\bytes
        .endm

        .text

begin by_rsp
        lower   40
        call_back
        raise   40
        ret
finish by_rsp

begin by_rbp
        push_of rbp
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        subq    $48, %rsp
        call_back
        leave
        .cfi_def_cfa rsp, 8
        ret
finish by_rbp

begin by_rbx
        push_of rbx
        movq    %rsp, %rbx
        .cfi_def_cfa_register rbx
        subq    $96, %rsp
        call_back
        movq    %rbx, %rsp
        .cfi_def_cfa_register rsp
        pop_of  rbx
        ret
finish by_rbx

/* Aligned to a cache line: how far RSP is below depends on the caller. */
begin by_r12_aligned
        push_of r12
        movq    %rsp, %r12
        .cfi_def_cfa_register r12
        andq    $-64, %rsp
        subq    $64, %rsp
        call_back
        movq    %r12, %rsp
        .cfi_def_cfa_register rsp
        pop_of  r12
        ret
finish by_r12_aligned

/* RBP saved below other registers, and then a number. */
begin rbp_is_number
        push_of rbx
        push_of r12
        push_of rbp
        movq    $-1, %rbp
        call_back
        pop_of  rbp
        pop_of  r12
        pop_of  rbx
        ret
finish rbp_is_number

begin rbp_is_zero
        push_of rbp
        xorl    %ebp, %ebp
        call_back
        pop_of  rbp
        ret
finish rbp_is_zero

/* RBP points into the stack, where no frame is. */
begin rbp_is_stack
        push_of rbp
        leaq    64(%rsp), %rbp
        lower   32
        call_back
        raise   32
        pop_of  rbp
        ret
finish rbp_is_stack

/* RBP is written to the frame by mov, far from the CFA. */
begin rbp_saved_by_mov
        lower   216
        movq    %rbp, 16(%rsp)
        .cfi_rel_offset rbp, 16
        movl    $77, %ebp
        call_back
        movq    16(%rsp), %rbp
        .cfi_restore rbp
        raise   216
        ret
finish rbp_saved_by_mov

begin rbp_saved_far
        lower   2088
        movq    %rbp, 16(%rsp)
        .cfi_rel_offset rbp, 16
        movl    $78, %ebp
        call_back
        movq    16(%rsp), %rbp
        .cfi_restore rbp
        raise   2088
        ret
finish rbp_saved_far

/* Saved, restored, saved elsewhere: three calls with three rules. */
begin rbp_saved_and_restored
        push_of rbx
        push_of r12
        push_of r13
        movq    %rdi, %rbx
        movl    %esi, %r12d
        call_back
        push_of rbp
        lower   8
        movl    $5, %ebp
        movl    %r12d, %edi
        call    *%rbx
        raise   8
        pop_of  rbp
        movl    %r12d, %edi
        call    *%rbx
        lower   32
        movq    %rbp, 8(%rsp)
        .cfi_rel_offset rbp, 8
        movq    %rsp, %rbp
        movl    %r12d, %edi
        call    *%rbx
        movq    8(%rsp), %rbp
        .cfi_restore rbp
        raise   32
        pop_of  r13
        pop_of  r12
        pop_of  rbx
        ret
finish rbp_saved_and_restored

begin rbp_same_value
        .cfi_same_value rbp
        lower   8
        call_back
        raise   8
        ret
finish rbp_same_value

/* An early return, whose rules must not spill over into what follows. */
begin remembered
        push_of rbp
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        subq    $16, %rsp
        testl   $1, %esi
        jz      1f
        call_back
        .cfi_remember_state
        leave
        .cfi_def_cfa rsp, 8
        .cfi_restore rbp
        ret
1:      .cfi_restore_state
        subq    $32, %rsp
        call_back
        leave
        .cfi_def_cfa rsp, 8
        ret
finish remembered

begin remembered_twice
        lower   8
        .cfi_remember_state
        lower   16
        .cfi_remember_state
        lower   32
        testl   $1, %esi
        jz      1f
        call_back
        raise   32
        raise   16
        raise   8
        ret
1:      .cfi_restore_state
        addq    $32, %rsp
        testl   $2, %esi
        jz      2f
        call_back
        raise   16
        raise   8
        ret
2:      .cfi_restore_state
        addq    $16, %rsp
        call_back
        raise   8
        ret
finish remembered_twice

/* Distances in the code that take one, two, and four bytes. */
begin far_1
        lower   8
        jmp     1f
        .skip   200, 0x90
1:      lower   16
        call_back
        raise   24
        ret
finish far_1

begin far_2
        lower   8
        jmp     1f
        .skip   3000, 0x90
1:      lower   16
        call_back
        raise   24
        ret
finish far_2

begin far_4
        lower   8
        jmp     1f
        .skip   70000, 0x90
1:      lower   16
        call_back
        raise   24
        ret
finish far_4

/* Several heights in one function. */
begin heights
        push_of rbx
        push_of r12
        lower   8
        movq    %rdi, %rbx
        movl    %esi, %r12d
        call_back
        lower   16
        movl    %r12d, %edi
        call    *%rbx
        lower   512
        movl    %r12d, %edi
        call    *%rbx
        raise   528
        movl    %r12d, %edi
        call    *%rbx
        raise   8
        pop_of  r12
        pop_of  rbx
        ret
finish heights

/* CFA by an expression: RSP + 48. */
begin cfa_expression
        subq    $40, %rsp
        .cfi_escape 0x0f, 2, 0x77, 48
        call_back
        addq    $40, %rsp
        .cfi_def_cfa rsp, 8
        ret
finish cfa_expression

/* The PLT's expression: RSP + 8 + ((RIP & 15) >= 11) * 8. Here RIP is not in the PLT, so the last
 * term is made zero by a mask. */
begin cfa_expression_of_rip
        subq    $24, %rsp
        .cfi_escape 0x0f, 11, 0x77, 32, 0x80, 0, 0x30, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22
        call_back
        addq    $24, %rsp
        .cfi_def_cfa rsp, 8
        ret
finish cfa_expression_of_rip

/* GCC's form for realigned stacks: the caller's stack pointer in R10, then in the frame. */
begin drap
        leaq    8(%rsp), %r10
        .cfi_def_cfa r10, 0
        andq    $-64, %rsp
        pushq   -8(%r10)
        pushq   %rbp
        movq    %rsp, %rbp
        .cfi_escape 0x10, 6, 2, 0x76, 0
        pushq   %r10
        .cfi_escape 0x0f, 3, 0x76, 0x78, 6
        subq    $40, %rsp
        call_back
        addq    $40, %rsp
        popq    %r10
        .cfi_def_cfa r10, 0
        popq    %rbp
        leaq    -8(%r10), %rsp
        .cfi_def_cfa rsp, 8
        ret
finish drap

/* The same with a callee-saved register between: CFA = [RBP - 16]. */
begin drap_16
        leaq    8(%rsp), %r10
        .cfi_def_cfa r10, 0
        andq    $-32, %rsp
        pushq   -8(%r10)
        pushq   %rbp
        movq    %rsp, %rbp
        .cfi_escape 0x10, 6, 2, 0x76, 0
        pushq   %rbx
        .cfi_escape 0x10, 3, 2, 0x76, 0x78
        pushq   %r10
        .cfi_escape 0x0f, 3, 0x76, 0x70, 6
        subq    $32, %rsp
        movl    $3, %ebx
        call_back
        addq    $32, %rsp
        popq    %r10
        .cfi_def_cfa r10, 0
        popq    %rbx
        popq    %rbp
        leaq    -8(%r10), %rsp
        .cfi_def_cfa rsp, 8
        ret
finish drap_16

/* RBP by an expression over RSP. */
begin rbp_expression
        lower   56
        movq    %rbp, 24(%rsp)
        .cfi_escape 0x10, 6, 2, 0x77, 24
        movl    $1, %ebp
        call_back
        movq    24(%rsp), %rbp
        .cfi_restore rbp
        raise   56
        ret
finish rbp_expression

/* RBP's value by an expression: RSP + 88, as its only caller has set it. */
begin rbp_val_expression
        push_of rbp
        leaq    40(%rsp), %rbp
        lower   32
        call    1f
        raise   32
        pop_of  rbp
        ret
        .cfi_endproc
        .cfi_startproc
1:      .cfi_escape 0x16, 6, 3, 0x77, 0xd8, 0
        lower   8
        movl    $6, %ebp
        call_back
        raise   8
        leaq    80(%rsp), %rbp
        .cfi_restore rbp
        ret
finish rbp_val_expression

/* The return address by an expression: RSP + 24. */
begin rip_expression
        subq    $24, %rsp
        .cfi_def_cfa_offset 32
        .cfi_escape 0x10, 16, 2, 0x77, 24
        call_back
        addq    $24, %rsp
        .cfi_def_cfa_offset 8
        ret
finish rip_expression

/* The return address is not next to the CFA: there is a copy, and one register, above it. */
begin rip_elsewhere
        popq    %rax
        .cfi_def_cfa_offset 0
        .cfi_register rip, rax
        pushq   %rbx
        pushq   %rax
        .cfi_def_cfa_offset 16
        .cfi_offset rip, -16
        .cfi_offset rbx, -8
        call_back
        popq    %rax
        .cfi_def_cfa_offset 8
        .cfi_register rip, rax
        popq    %rbx
        .cfi_def_cfa_offset 0
        .cfi_restore rbx
        jmp     *%rax
finish rip_elsewhere

/* Long forms of short rules: def_cfa_sf, def_cfa_offset_sf, offset_extended, offset_extended_sf,
 * restore_extended, GNU_args_size. */
begin long_forms
        pushq   %rbp
        .cfi_escape 0x13, 0x7e
        .cfi_escape 0x05, 6, 2
        subq    $48, %rsp
        .cfi_escape 0x12, 7, 0x78
        .cfi_escape 0x11, 6, 2
        .cfi_escape 0x2e, 48
        movl    $4, %ebp
        call_back
        addq    $48, %rsp
        .cfi_escape 0x12, 7, 0x7e
        .cfi_escape 0x2e, 0
        popq    %rbp
        .cfi_def_cfa_offset 8
        .cfi_escape 0x06, 6
        ret
finish long_forms

/* GNU_negative_offset_extended: RBP is saved above the CFA, in the room that the caller left. */
begin negative_offset
        lower   40
        call    1f
        raise   40
        ret
        .cfi_endproc
        .cfi_startproc
1:      lower   8
        movq    %rbp, 32(%rsp)
        .cfi_escape 0x2f, 6, 2
        movl    $4, %ebp
        call_back
        movq    32(%rsp), %rbp
        .cfi_restore rbp
        raise   8
        ret
finish negative_offset

/* RSP's value by a rule of its own, equal to the default: the CFA. */
begin rsp_by_rule
        .cfi_escape 0x14, 7, 0
        lower   24
        call_back
        raise   24
        ret
finish rsp_by_rule

/* What follows the call has other rules, from the return address on. */
begin changes_after_call
        lower   8
        movq    %rdi, %rax
        movl    %esi, %edi
        call    *%rax
        .cfi_adjust_cfa_offset 1024
        nop
        .cfi_adjust_cfa_offset -1024
        raise   8
        ret
finish changes_after_call

/* The return address lies in another function, with another frame. */
begin ends_with_call
        lower   56
        movq    %rdi, %rax
        movl    %esi, %edi
        call    *%rax
        .cfi_endproc
        .cfi_startproc
        .cfi_def_cfa_offset 16
        nop
        .cfi_def_cfa_offset 64
        addq    $56, %rsp
        .cfi_def_cfa_offset 8
        ret
finish ends_with_call

/* As a signal frame: its caller's rules are looked up at the return address, not before it. */
begin as_signal_frame
        .cfi_signal_frame
        lower   24
        call_back
        raise   24
        ret
finish as_signal_frame

/* Called as if by a signal: only from the return address on are the rules those of the frame. */
begin before_signal_frame
        subq    $24, %rsp
        call    1f
        .cfi_def_cfa_offset 32
        addq    $24, %rsp
        .cfi_def_cfa_offset 8
        ret
        .cfi_endproc
        .cfi_startproc
        .cfi_signal_frame
1:      lower   8
        call_back
        raise   8
        ret
finish before_signal_frame

/* The return address counts as unknown: the stack ends here. */
begin outermost
        lower   8
        .cfi_undefined rip
        call_back
        .cfi_restore rip
        raise   8
        ret
finish outermost

/* On another stack, by RBX and by RBP; it may lie below or above. */
begin switch_by_rbx
        push_of rbx
        movq    %rsp, %rbx
        .cfi_def_cfa_register rbx
        movq    %rdx, %rsp
        subq    $64, %rsp
        call_back
        movq    %rbx, %rsp
        .cfi_def_cfa_register rsp
        pop_of  rbx
        ret
finish switch_by_rbx

begin switch_by_rbp
        push_of rbp
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        movq    %rdx, %rsp
        subq    $128, %rsp
        call_back
        leave
        .cfi_def_cfa rsp, 8
        ret
finish switch_by_rbp

/* The old stack pointer lies in the new stack: CFA = [RSP + 8] + 8. */
begin switch_by_expression
        movq    %rsp, -24(%rdx)
        leaq    -32(%rdx), %rsp
        .cfi_escape 0x0f, 5, 0x77, 8, 6, 0x23, 8
        call_back
        movq    8(%rsp), %rsp
        .cfi_def_cfa rsp, 8
        ret
finish switch_by_expression

        .section .note.GNU-stack, "", @progbits
