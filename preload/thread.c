/* SPDX-License-Identifier: MIT
 *
 * Owns the registry of threads and the pointer from a thread to its entry.
 *
 * A thread's life:
 *   pthread_create -> thread_prepare (STARTING) -> thread_enter (RUNNING) -> its start routine ->
 *   thread_set_result -> destructors -> leave (FINISHED, or GONE if detached) -> pthread_join (GONE)
 *
 * leave() must come after every other destructor, because those allocate and free. It is itself
 * the destructor of a pthread key, and puts itself off until the last of the rounds that POSIX
 * grants (PTHREAD_DESTRUCTOR_ITERATIONS). What comes after even that uses the shared heap.
 *
 * A signal handler of the program may allocate in the new thread before thread_enter. It gets an entry of its
 * own then, which thread_enter keeps instead of the prepared one.
 *
 * The handle is known for certain to the thread. What its creator says is for those who join it before it has
 * begun, and may be another thread's, where creators share a variable.
 *
 * GONE entries stay for the sake of their stacks, which glibc keeps mapped for reuse; they go when
 * a new thread takes the place, or when the control block at the handle is no longer one.
 *
 * Runs in malloc (thread_current). Lock: LOCK_THREADS for the list and for state changes. */
#include "thread.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "heap.h"
#include "init.h"
#include "lock.h"
#include "meta.h"
#include "stop_signal.h"
#include "sys.h"

__thread struct thread *thread_self;

LIST_HEAD(thread_list, thread);
static struct thread_list threads;
static struct thread_list gone; /* is short: libc's cache of stacks, up to GONE_CHECK_AT more */

/* Index of those `threads` that have a handle, by it. One holder each. */
enum { HOLDER_BITS = 10 };
static struct thread_list holders[1 << HOLDER_BITS];

static uint32_t next_number;
static pthread_key_t leave_key;
static bool have_leave_key;
static __thread uint32_t leave_rounds __attribute__((tls_model("initial-exec")));

enum { GONE_CHECK_AT = 64, CRAMPED_BYTES = 12 << 10 };
static size_t gone_count;

extern void *__libc_stack_end; /* of the loader */
static uintptr_t main_stack_begin, main_stack_end;

static bool all_of(struct thread_list *list, bool (*visit)(struct thread *, void *), void *arg)
{
    for (struct thread *t = LIST_FIRST(list), *next; t; t = next) {
        next = LIST_NEXT(t, siblings);
        if (!visit(t, arg))
            return false;
    }
    return true;
}

bool thread_all_locked(bool (*visit)(struct thread *, void *), void *arg)
{
    return all_of(&threads, visit, arg) && all_of(&gone, visit, arg);
}

/* Fibonacci hashing: control blocks lie at equal distances. */
static struct thread_list *holders_of(pthread_t handle)
{
    return &holders[handle * 0x9e3779b97f4a7c15 >> (64 - HOLDER_BITS)];
}

static struct thread *holder_locked(pthread_t handle)
{
    struct thread *t = LIST_FIRST(holders_of(handle));
    while (t && t->handle != handle)
        t = LIST_NEXT(t, holders);
    return t;
}

static struct thread *new_entry_locked(enum thread_state state)
{
    struct thread *t = meta_alloc_zeroed(sizeof *t);
    if (!t)
        return NULL;
    t->number = next_number++;
    stack_cache_init(&t->stacks);
    last_stack_init(&t->last);
    t->state = state;
    LIST_INSERT_HEAD(&threads, t, siblings);
    return t;
}

static void forget_stacks(struct thread *t)
{
    stack_cache_done(&t->stacks);
    last_stack_done(&t->last);
}

static void remove_locked(struct thread *t)
{
    LIST_REMOVE(t, siblings);
    if (t->state == THREAD_GONE)
        gone_count--;
    else if (t->handle)
        LIST_REMOVE(t, holders);
    forget_stacks(t);
    meta_free(t, sizeof *t);
}

/* glibc's control block begins with a pointer to itself, and has another at 16 bytes. */
static bool is_control_block(pthread_t handle)
{
    uintptr_t words[3];
    return sys_peek(words, (void *)handle, sizeof words) == sizeof words && words[0] == handle &&
           words[2] == handle;
}

static bool drop_if_unmapped(struct thread *t, void *unused)
{
    (void)unused;
    if (t->announced && !is_control_block(t->handle))
        remove_locked(t);
    return true;
}

static bool drop_if_overlapping(struct thread *t, void *arg)
{
    const struct thread *new = arg;
    if (t->announced && (t->handle == new->handle ||
                         (t->stack_begin < new->stack_end &&new->stack_begin < t->stack_end)))
        remove_locked(t);
    return true;
}

