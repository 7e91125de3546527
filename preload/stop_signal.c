/* SPDX-License-Identifier: MIT
 *
 * Owns the choice of the stop signal, and the masks that let it through. */
#include "stop_signal.h"

#include <stddef.h>

#include "sys.h"

void (*stop_signal_handler)(int, siginfo_t *, void *);
static int chosen = STOP_SIGNAL_HIGHEST;

int stop_signal(void)
{
    return __atomic_load_n(&chosen, __ATOMIC_RELAXED);
}

void stop_signal_move(int number)
{
    __atomic_store_n(&chosen, number, __ATOMIC_RELAXED);
}

static uint64_t stop_bit(void)
{
    return (uint64_t)1 << (stop_signal() - 1);
}

void stop_signal_unblock(void)
{
    uint64_t set = stop_bit();
    sys_sigmask(SIG_UNBLOCK, &set, NULL);
}

uint64_t signals_block(void)
{
    uint64_t most = ~stop_bit();
    uint64_t old = 0;
    sys_sigmask(SIG_SETMASK, &most, &old);
    return old;
}

void signals_restore(uint64_t mask)
{
    mask &= ~stop_bit();
    sys_sigmask(SIG_SETMASK, &mask, NULL);
}
