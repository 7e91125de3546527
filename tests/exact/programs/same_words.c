// SPDX-License-Identifier: MIT
//
// Two different stacks that hold the same words wherever the first one was read. What tells them apart
// is RBP at the call of malloc; or that the code of a plugin was replaced by other code at the same
// place, with a larger frame.
//
//       in turns    | words at the same addresses (a copy of the other one's return address in its place)
//   through call_low  | RBP frame | 32 bytes | return into call_low  |   24 bytes | return into the callee
//   through call_high | RBP frame | 16 bytes | return into call_high | copy, and more room | ...
//
// flags: gcc -O0 | gcc -O2 | clang -O2
// plugin: small.so -DROOM=24
// plugin: large.so -DROOM=40
// captures: 800

#include "exact.h"

#define TEXT(x) TEXT_OF(x)
#define TEXT_OF(x) #x
#define FUNCTION(name)                                                                             \
    ".globl " name "\n.type " name ", @function\n.p2align 4\n" name ":\n.cfi_startproc\n"
#define END(name) ".cfi_endproc\n.size " name ", . - " name "\n"
#define FRAME                                                                                      \
    "pushq %rbp\n.cfi_def_cfa_offset 16\n.cfi_offset rbp, -16\nmovq %rsp, %rbp\n"                  \
    ".cfi_def_cfa_register rbp\n"
#define UNFRAME "leave\n.cfi_def_cfa rsp, 8\nret\n"

#ifdef BUILD_PLUGIN

// void plugin_call(void (*inner)(void), void *copy): the copy lies 24 bytes above RSP, where a plugin
// with less room has its return address.
__asm__(".text\n.p2align 12\n" FUNCTION("plugin_call") //
        "subq $" TEXT(ROOM) ", %rsp\n.cfi_adjust_cfa_offset " TEXT(
            ROOM) "\n"
#if ROOM > 24
                  "movq %rsi, 24(%rsp)\n"
#else
                  ".nops 5\n" // as long as the other's
#endif
                  "call *%rdi\n"
                  "addq $" TEXT(ROOM) ", %rsp\n.cfi_adjust_cfa_offset -" TEXT(ROOM) "\nret\n" END(
                      "plugin_call"));

#else

#include <dlfcn.h>

// void call_low(void (*)(a, b), a, b)
__asm__(".text\n" FUNCTION("call_low") FRAME
        "subq $32, %rsp\nmovq %rdi, %rax\nmovq %rsi, %rdi\nmovq %rdx, %rsi\ncall *%rax\n"
        ".globl into_low\ninto_low:\n" UNFRAME END("call_low"));
__asm__(".text\n" FUNCTION("call_high") FRAME
        "subq $16, %rsp\nmovq %rdi, %rax\nmovq %rsi, %rdi\nmovq %rdx, %rsi\ncall *%rax\n" UNFRAME
            END("call_high"));

// void allocate(room, copy): as much room, and just below its frame a copy of a frame.
__asm__(
    ".text\n" FUNCTION("allocate") FRAME //
    "subq %rdi, %rsp\n"
    "movq (%rbp), %rax\nmovq %rax, -16(%rbp)\nmovq %rsi, -8(%rbp)\n"
    "movl $20, %edi\ncall malloc@PLT\nmovq %rax, %rdi\ncall free@PLT\n" UNFRAME END("allocate"));

typedef void caller(void *, void *, void *);
extern caller call_low, call_high;
extern void allocate(void *, void *);
extern char into_low[];
static caller *const callers[] = {call_low, call_high};
static volatile int sum;

static NOINLINE void inner(void)
{
    touch(10);
    sum++;
}

// One call for both: only the callee differs.
static NOINLINE void turn(int high, void *function, void *a)
{
    callers[high](function, a, into_low);
    sum++;
}

static NOINLINE int with_plugin(int high, char **seen)
{
    void *handle = dlopen(high ? PLUGINS "large.so" : PLUGINS "small.so", RTLD_NOW);
    CHECK(handle);
    char *function = dlsym(handle, "plugin_call");
    int same = function == *seen;
    *seen = function;
    for (int i = 0; i < 3; i++)
        turn(high, function, (void *)(uintptr_t)inner);
    CHECK(!dlclose(handle));
    return same;
}

int main(void)
{
    char *seen = NULL;
    int same = 0;
    for (int i = 0; i < 500; i++)
        turn(i & 1, (void *)(uintptr_t)allocate, (void *)(i & 1 ? 48ul : 32ul));
    for (int i = 0; i < 50; i++)
        same += with_plugin(i & 1, &seen);
    CHECK(same > 10); // they do land at the same place
    return 0;
}

#endif
