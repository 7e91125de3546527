/* SPDX-License-Identifier: MIT
 *
 * Owns our locks. One word each: 0 free, 1 taken, 2 taken and somebody waits (the three-state
 * mutex of Drepper, "Futexes are tricky", 2011).
 *
 * Runs in malloc. Order: enum lock_rank; each thread has a mask of what it holds. */
#include "lock.h"

#include <stdbool.h>
#include <stddef.h>

#include "assert.h"
#include "sys.h"

/* A line each: two busy locks must not fight over one. */
static struct {
    uint32_t word;
    char pad[60];
} locks[LOCK_COUNT];

__thread uint32_t lock_held;

void lock_take(enum lock_rank rank)
{
    uint32_t *word = &locks[rank].word;
    uint32_t seen = 0;
    ASSERT(!(lock_held >> rank)); /* I7 */
    lock_held |= 1u << rank;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a signal handler sees it before the lock is taken */
    if (__atomic_compare_exchange_n(word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        sys_futex_wait(word, 2, 0);
}

void lock_release(enum lock_rank rank)
{
    uint32_t *word = &locks[rank].word;
    ASSERT(lock_held >> rank & 1);
    bool waited_for = __atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2;
    __atomic_signal_fence(
        __ATOMIC_SEQ_CST); /* and until it is free: else it would wait for itself */
    lock_held &= ~(1u << rank);
    if (waited_for)
        sys_futex_wake(word, 1);
}

void lock_take_all(enum lock_rank from)
{
    for (enum lock_rank r = from; r < LOCK_COUNT; r++)
        lock_take(r);
}

void lock_release_all(enum lock_rank from)
{
    for (enum lock_rank r = LOCK_COUNT; r-- > from;)
        lock_release(r);
}

void lock_reset_all(enum lock_rank from)
{
    for (enum lock_rank r = LOCK_COUNT; r-- > from;) {
        lock_held &= ~(1u << r);
        __atomic_store_n(&locks[r].word, 0, __ATOMIC_RELEASE);
    }
}

void lock_reset_inside(void)
{
    for (enum lock_rank r = 0; r < LOCK_COUNT; r++)
        __atomic_store_n(&locks[r].word, 0, __ATOMIC_RELEASE);
}
