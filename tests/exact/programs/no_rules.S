/* SPDX-License-Identifier: MIT
 *
 * Functions without unwind information, between others that have it. Each is
 *
 *     void NAME(void (*callback)(int), int argument, void *unused)
 *
 * Only RBP can tell the way, where it points to a frame; else the stack ends. */

        .macro  begin name
        .globl  \name
        .type   \name, @function
        .p2align 4
\name:
        .endm

        .macro  call_back
        movq    %rdi, %rax
        movl    %esi, %edi
        call    *%rax
        .endm

        .text

begin framed
        pushq   %rbp
        movq    %rsp, %rbp
        subq    $32, %rsp
        call_back
        leave
        ret

begin framed_empty
        pushq   %rbp
        movq    %rsp, %rbp
        call_back
        popq    %rbp
        ret

/* RBP is the caller's: the guess leaves out the caller, or what lies between. */
begin bare
        subq    $24, %rsp
        call_back
        addq    $24, %rsp
        ret

begin rbp_zero
        pushq   %rbp
        xorl    %ebp, %ebp
        call_back
        popq    %rbp
        ret

begin rbp_odd
        pushq   %rbp
        movl    $3, %ebp
        call_back
        popq    %rbp
        ret

/* Not an address at all. */
begin rbp_not_canonical
        pushq   %rbp
        movabsq $0x7fffffffffffff00, %rbp
        call_back
        popq    %rbp
        ret

/* Into the page that nothing maps. */
begin rbp_unmapped
        pushq   %rbp
        movl    $16, %ebp
        call_back
        popq    %rbp
        ret

/* Below the frame. */
begin rbp_below
        pushq   %rbp
        leaq    -64(%rsp), %rbp
        call_back
        popq    %rbp
        ret

/* A frame that points to itself, and returns to itself. */
begin rbp_itself
        pushq   %rbp
        subq    $32, %rsp
        leaq    16(%rsp), %rbp
        movq    %rbp, (%rbp)
        leaq    1f(%rip), %rax
        movq    %rax, 8(%rbp)
        call_back
1:      addq    $32, %rsp
        popq    %rbp
        ret

/* Just within, and just beyond, the distance that a frame may have. */
begin rbp_within
        pushq   %rbp
        movq    %rsp, %rbp
        subq    $0x3fe0, %rsp
        call_back
        leave
        ret

begin rbp_beyond
        pushq   %rbp
        movq    %rsp, %rbp
        subq    $0x4010, %rsp
        call_back
        leave
        ret

        .section .note.GNU-stack, "", @progbits
