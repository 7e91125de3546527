/* SPDX-License-Identifier: MIT
 *
 * thread.h: the life of an entry, from pthread_create to pthread_join, with the test in the part of
 * hooks_thread.c; detached threads, threads that libc made otherwise, destructors, no memory.
 *
 * Over 600 lines because all cases share the part of hooks_thread.c that is played here. */
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
    thread_created(t, ret);
    return t;
}

static void join(pthread_t handle)
{
    uint32_t number = thread_find(handle);
    REQUIRE(pthread_join(handle, NULL) == 0);
    thread_joined(handle, number);
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
    ck_assert_uint_eq(thread_find(handle), t->number);
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
    ck_assert_uint_eq(thread_find(handle), THREAD_NONE);
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
    thread_detached(handle, thread_find(handle));
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
    uint32_t found = thread_find(handle);
    ck_assert_uint_eq(found, t->number);
    ck_assert_int_eq(pthread_detach(handle), 0);
    thread_detached(handle, found);
    ck_assert_int_eq(t->state, THREAD_GONE);
    thread_detached(handle, THREAD_NONE);
    thread_joined(handle, THREAD_NONE);
    thread_joined(handle, found); /* again */
    ck_assert_int_eq(t->state, THREAD_GONE);
}
END_TEST

/* A handle that libc gives out again, before we are told that its last thread was joined: the entry of the
 * new thread was made before or after that of the old one. */
START_TEST(a_handle_given_out_again)
{
    bool made_before = _i;
    struct thread *new = made_before ? thread_prepare(wait_and_return, NULL, NULL) : NULL;
    pthread_t old_handle, handle;
    struct thread *old = create(&old_handle, wait_and_return, &local, false);
    uint32_t old_number = thread_find(old_handle);
    sem_post(&go_on);
    ck_assert(await_state(old, THREAD_FINISHED));
    ck_assert_int_eq(pthread_join(old_handle, NULL), 0);
    if (!new)
        new = thread_prepare(wait_and_return, NULL, NULL);
    ck_assert_int_eq(pthread_create(&handle, NULL, start_thread, new), 0);
    ck_assert_uint_eq(handle, old_handle); /* else nothing is tested */
    thread_created(new, &handle);
    ck_assert(await_state(new, THREAD_RUNNING));
    ck_assert_uint_eq(count_entries(), 2); /* this thread and the new one */
    ck_assert_uint_eq(thread_find(handle), new->number);
    thread_joined(old_handle, old_number);
    thread_detached(old_handle, old_number);
    ck_assert_int_eq(new->state, THREAD_RUNNING);
    ck_assert(!new->detached);
    sem_post(&go_on);
    join(handle);
    ck_assert_int_eq(new->state, THREAD_GONE);
}
END_TEST

/* The creator is late: its thread is over and another one has the handle. */
START_TEST(a_handle_told_late)
{
    pthread_t old_handle, handle;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    struct thread *old = thread_prepare(wait_and_return, NULL, &attr);
    ck_assert_int_eq(pthread_create(&old_handle, &attr, start_thread, old), 0);
    sem_post(&go_on);
    ck_assert(await_state(old, THREAD_GONE));
    struct thread *new;
    do { /* the system needs a moment until the old thread's memory is free */
        new = create(&handle, wait_and_return, NULL, false);
        ck_assert(await_state(new, THREAD_RUNNING));
        if (handle == old_handle)
            break;
        sem_post(&go_on);
        join(handle);
    } while (true);
    thread_created(old, &old_handle);
    ck_assert_uint_eq(thread_find(handle), new->number);
    ck_assert_int_eq(new->state, THREAD_RUNNING);
    sem_post(&go_on);
    join(handle);
}
END_TEST

/* A handler of the program allocates in the new thread before thread_enter. */
static sem_t early_done;

static void *start_early(void *entry)
{
    sem_wait(&go_on);
    seen = thread_current();
    sem_post(&early_done);
    sem_wait(&go_on);
    thread_enter(entry);
    sem_post(&early_done);
    sem_wait(&go_on);
    return NULL;
}

static void let_go_on(void)
{
    sem_post(&go_on);
    sem_wait(&early_done);
}

static struct thread *prepare_early(pthread_t *ret)
{
    REQUIRE(!sem_init(&early_done, 0, 0));
    struct thread *t = thread_prepare(wait_and_return, &local, NULL);
    REQUIRE(pthread_create(ret, NULL, start_early, t) == 0);
    return t;
}

/* `t` is the entry of the thread, which is told to end. */
static void expect_life_to_go_on(struct thread *t, pthread_t handle, uint32_t number)
{
    ck_assert_ptr_eq(seen, t);
    ck_assert_int_eq(state_of(t), THREAD_RUNNING);
    ck_assert(!t->detached);
    ck_assert(t->stack_begin < handle && handle < t->stack_end);
    ck_assert_uint_eq(t->handle, handle);
    ck_assert_uint_eq(thread_find(handle), number);
    ck_assert_uint_eq(t->number, number);
    sem_post(&go_on);
    ck_assert(await_state(t, THREAD_FINISHED));
    ck_assert_ptr_null(t->heap);
    join(handle);
    ck_assert_int_eq(t->state, THREAD_GONE);
}