static void gone_locked(struct thread *t)
{
    if (t->handle)
        LIST_REMOVE(t, holders);
    LIST_REMOVE(t, siblings);
    LIST_INSERT_HEAD(&gone, t, siblings);
    t->state = THREAD_GONE;
    t->tid = 0;
    forget_stacks(t);
    t->result = NULL;
    if (++gone_count % GONE_CHECK_AT == 0)
        all_of(&gone, drop_if_unmapped, NULL);
}

/* It is over and nobody will ask for its result. The caller closes the heap that is returned, without
 * the lock: there is one only if the key could not be set. */
static struct heap *over_locked(struct thread *t)
{
    struct heap *left = t->heap;
    t->heap = NULL;
    gone_locked(t);
    return left;
}

static bool has_not_begun(const struct thread *t)
{
    return t->state == THREAD_STARTING && !t->tid;
}

static void unset_handle_locked(struct thread *t)
{
    if (t->handle)
        LIST_REMOVE(t, holders);
    t->handle = 0;
}

/* Of the calling thread. libc gives a handle out again once the thread that had it is joined, or detached and
 * over. Its entry may not say so yet, or never (joined past us), and must not be found for the new thread. */
static struct heap *set_handle_locked(struct thread *t, pthread_t handle)
{
    struct thread *last = holder_locked(handle);
    struct heap *left = NULL;
    if (last == t || !handle)
        return NULL;
    unset_handle_locked(t);
    if (last && has_not_begun(last))
        unset_handle_locked(last); /* it may begin yet */
    else if (last)
        left = over_locked(last);
    t->handle = handle;
    LIST_INSERT_HEAD(holders_of(handle), t, holders);
    return left;
}

static void leave(void *entry)
{
    struct thread *t = entry;
    if (++leave_rounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(leave_key, t);
        return;
    }
    uint64_t mask = signals_block();
    thread_self = THREAD_LEFT;
    struct heap *heap = t->heap;
    forget_stacks(t);
    lock_take(LOCK_THREADS);
    t->heap = NULL;
    t->tid = 0; /* the kernel may give it to another thread */
    if (t->detached)
        gone_locked(t);
    else
        t->state = THREAD_FINISHED;
    lock_release(LOCK_THREADS);
    if (heap)
        heap_close(heap);
    signals_restore(mask);
}

/* Makes the entry the calling thread's own. */
static bool settle(struct thread *t)
{
    lock_take(LOCK_THREADS);
    t->tid = sys_gettid();
    struct heap *left = set_handle_locked(t, pthread_self());
    lock_release(LOCK_THREADS);
    if (left)
        heap_close(left);
    if (!t->heap)
        t->heap = heap_open(t->number);
    if (!t->heap)
        return false;
    thread_self = t;
    if (have_leave_key && t->number) {
        int saved = errno;
        t->internal++; /* the key may need a table, which libc allocates */
        pthread_setspecific(leave_key, t);
        t->internal--;
        errno = saved;
    }
    return true;
}

struct thread *thread_current(void)
{
    struct thread *t = thread_self;
    if (likely((uintptr_t)t > 1))
        return t;
    if (t == THREAD_LEFT || !init_early())
        return NULL;
    lock_take(LOCK_THREADS);
    t = new_entry_locked(THREAD_RUNNING);
    lock_release(LOCK_THREADS);
    if (t)
        t->detached = t->announced = true; /* nobody will join it through us */
    if (t && !settle(t)) {
        lock_take(LOCK_THREADS);
        remove_locked(t);
        lock_release(LOCK_THREADS);
        t = NULL;
    }
    return t;
}

static bool is_detached(const pthread_attr_t *attr)
{
    int state = PTHREAD_CREATE_JOINABLE;
    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    return state == PTHREAD_CREATE_DETACHED;
}

bool thread_unwatched;

/* Where none was set, glibc gives the range that ends at address zero. */
static bool has_own_stack(const pthread_attr_t *attr)
{
    void *begin;
    size_t bytes;
    return attr && !pthread_attr_getstack(attr, &begin, &bytes) && (uintptr_t)begin + bytes != 0;
}

struct thread *thread_prepare(void *(*start)(void *), void *argument, const pthread_attr_t *attr)
{
    if (thread_unwatched)
        return NULL;
    lock_take(LOCK_THREADS);
    struct thread *t = new_entry_locked(THREAD_STARTING);
    if (t) {
        t->start = start;
        t->argument = argument;
        t->detached = is_detached(attr);
        t->own_stack = has_own_stack(attr);
    }
    lock_release(LOCK_THREADS);
    return t;
}

void thread_created(struct thread *t, const pthread_t *handle)
{
    lock_take(LOCK_THREADS);
    if (has_not_begun(t) && !holder_locked(*handle)) {
        t->handle = *handle;
        LIST_INSERT_HEAD(holders_of(t->handle), t, holders);
    }
    t->announced = true;
    lock_release(LOCK_THREADS);
}

void thread_cancel(struct thread *t)
{
    lock_take(LOCK_THREADS);
    remove_locked(t);
    lock_release(LOCK_THREADS);
}

