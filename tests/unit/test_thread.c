/* SPDX-License-Identifier: MIT
 *
 * thread.h: the life of an entry, from pthread_create to pthread_join, with the test in the part of
 * hooks_thread.c; detached threads, threads that libc made otherwise, destructors, no memory. */
#include "../../preload/thread.h"

#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/alloc.h"
#include "../../preload/cage.h"
#include "../../preload/heap.h"
#include "../../preload/lock.h"
#include "../../preload/meta.h"
#include "unit.h"

static void setup(void)
{
    unit_alive();
    thread_init();
}

static bool count_one(struct thread *t, void *arg)
{
    (void)t;
    ++*(size_t *)arg;
    return true;
}

static size_t count_entries(void)
{
    size_t count = 0;
    lock_take(LOCK_THREADS);
    thread_all_locked(count_one, &count);
    lock_release(LOCK_THREADS);
    return count;
}

static enum thread_state state_of(struct thread *t)
{
    lock_take(LOCK_THREADS);
    enum thread_state state = t->state;
    lock_release(LOCK_THREADS);
    return state;
}

static bool await_state(struct thread *t, enum thread_state state)
{
    for (int i = 0; i < 5000; i++) {
        if (state_of(t) == state)
            return true;
        usleep(1000);
    }
    return false;
}

/* --- A thread of the program, as hooks_thread.c makes it -------------------------------------- */

static void *start_thread(void *entry)
{
    struct thread *t = entry;
    void *(*start)(void *) = t->start;
    void *argument = t->argument;
    thread_enter(t);
    void *result = start(argument);
    thread_set_result(result);
    return result;
}

static struct thread *create(pthread_t *ret, void *(*start)(void *), void *argument, bool detached)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr,
                                detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
    struct thread *t = thread_prepare(start, argument, &attr);
    REQUIRE(t && t->state == THREAD_STARTING && t->argument == argument);
    REQUIRE(pthread_create(ret, &attr, start_thread, t) == 0);
    thread_created(t, *ret);
    return t;
}

static void join(pthread_t handle)
{
    struct thread *t = thread_find(handle);
    REQUIRE(pthread_join(handle, NULL) == 0);
    thread_joined(t);
}

static sem_t go_on;
static struct thread *seen;
static uintptr_t local;

static void *wait_and_return(void *argument)
{
    __atomic_store_n(&seen, thread_self_or_null(), __ATOMIC_RELAXED);
    __atomic_store_n(&local, (uintptr_t)&argument, __ATOMIC_RELEASE);
    sem_wait(&go_on);
    return argument;
}

START_TEST(the_main_thread)
{
    struct thread *self = thread_current();
    ck_assert_uint_eq(self->number, 0);
    ck_assert_int_eq(self->tid, getpid());
    ck_assert_uint_eq(self->handle, pthread_self());
    ck_assert_ptr_nonnull(self->heap);
    ck_assert_ptr_eq(thread_current(), self);
    ck_assert_ptr_eq(thread_self_or_null(), self);
    ck_assert_uint_eq(count_entries(), 1);
}
END_TEST

START_TEST(prepare_and_cancel)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    struct thread *a = thread_prepare(wait_and_return, &go_on, NULL);
    struct thread *b = thread_prepare(wait_and_return, &local, &attr);
    ck_assert_uint_eq(count_entries(), 3);
    ck_assert_int_eq(a->state, THREAD_STARTING);
    ck_assert_ptr_eq(a->argument, &go_on);
    ck_assert_ptr_null(a->heap);
    ck_assert_uint_eq(a->number, 1);
    ck_assert_uint_eq(b->number, 2);
    ck_assert(!a->detached && b->detached);
    thread_cancel(a);
    ck_assert_uint_eq(count_entries(), 2);
    thread_cancel(b);
    ck_assert_uint_eq(count_entries(), 1);
}
END_TEST

START_TEST(life_of_a_joined_thread)
{
    pthread_t handle;
    struct thread *t = create(&handle, wait_and_return, &local, false);
    ck_assert(await_state(t, THREAD_RUNNING));
    ck_assert_ptr_eq(thread_find(handle), t);
    while (!__atomic_load_n(&local, __ATOMIC_ACQUIRE))
        usleep(1000);
    ck_assert_ptr_eq(seen, t);
    ck_assert_ptr_null(t->argument); /* on its own stack from now on */
    ck_assert_uint_eq(t->handle, handle);
    ck_assert_uint_eq(t->number, 1);
    ck_assert_int_ne(t->tid, getpid());
    ck_assert_ptr_nonnull(t->heap);
    ck_assert(t->stack_begin < local && local < t->stack_end);
    ck_assert(t->stack_begin < handle && handle < t->stack_end); /* TLS at the top */
    sem_post(&go_on);
    ck_assert(await_state(t, THREAD_FINISHED));
    ck_assert_ptr_eq(t->result, &local);
    ck_assert_ptr_null(t->heap);
    join(handle);
    ck_assert_int_eq(t->state, THREAD_GONE);
    ck_assert_ptr_null(t->result);
    ck_assert_ptr_null(thread_find(handle));
}
END_TEST

