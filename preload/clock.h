/* SPDX-License-Identifier: MIT
 *
 * Birth stamps: when a block was allocated, in 20 bits. A stamp is a small floating-point number
 * of 100 ms ticks since the library started, 4 bits of exponent and 16 of mantissa: exact to 100 ms
 * for two hours, then to 1/65536 of the uptime, for 6.8 years (then it stays at the last value).
 *
 * malloc reads a global variable; the slow path of the allocator sets it. So a stamp is never
 * later than the allocation, and is earlier by the time since any thread last needed a slab. */
#ifndef LEAKGC_CLOCK_H
#define LEAKGC_CLOCK_H

#include <stddef.h>
#include <stdint.h>

extern uint32_t clock_stamp;

static inline uint32_t clock_birth(void)
{
    return __atomic_load_n(&clock_stamp, __ATOMIC_RELAXED);
}

/* Brings the stamp up to date. Any thread; no lock. */
void clock_tick(void);

/* Makes the stamp later than that of every block that exists; returns it, or CLOCK_LAST when there are no
 * more. clock_step is the same without bringing it up to date (so it calls nobody), and returns the first
 * of so many steps: after two of them new blocks are later even if they are put back by one (weak.c). */
uint32_t clock_advance(void);
uint32_t clock_step(uint32_t steps);
enum { CLOCK_LAST = (1 << 20) - 1 };

/* clock_tick calls it from this uptime on, until it is UINT64_MAX. Runs in malloc, with
 * any lock of ours below LOCK_ORPHANS held. */
extern void (*clock_alarm)(void);
extern uint64_t clock_alarm_ms;

/* Bytes of room that the allocator's slow path handed out. clock_bytes_alarm is called whenever another
 * clock_bytes_each of them (0: never) were. */
extern void (*clock_bytes_alarm)(void);
extern size_t clock_bytes_each;
void clock_count(size_t bytes);

/* Milliseconds from the library's start to the stamp, and to now. */
uint64_t clock_stamp_ms(uint32_t stamp);
uint64_t clock_uptime_ms(void);

/* The encoding itself (for tests): ticks to stamp and back to the first tick of that stamp. */
uint32_t clock_encode(uint64_t ticks);
uint64_t clock_decode(uint32_t stamp);

#endif