START_TEST(early_and_told_before)
{
    pthread_t handle;
    struct thread *t = prepare_early(&handle);
    thread_created(t, &handle);
    ck_assert_uint_eq(thread_find(handle), t->number);
    let_go_on();
    ck_assert_ptr_ne(seen, t);
    ck_assert_uint_eq(thread_find(handle), seen->number);
    ck_assert_ptr_eq(t->argument, &local); /* not on its stack yet, perhaps */
    thread_detached(handle, seen->number); /* before it has entered */
    let_go_on();
    ck_assert_uint_eq(count_entries(), 2);
    ck_assert(seen->detached);
    seen->detached = false;
    expect_life_to_go_on(seen, handle, 2);
}
END_TEST

START_TEST(early_and_told_between)
{
    pthread_t handle;
    struct thread *t = prepare_early(&handle);
    let_go_on();
    ck_assert_ptr_ne(seen, t);
    thread_created(t, &handle);
    uint32_t number = thread_find(handle);
    ck_assert_uint_eq(number, seen->number);
    let_go_on();
    ck_assert_uint_eq(count_entries(), 2);
    expect_life_to_go_on(seen, handle, number);
}
END_TEST

START_TEST(early_and_told_after)
{
    pthread_t handle;
    struct thread *t = prepare_early(&handle);
    let_go_on();
    let_go_on();
    ck_assert_ptr_ne(seen, t);
    ck_assert_int_eq(t->state, THREAD_GONE);
    thread_created(t, &handle);
    expect_life_to_go_on(seen, handle, 2);
}
END_TEST

static void *return_at_once(void *argument)
{
    return argument;
}

/* Ended by a handler before it began, it keeps its entry; the next thread with its handle has another one. */
START_TEST(one_that_never_began)
{
    pthread_t handle, next;
    struct thread *t = thread_prepare(wait_and_return, &local, NULL);
    ck_assert_int_eq(pthread_create(&handle, NULL, return_at_once, NULL), 0);
    thread_created(t, &handle);
    uint32_t number = thread_find(handle);
    ck_assert_uint_eq(number, t->number);
    ck_assert_int_eq(pthread_join(handle, NULL), 0);
    struct thread *after = prepare_early(&next);
    ck_assert_uint_eq(next, handle); /* else nothing is tested */
    let_go_on();
    ck_assert_ptr_ne(seen, t);
    thread_created(after, &next);
    thread_joined(handle, number);
    ck_assert_ptr_nonnull(seen->heap);
    let_go_on();
    ck_assert_int_eq(state_of(t), THREAD_STARTING);
    ck_assert_uint_eq(count_entries(), 3);
    expect_life_to_go_on(seen, next, 3);
}
END_TEST

static bool at_end;

static void *wait_for_end(void *argument)
{
    while (!__atomic_load_n(&at_end, __ATOMIC_ACQUIRE))
        usleep(100);
    return argument;
}

/* Creators that share a variable may tell each other's handles. */
START_TEST(a_handle_of_another_thread)
{
    pthread_t right, wrong;
    struct thread *other = create(&wrong, wait_for_end, NULL, false);
    ck_assert(await_state(other, THREAD_RUNNING));
    struct thread *t = prepare_early(&right);
    thread_created(t, &wrong); /* another one has it */
    ck_assert_uint_eq(thread_find(wrong), other->number);
    let_go_on();
    let_go_on();
    ck_assert_int_eq(state_of(other), THREAD_RUNNING);
    ck_assert_uint_eq(count_entries(), 3);
    expect_life_to_go_on(seen, right, 3);
    __atomic_store_n(&at_end, true, __ATOMIC_RELEASE);
    join(wrong);
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
            uint32_t number = thread_find(handle[i]);
            REQUIRE(pthread_join(handle[i], &p) == 0);
            thread_joined(handle[i], number);
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
    if (count_entries() != 2 || thread_current()->tid != (int)getpid() ||
        thread_current()->number != 0)
        _exit(1);
    struct thread *t = thread_prepare(wait_and_return, NULL, NULL);
    if (!t || count_entries() != 3)
        _exit(2);
    thread_cancel(t);
    if (count_entries() != 2)
        _exit(3);
}

/* And those whose creation has begun: it may be the forking thread that creates one. */
START_TEST(only_the_forking_thread_is_left)
{
    pthread_t handle[3];
    for (int i = 0; i < 3; i++)
        ck_assert(await_state(create(&handle[i], wait_and_return, NULL, false), THREAD_RUNNING));
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
    tcase_add_loop_test(c, a_handle_given_out_again, 0, 2);
    tcase_add_test(c, a_handle_told_late);
    tcase_add_test(c, early_and_told_before);
    tcase_add_test(c, early_and_told_between);
    tcase_add_test(c, early_and_told_after);
    tcase_add_test(c, one_that_never_began);
    tcase_add_test(c, a_handle_of_another_thread);
    tcase_add_test(c, result_of_pthread_exit);
    tcase_add_test(c, a_thread_that_nobody_announced);
    if (!UNIT_TSAN) /* it can't follow code in the last round of destructors */
        tcase_add_test(c, destructors_may_allocate);
    tcase_add_test(c, the_registry_does_not_grow);
    tcase_add_test(c, threads_that_create_threads);
    tcase_add_test(c, numbers_are_in_order_of_creation);
    return s;
}
