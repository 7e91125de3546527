/* SPDX-License-Identifier: MIT
 *
 * How the process ends: which thread ended it, and from which stack pointer its stack still counts. */
#ifndef LEAKGC_ENDING_H
#define LEAKGC_ENDING_H

#include <stdbool.h>
#include <stdint.h>

enum { ENDING_REGISTERS = 6 };

struct ending {
    bool known;
    int tid;
    uintptr_t sp; /* of the caller of exit, or of the caller of main once main has returned */
    uintptr_t registers[ENDING_REGISTERS]; /* callee-saved ones of the caller of exit; else 0 */
};
extern struct ending ending;

/* The same of a thread that asks for a scan (leakgc.h), while that goes on. */
extern struct ending asking;

/* libc's frames above main, and ours between them: they hold nothing of the program but what was
 * there before. 0, 0: not known. */
struct start_frames {
    uintptr_t begin, end;
};
extern struct start_frames start_frames;

/* A scan that the program asks for; how many blocks are lost, or -1. Set once by report/. */
enum ask {
    ASK_NEW,   /* report what is not told yet */
    ASK_ALL,   /* report all */
    ASK_END,   /* make the check of the end now */
    ASK_SINCE, /* count what was allocated since the mark */
};
struct question {
    enum ask ask;
    unsigned long mark; /* of ASK_SINCE; ret: a struct leakgc_leaks, or NULL */
    void *ret;
};
extern long (*ending_scan)(const struct question *q);

/* Called before main, after the program's constructors. Set once by report/. */
extern void (*ending_main)(void);

/* The last check: told the status that the process is about to end with, returns the one to use.
 * Set once by report/. */
extern int (*ending_check)(int status);

/* Where standard error is now: 2, or a copy that was kept when an exit handler closed it. */
int ending_stderr(void);

/* Calls fn(arg) on another stack, whose upper end is given (ending_<arch>.S). */
void arch_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_end);

/* Registers the handlers that run after all of the program's. Called in the constructor. */
void ending_init(void);

/* In the child of fork, which has an end of its own. */
void ending_after_fork(void);

#endif