static void find_stack(struct thread *t)
{
    pthread_attr_t attr;
    void *begin;
    size_t bytes;
    t->internal++;
    if (!pthread_getattr_np(pthread_self(), &attr)) {
        if (!pthread_attr_getstack(&attr, &begin, &bytes)) {
            t->stack_begin = (uintptr_t)begin;
            t->stack_end = (uintptr_t)begin + bytes;
        }
        pthread_attr_destroy(&attr);
    }
    t->internal--;
}

bool thread_own_stack(const struct thread *self, uintptr_t sp, uintptr_t *ret_begin,
                      uintptr_t *ret_end)
{
    if (self && sp - self->stack_begin < self->stack_end - self->stack_begin) {
        *ret_begin = self->stack_begin;
        *ret_end = self->stack_end;
        return true;
    }
    *ret_begin = main_stack_begin;
    *ret_end = main_stack_end;
    return sp - main_stack_begin < main_stack_end - main_stack_begin;
}

/* A look at the stack pointer decides nearly always. Off its own stack the thread may be a
 * coroutine, which has room, or a signal handler, which the kernel can tell. */
bool thread_is_cramped(const struct thread *self)
{
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    uintptr_t begin, end;
    stack_t alternate;
    if (likely(thread_own_stack(self, sp, &begin, &end)))
        return false;
    return !sys_sigaltstack(&alternate) && alternate.ss_flags & SS_ONSTACK &&
           sp - (uintptr_t)alternate.ss_sp < CRAMPED_BYTES;
}

/* The calling thread has this entry already: it takes the place of the one that was prepared. */
static void keep_early(struct thread *early, struct thread *prepared)
{
    lock_take(LOCK_THREADS);
    early->detached = prepared->detached || early->told_detached;
    early->own_stack = prepared->own_stack;
    if (prepared->announced)
        remove_locked(prepared);
    else
        gone_locked(prepared); /* its creator still holds it */
    lock_release(LOCK_THREADS);
}

void thread_enter(struct thread *t)
{
    struct thread *early = thread_self_or_null();
    if (early && early != t) {
        keep_early(early, t);
        t = early;
    } else if (!settle(t)) {
        return; /* no memory: it goes on without an entry of its own */
    }
    find_stack(t);
    lock_take(LOCK_THREADS);
    all_of(&gone, drop_if_overlapping, t);
    t->state = THREAD_RUNNING;
    t->argument = NULL; /* from here on it is on the thread's own stack */
    lock_release(LOCK_THREADS);
}

void thread_set_result(void *result)
{
    struct thread *t = thread_self_or_null();
    if (t)
        t->result = result;
}

uint32_t thread_find(pthread_t handle)
{
    lock_take(LOCK_THREADS);
    struct thread *t = holder_locked(handle);
    uint32_t number = t ? t->number : THREAD_NONE;
    lock_release(LOCK_THREADS);
    return number;
}

void thread_joined(pthread_t handle, uint32_t number)
{
    struct heap *left = NULL;
    lock_take(LOCK_THREADS);
    struct thread *t = holder_locked(handle);
    if (t && t->number == number)
        left = over_locked(t);
    lock_release(LOCK_THREADS);
    if (left)
        heap_close(left);
}

void thread_detached(pthread_t handle, uint32_t number)
{
    lock_take(LOCK_THREADS);
    struct thread *t = holder_locked(handle);
    if (t && t->number == number && t->state == THREAD_FINISHED)
        gone_locked(t);
    else if (t && t->number == number)
        t->detached = t->told_detached = true;
    lock_release(LOCK_THREADS);
}

void thread_find_main_stack(void)
{
    struct rlimit limit;
    uintptr_t most = (uintptr_t)1 << 30;
    if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur < most)
        most = limit.rlim_cur;
    main_stack_end = (uintptr_t)__libc_stack_end;
    main_stack_begin = main_stack_end - most;
}

void thread_init(void)
{
    have_leave_key = pthread_key_create(&leave_key, leave) == 0;
}

/* The other threads do not exist in the child. Their entries go; their stacks are then ordinary
 * memory, so what only they held still counts as reachable: the child could not have freed it. A thread
 * that has not begun may come yet: a handler that interrupted it or its creator forked. */
void thread_after_fork(void)
{
    struct thread *self = thread_self_or_null();
    struct thread *t = LIST_FIRST(&threads);
    LIST_INIT(&threads);
    LIST_INIT(&gone);
    memset(holders, 0, sizeof holders);
    gone_count = 0;
    for (struct thread *next; t; t = next) {
        next = LIST_NEXT(t, siblings);
        if (t != self && !has_not_begun(t))
            continue;
        LIST_INSERT_HEAD(&threads, t, siblings);
        if (t != self)
            t->handle = 0;
    }
    if (!self)
        return;
    self->tid = sys_gettid();
    if (self->handle)
        LIST_INSERT_HEAD(holders_of(self->handle), self, holders);
}
