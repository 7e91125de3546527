/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions of threads and of the loader: they keep thread.c's registry and
 * module.c's history true, and change nothing that the program can see.
 *
 * Runs in ordinary context. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>

#include "clock.h"
#include "frame_rules.h"
#include "init.h"
#include "module.h"
#include "options.h"
#include "real.h"
#include "stop_signal.h"
#include "sys.h"
#include "thread.h"

/* The thread has not called malloc yet, so a handler of the program may allocate: not now. */
static void enter(struct thread *t)
{
    uint64_t mask = signals_block();
    thread_enter(t);
    signals_restore(mask);
}

/* What libc starts in a new thread instead of the program's routine. Its own frame must not keep
 * the argument: nothing uses it after the call. */
static void *start_thread(void *entry)
{
    struct thread *t = entry;
    void *(*start)(void *) = t->start;
    void *argument = t->argument;
    enter(t);
    void *result = start(argument);
    thread_set_result(result);
    return result;
}

static int start_c11_thread(void *entry)
{
    struct thread *t = entry;
    thrd_start_t start = (thrd_start_t)(uintptr_t)t->start;
    void *argument = t->argument;
    enter(t);
    return start(argument);
}

LEAKGC_EXPORT int pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*start)(void *),
                                 void *argument)
{
    clock_tick();
    struct thread *t = thread_prepare(start, argument, attr);
    if (!t)
        return real()->pthread_create(ret, attr, start, argument);
    int r = real()->pthread_create(ret, attr, start_thread, t);
    if (r)
        thread_cancel(t);
    else
        thread_created(t, ret);
    return r;
}

LEAKGC_EXPORT int thrd_create(thrd_t *ret, thrd_start_t start, void *argument)
{
    struct thread *t = thread_prepare((void *(*)(void *))(uintptr_t)start, argument, NULL);
    if (!t)
        return real()->thrd_create(ret, start, argument);
    int r = real()->thrd_create(ret, start_c11_thread, t);
    if (r != thrd_success)
        thread_cancel(t);
    else
        thread_created(t, ret);
    return r;
}

/* A join that succeeded has taken the result. */
static int joined(pthread_t handle, uint32_t number, int r)
{
    if (r == 0)
        thread_joined(handle, number);
    return r;
}

LEAKGC_EXPORT int pthread_join(pthread_t handle, void **ret)
{
    uint32_t number = thread_find(handle);
    return joined(handle, number, real()->pthread_join(handle, ret));
}

LEAKGC_EXPORT int pthread_tryjoin_np(pthread_t handle, void **ret)
{
    uint32_t number = thread_find(handle);
    return joined(handle, number, real()->pthread_tryjoin_np(handle, ret));
}

LEAKGC_EXPORT int pthread_timedjoin_np(pthread_t handle, void **ret, const struct timespec *until)
{
    uint32_t number = thread_find(handle);
    return joined(handle, number, real()->pthread_timedjoin_np(handle, ret, until));
}

LEAKGC_EXPORT int pthread_clockjoin_np(pthread_t handle, void **ret, clockid_t clock,
                                       const struct timespec *until)
{
    uint32_t number = thread_find(handle);
    return joined(handle, number, real()->pthread_clockjoin_np(handle, ret, clock, until));
}

LEAKGC_EXPORT int thrd_join(thrd_t handle, int *ret)
{
    uint32_t number = thread_find(handle);
    int r = real()->thrd_join(handle, ret);
    joined(handle, number, r != thrd_success);
    return r;
}

LEAKGC_EXPORT int pthread_detach(pthread_t handle)
{
    uint32_t number = thread_find(handle);
    int r = real()->pthread_detach(handle);
    if (r == 0)
        thread_detached(handle, number);
    return r;
}

LEAKGC_EXPORT int thrd_detach(thrd_t handle)
{
    uint32_t number = thread_find(handle);
    int r = real()->thrd_detach(handle);
    if (r == thrd_success)
        thread_detached(handle, number);
    return r;
}

LEAKGC_EXPORT _Noreturn void pthread_exit(void *result)
{
    thread_set_result(result);
    real()->pthread_exit(result);
    __builtin_unreachable();
}

/* What pthread_atfork calls. */
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                      void *module);

LEAKGC_EXPORT int __register_atfork(void (*prepare)(void), void (*parent)(void),
                                    void (*child)(void), void *module)
{
    init_fork();
    return real()->__register_atfork(prepare, parent, child, module);
}

/* Called by hooks_<arch>.S before libc's function, which they name. */
typedef void *dlopen_function(const char *, int);
dlopen_function *hooks_before_dlopen(void);
typedef void *dlmopen_function(long, const char *, int);
dlmopen_function *hooks_before_dlmopen(void);

dlopen_function *hooks_before_dlopen(void)
{
    frame_rules_new_code();
    return real()->dlopen;
}

dlmopen_function *hooks_before_dlmopen(void)
{
    frame_rules_new_code();
    return real()->dlmopen;
}

/* Every module that is ever unloaded is seen here while it is still mapped. */
LEAKGC_EXPORT int dlclose(void *handle)
{
    if (!options.enabled)
        return real()->dlclose(handle);
    module_refresh();
    int r = real()->dlclose(handle);
    module_refresh();
    return r;
}
