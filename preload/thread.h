/* SPDX-License-Identifier: MIT
 *
 * The registry of threads. Each thread of the program has an entry from the moment that
 * pthread_create is asked for it (or from its first allocation, if it was made otherwise) until it
 * is joined; after that its stack is remembered for as long as libc keeps it. */
#ifndef LEAKGC_THREAD_H
#define LEAKGC_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "last_stack.h"
#include "stack_cache.h"

struct heap;

enum thread_state {
    THREAD_STARTING, /* asked for; its argument is still ours to keep alive */
    THREAD_RUNNING,
    THREAD_FINISHED, /* its start routine is over; its result waits for pthread_join */
    THREAD_GONE,     /* joined or detached and finished: its stack may be in libc's cache */
};

struct thread {
    LIST_ENTRY(thread) siblings;
    LIST_ENTRY(thread) holders; /* of its handle, if it has one and is not gone */
    struct heap *heap;          /* NULL unless running */
    uint32_t number;            /* 0: main; then in order of creation */
    enum thread_state state;
    int tid; /* 0: it has not begun or is over */
    bool detached;
    bool own_stack; /* the program gave it memory for its stack: that is never in libc's cache */
    bool told_detached; /* by pthread_detach */
    bool announced;     /* its creator has told its handle, and needs the entry no more */
    bool unwinding;     /* inside libunwind (unwind.c) */
    bool walking;       /* a call stack is being walked and remembered (capture.c) */
    union {
        uint64_t special; /* 0: nothing of these */
        struct {
            uint32_t internal; /* > 0: allocations are made on our behalf */
            uint32_t disabled; /* > 0: blocks allocated now are never leaks */
        };
    };
    struct stack_cache stacks;
    struct last_stack last;
    pthread_t handle;                 /* address of the thread's control block; 0: not known */
    uintptr_t stack_begin, stack_end; /* [begin, end), with TLS at the top; 0, 0: unknown */
    void *(*start)(void *);
    void *argument; /* root while STARTING */
    void *result;   /* root while FINISHED */
};

/* The calling thread's entry; made if there is none. NULL when that is impossible: no memory, or
 * the thread is in its last moments. */
struct thread *thread_current(void);

/* Without making one. */
static inline struct thread *thread_self_or_null(void);

/* The program's malloc is not ours: threads are left alone, for what happens in them before their own code
 * would use a malloc that is not ready for it. Set once, in the constructor. */
extern bool thread_unwatched;

/* A new entry in the state STARTING; NULL: no memory, or unwatched. thread_cancel takes it back. */
struct thread *thread_prepare(void *(*start)(void *), void *argument, const pthread_attr_t *attr);
void thread_cancel(struct thread *t);

/* Called by the creator once the thread exists. *handle is where libc put the handle; it is looked at only if the
 * program's routine has not begun, which may free it. */
void thread_created(struct thread *t, const pthread_t *handle);

/* Called first by a new thread of pthread_create: the entry is its own. */
void thread_enter(struct thread *t);

/* The start routine's result or pthread_exit's value. */
void thread_set_result(void *result);

/* The number of the thread that has the handle, or THREAD_NONE. Ask before libc joins or detaches it:
 * afterwards the handle may be another thread's, and the entry gone. */
uint32_t thread_find(pthread_t handle);
#define THREAD_NONE UINT32_MAX

/* pthread_join took the result, or pthread_detach gave it up. Nothing happens if that is known already. */
void thread_joined(pthread_t handle, uint32_t number);
void thread_detached(pthread_t handle, uint32_t number);

/* Once, before the first thread_current: the kernel lets the main thread's stack grow down to its
 * limit, from where it put the arguments. */
void thread_find_main_stack(void);

/* Once, from the main thread, in the library's constructor. */
void thread_init(void);

/* In the child of a fork. */
void thread_after_fork(void);

/* Calls visit for each entry until it says false; whether all said true. The caller holds
 * LOCK_THREADS. */
bool thread_all_locked(bool (*visit)(struct thread *, void *), void *arg);

/* Whether the stack pointer is on the thread's own stack [*ret_begin, *ret_end) (self may be NULL), where
 * everything above it can be read for as long as the thread lives. */
bool thread_own_stack(const struct thread *self, uintptr_t sp, uintptr_t *ret_begin,
                      uintptr_t *ret_end);

/* Whether the calling thread runs on a signal stack that is too small for unwinding. */
bool thread_is_cramped(const struct thread *self);

extern __thread struct thread *thread_self __attribute__((tls_model("initial-exec")));
#define THREAD_LEFT ((struct thread *)1) /* the thread is past its last destructor */

static inline struct thread *thread_self_or_null(void)
{
    return (uintptr_t)thread_self > 1 ? thread_self : NULL;
}

#endif
