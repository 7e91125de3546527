/* SPDX-License-Identifier: MIT
 *
 * Owns libunwind: opening it, calling it, keeping it out of the way of fork.
 *
 * The idea: libunwind.so exports _Unwind_*. As a dependency of a preloaded library it would come
 * before libgcc_s in the search order and serve the program's C++ exceptions. Opened with
 * RTLD_LOCAL it serves us only.
 *
 * libunwind has locks of its own. A child forked while another thread held one could never unwind
 * again. So each thread says that it is inside (thread.unwinding), and fork waits until none is;
 * the price is one full fence per unwinding, hidden by the unwinding itself.
 *
 * Runs in malloc, before any lock of ours. What the loader or libunwind allocate while they serve
 * us goes to the same heap, with the trace TRACE_INTERNAL (I4). */
#include "unwind.h"

#include <dlfcn.h>

#include "lock.h"
#include "log.h"
#include "sys.h"
#include "thread.h"

static int (*backtrace_fn)(void **, int);
static uint32_t paused;
static struct thread *pauser;

void unwind_open(void)
{
    struct thread *self = thread_current();
    if (!self)
        return;
    self->internal++;
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, "unw_backtrace") : NULL;
    self->internal--;
    if (!symbol)
        log_say("libunwind.so.8 can't be opened; stacks have one frame");
    __atomic_store_n(&backtrace_fn, (int (*)(void **, int))symbol, __ATOMIC_RELEASE);
}

static bool enter(struct thread *self)
{
    while (1) {
        __atomic_store_n(&self->unwinding, true, __ATOMIC_SEQ_CST);
        if (likely(!__atomic_load_n(&paused, __ATOMIC_SEQ_CST)))
            return true;
        __atomic_store_n(&self->unwinding, false, __ATOMIC_RELEASE);
        if (__atomic_load_n(&pauser, __ATOMIC_ACQUIRE) == self)
            return false; /* it is forking itself, and would wait for ever */
        sys_futex_wait(&paused, 1, 0);
    }
}

size_t unwind_frames(uintptr_t *pc, size_t cap)
{
    struct thread *self = thread_self_or_null();
    int (*fn)(void **, int) = __atomic_load_n(&backtrace_fn, __ATOMIC_ACQUIRE);
    if (!fn || !self || !enter(self))
        return 0;
    self->internal++;
    int n = fn((void **)pc, (int)cap);
    self->internal--;
    __atomic_store_n(&self->unwinding, false, __ATOMIC_RELEASE);
    return n > 0 ? (size_t)n : 0;
}

static bool is_unwinding(struct thread *t, void *self)
{
    return t == self || !__atomic_load_n(&t->unwinding, __ATOMIC_SEQ_CST);
}

void unwind_pause(void)
{
    __atomic_store_n(&pauser, thread_self_or_null(), __ATOMIC_RELEASE);
    __atomic_store_n(&paused, 1, __ATOMIC_SEQ_CST);
    while (!thread_all_locked(is_unwinding, thread_self_or_null()))
        sys_yield();
}

void unwind_resume(void)
{
    __atomic_store_n(&pauser, NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&paused, 0, __ATOMIC_SEQ_CST);
    sys_futex_wake(&paused, INT32_MAX);
}
