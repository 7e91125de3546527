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
 * GONE entries stay for the sake of their stacks, which glibc keeps mapped for reuse; they go when
 * a new thread takes the place, or when the control block at the handle is no longer one.
 *
 * Runs in malloc (thread_current). Lock: LOCK_THREADS for the list and for state changes. */
#include "thread.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>

#include "heap.h"
#include "init.h"
#include "lock.h"
#include "meta.h"
#include "sys.h"

__thread struct thread *thread_self;

static struct thread *threads;
static uint32_t next_number;
static pthread_key_t leave_key;
static bool have_leave_key;
static __thread uint32_t leave_rounds __attribute__((tls_model("initial-exec")));

enum { GONE_CHECK_AT = 64, CRAMPED_BYTES = 12 << 10 };
static size_t gone_count;

extern void *__libc_stack_end; /* of the loader */
static uintptr_t main_stack_begin, main_stack_end;

bool thread_all_locked(bool (*visit)(struct thread *, void *), void *arg)
{
    for (struct thread *t = threads, *next; t; t = next) {
        next = t->next;
        if (!visit(t, arg))
            return false;
    }
    return true;
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
    t->next = threads;
    threads = t;
    return t;
}

static void forget_stacks(struct thread *t)
{
    stack_cache_done(&t->stacks);
    last_stack_done(&t->last);
}

static void remove_locked(struct thread *t)
{
    for (struct thread **at = &threads; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            gone_count -= t->state == THREAD_GONE;
            forget_stacks(t);
            meta_free(t, sizeof *t);
            return;
        }
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
    if (t->state == THREAD_GONE && t->announced && !is_control_block(t->handle))
        remove_locked(t);
    return true;
}

static bool drop_if_overlapping(struct thread *t, void *arg)
{
    const struct thread *new = arg;
    if (t != new && t->state == THREAD_GONE && t->announced &&
        (t->handle == new->handle ||
         (t->stack_begin < new->stack_end &&new->stack_begin < t->stack_end)))
        remove_locked(t);
    return true;
}

static void gone_locked(struct thread *t)
{
    t->state = THREAD_GONE;
    forget_stacks(t);
    t->result = NULL;
    if (++gone_count % GONE_CHECK_AT == 0)
        thread_all_locked(drop_if_unmapped, NULL);
}

static void leave(void *entry)
{
    struct thread *t = entry;
    if (++leave_rounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(leave_key, t);
        return;
    }
    thread_self = THREAD_LEFT;
    struct heap *heap = t->heap;
    forget_stacks(t);
    lock_take(LOCK_THREADS);
    t->heap = NULL;
    if (t->detached)
        gone_locked(t);
    else
        t->state = THREAD_FINISHED;
    lock_release(LOCK_THREADS);
    if (heap)
        heap_close(heap);
}

/* Makes the entry the calling thread's own. */
static bool settle(struct thread *t)
{
    lock_take(LOCK_THREADS);
    t->tid = sys_gettid();
    t->handle = pthread_self();
    lock_release(LOCK_THREADS);
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

void thread_created(struct thread *t, pthread_t handle)
{
    lock_take(LOCK_THREADS);
    t->handle = handle;
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

void thread_enter(struct thread *t)
{
    if (!settle(t))
        return; /* no memory: it goes on without an entry of its own */
    find_stack(t);
    lock_take(LOCK_THREADS);
    thread_all_locked(drop_if_overlapping, t);
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

struct thread *thread_find(pthread_t handle)
{
    lock_take(LOCK_THREADS);
    struct thread *t = threads;
    while (t && (t->handle != handle || t->state == THREAD_GONE))
        t = t->next;
    lock_release(LOCK_THREADS);
    return t;
}

void thread_joined(struct thread *t)
{
    if (!t)
        return;
    struct heap *left = NULL;
    lock_take(LOCK_THREADS);
    left = t->heap; /* only if the key could not be set */
    t->heap = NULL;
    gone_locked(t);
    lock_release(LOCK_THREADS);
    if (left)
        heap_close(left);
}

void thread_detached(struct thread *t)
{
    if (!t)
        return;
    lock_take(LOCK_THREADS);
    if (t->state == THREAD_FINISHED)
        gone_locked(t);
    else
        t->detached = true;
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
 * memory, so what only they held still counts as reachable: the child could not have freed it. */
void thread_after_fork(void)
{
    struct thread *self = thread_self_or_null();
    for (struct thread **at = &threads; *at;) {
        struct thread *t = *at;
        if (t == self) {
            t->next = NULL;
            t->tid = sys_gettid();
            at = &t->next;
        } else {
            *at = t->next;
        }
    }
    gone_count = 0;
}