START_TEST(life_of_a_detached_thread)
{
    pthread_t handle;
    struct thread *t = create(&handle, wait_and_return, &local, true);
    ck_assert(await_state(t, THREAD_RUNNING));
    sem_post(&go_on);
    ck_assert(await_state(t, THREAD_GONE));
}
END_TEST

START_TEST(detached_while_it_runs)
{
    pthread_t handle;
    struct thread *t = create(&handle, wait_and_return, &local, false);
    ck_assert_int_eq(pthread_detach(handle), 0);
    thread_detached(thread_find(handle));
    sem_post(&go_on);
    ck_assert(await_state(t, THREAD_GONE));
}
END_TEST

START_TEST(detached_when_finished)
{
    pthread_t handle;
    struct thread *t = create(&handle, wait_and_return, &local, false);
    sem_post(&go_on);
    ck_assert(await_state(t, THREAD_FINISHED));
    struct thread *found = thread_find(handle);
    ck_assert_ptr_eq(found, t);
    ck_assert_int_eq(pthread_detach(handle), 0);
    thread_detached(found);
    ck_assert_int_eq(t->state, THREAD_GONE);
    thread_detached(NULL);
    thread_joined(NULL);
}
END_TEST

static void *exit_early(void *argument)
{
    thread_set_result(argument); /* as the interposed pthread_exit does */
    pthread_exit(argument);
}

START_TEST(result_of_pthread_exit)
{
    pthread_t handle;
    struct thread *t = create(&handle, exit_early, &local, false);
    ck_assert(await_state(t, THREAD_FINISHED));
    ck_assert_ptr_eq(t->result, &local);
    join(handle);
}
END_TEST

/* Made by clone, or by a libc function that calls libc's own pthread_create. */
static void *allocate_without_entry(void *unused)
{
    (void)unused;
    if (thread_self_or_null())
        return NULL;
    void *p = alloc_new(10, 16, false, unit_frame);
    seen = thread_self_or_null();
    return p;
}

START_TEST(a_thread_that_nobody_announced)
{
    pthread_t handle;
    void *p;
    ck_assert_int_eq(pthread_create(&handle, NULL, allocate_without_entry, NULL), 0);
    ck_assert_int_eq(pthread_join(handle, &p), 0);
    struct block b;
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert_uint_eq(slab_thread_of(b.slab, b.index), 1);
    ck_assert_int_eq(seen->state, THREAD_GONE);
    ck_assert(seen->detached);
}
END_TEST

/* --- Destructors ------------------------------------------------------------------------------ */

static pthread_key_t key;
static int calls;
static struct thread *in_destructor[8];

/* Comes in every round that POSIX grants, before and after the library's own destructor. */
static void allocate_again_and_again(void *old)
{
    alloc_free(old, unit_frame);
    void *p = alloc_new(100, 16, false, unit_frame);
    REQUIRE(p);
    memset(p, 1, 100);
    in_destructor[calls++] = thread_self_or_null();
    pthread_setspecific(key, p);
}

static void *use_a_key(void *unused)
{
    pthread_setspecific(key, alloc_new(100, 16, false, unit_frame));
    return unused;
}

START_TEST(destructors_may_allocate)
{
    pthread_t handle;
    ck_assert_int_eq(pthread_key_create(&key, allocate_again_and_again), 0);
    struct thread *t = create(&handle, use_a_key, NULL, false);
    join(handle);
    ck_assert_int_eq(calls, 4);
    for (int i = 0; i < 3; i++) /* it keeps its heap through the first three rounds */
        ck_assert_ptr_eq(in_destructor[i], t);
    ck_assert(cage_is_valid());
    ck_assert(heap_is_valid(heap_shared()));
    ck_assert_uint_eq(alloc_stats().live_blocks, 1); /* the last one: nobody freed it */
}
END_TEST

/* --- Many --------------------------------------------------------------------------------------- */

static void *leave_a_block(void *unused)
{
    (void)unused;
    return alloc_new(100, 16, false, unit_frame);
}

/* Entries of gone threads go when their stacks are used again or unmapped. */
START_TEST(the_registry_does_not_grow)
{
    unsigned waves = UNIT_TSAN ? 10 : 100;
    for (unsigned wave = 0; wave < waves; wave++) {
        pthread_t handle[8];
        for (int i = 0; i < 8; i++)
            create(&handle[i], leave_a_block, NULL, false);
        for (int i = 0; i < 8; i++) {
            void *p;
            struct thread *t = thread_find(handle[i]);
            REQUIRE(pthread_join(handle[i], &p) == 0);
            thread_joined(t);
            alloc_free(p, unit_frame);
        }
    }
    ck_assert_uint_le(count_entries(), 80);
    heap_release_orphans();
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0); /* heaps were closed */
}
END_TEST

static void create_and_join(void *unused, unsigned number)
{
    (void)unused;
    for (int i = 0; i < (UNIT_TSAN ? 30 : 200); i++) {
        pthread_t handle;
        bool detached = (i + (int)number) % 3 == 0;
        struct thread *t = create(&handle, leave_a_block, NULL, detached);
        (void)t;
        if (!detached)
            join(handle);
    }
}

START_TEST(threads_that_create_threads)
{
    unit_threads(4, create_and_join, NULL);
    ck_assert(cage_is_valid());
    ck_assert_uint_le(count_entries(), 150);
}
END_TEST

START_TEST(numbers_are_in_order_of_creation)
{
    pthread_t handle[5];
    for (uint32_t i = 0; i < 5; i++)
        ck_assert_uint_eq(create(&handle[i], wait_and_return, NULL, false)->number, i + 1);
    for (int i = 0; i < 5; i++)
        sem_post(&go_on);
    for (int i = 0; i < 5; i++)
        join(handle[i]);
}
END_TEST

/* --- Failure and fork ------------------------------------------------------------------------- */

START_TEST(no_memory_for_an_entry)
{
    meta_fail_after = 0;
    ck_assert_ptr_null(thread_prepare(wait_and_return, NULL, NULL));
    ck_assert_uint_eq(count_entries(), 1);
}
END_TEST

/* The Nth own allocation fails in a thread of its own: it gets memory all the same, from the shared
 * heap, and leaves nothing behind. */
static void *allocate_under_failure(void *arg)
{
    meta_fail_after = *(long *)arg;
    void *p = alloc_new(10, 16, false, unit_frame);
    meta_fail_after = -1;
    if (!p)
        p = alloc_new(10, 16, false, unit_frame);
    REQUIRE(p);
    return p;
}

START_TEST(injected_failure_in_a_new_thread)
{
    for (long n = 0; n < 5; n++) {
        pthread_t handle;
        void *p;
        size_t before = count_entries();
        ck_assert_int_eq(pthread_create(&handle, NULL, allocate_under_failure, &n), 0);
        ck_assert_int_eq(pthread_join(handle, &p), 0);
        struct block b;
        ck_assert(alloc_find((uintptr_t)p, &b));
        alloc_free(p, unit_frame);
        ck_assert_uint_le(count_entries(), before + 1);
        ck_assert(cage_is_valid());
    }
}
END_TEST

static void forget_others(void *unused)
{
    (void)unused;
    lock_take_all(LOCK_CHECK);
    thread_after_fork();
    lock_reset_all(LOCK_CHECK);
    if (count_entries() != 1 || thread_current()->tid != (int)getpid() ||
        thread_current()->number != 0)
        _exit(1);
    struct thread *t = thread_prepare(wait_and_return, NULL, NULL);
    if (!t || count_entries() != 2)
        _exit(2);
    thread_cancel(t);
    if (count_entries() != 1)
        _exit(3);
}

START_TEST(only_the_forking_thread_is_left)
{
    pthread_t handle[3];
    for (int i = 0; i < 3; i++)
        create(&handle[i], wait_and_return, NULL, false);
    thread_prepare(wait_and_return, NULL, NULL);
    ck_assert_int_eq(unit_child(forget_others, NULL), 0);
    unit_captured();
    for (int i = 0; i < 3; i++)
        sem_post(&go_on);
    for (int i = 0; i < 3; i++)
        join(handle[i]);
}
END_TEST

Suite *suite_thread(void)
{
    Suite *s = suite_create("thread");
    TCase *c = unit_case(s, "thread");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, the_main_thread);
    tcase_add_test(c, prepare_and_cancel);
    tcase_add_test(c, no_memory_for_an_entry);
    tcase_add_test(c, injected_failure_in_a_new_thread);
    tcase_add_test(c, only_the_forking_thread_is_left);
    c = unit_case_threads(s, "thread_life");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, life_of_a_joined_thread);
    tcase_add_test(c, life_of_a_detached_thread);
    tcase_add_test(c, detached_while_it_runs);
    tcase_add_test(c, detached_when_finished);
    tcase_add_test(c, result_of_pthread_exit);
    tcase_add_test(c, a_thread_that_nobody_announced);
    if (!UNIT_TSAN) /* it can't follow code in the last round of destructors */
        tcase_add_test(c, destructors_may_allocate);
    tcase_add_test(c, the_registry_does_not_grow);
    tcase_add_test(c, threads_that_create_threads);
    tcase_add_test(c, numbers_are_in_order_of_creation);
    return s;
}
