/* SPDX-License-Identifier: MIT
 *
 * Owns birth stamps (clock.h). Runs in malloc's slow path; one vDSO call, no lock. */
#include "clock.h"

#include "sys.h"

enum { MANTISSA_BITS = 16, EXPONENT_MOST = 15, TICK_MS = 100 };

uint32_t clock_stamp;
void (*clock_alarm)(void);
uint64_t clock_alarm_ms = UINT64_MAX;
void (*clock_bytes_alarm)(void);
size_t clock_bytes_each;
static uint64_t start_ns;

uint32_t clock_encode(uint64_t ticks)
{
    if (ticks >> MANTISSA_BITS == 0)
        return (uint32_t)ticks;
    unsigned exponent = 64 - (unsigned)__builtin_clzl(ticks) - MANTISSA_BITS;
    if (exponent > EXPONENT_MOST)
        return (1u << (MANTISSA_BITS + 4)) - 1;
    uint32_t mantissa = (uint32_t)(ticks >> (exponent - 1)) & ((1u << MANTISSA_BITS) - 1);
    return exponent << MANTISSA_BITS | mantissa;
}

uint64_t clock_decode(uint32_t stamp)
{
    uint32_t exponent = stamp >> MANTISSA_BITS;
    uint64_t mantissa = stamp & ((1u << MANTISSA_BITS) - 1);
    return exponent ? (mantissa | 1u << MANTISSA_BITS) << (exponent - 1) : mantissa;
}

uint64_t clock_uptime_ms(void)
{
    return start_ns ? (sys_now_coarse() - start_ns) / 1000000 : 0;
}

void clock_tick(void)
{
    if (unlikely(!start_ns))
        start_ns = sys_now_coarse();
    uint64_t now = clock_uptime_ms();
    uint32_t stamp = clock_encode(now / TICK_MS);
    if (stamp > clock_birth())
        __atomic_store_n(&clock_stamp, stamp, __ATOMIC_RELAXED);
    if (unlikely(now >= __atomic_load_n(&clock_alarm_ms, __ATOMIC_RELAXED)))
        clock_alarm();
}

uint32_t clock_step(uint32_t steps)
{
    uint32_t stamp = clock_birth();
    do
        if (stamp > CLOCK_LAST - steps)
            return CLOCK_LAST;
    while (!__atomic_compare_exchange_n(&clock_stamp, &stamp, stamp + steps, true, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED));
    return stamp + 1;
}

uint32_t clock_advance(void)
{
    clock_tick();
    return clock_step(1);
}

void clock_count(size_t bytes)
{
    static size_t handed_out;
    size_t each = clock_bytes_each;
    if (likely(!each))
        return;
    size_t now = __atomic_add_fetch(&handed_out, bytes, __ATOMIC_RELAXED);
    if (unlikely(now >= each)) {
        __atomic_store_n(&handed_out, 0, __ATOMIC_RELAXED);
        clock_bytes_alarm();
    }
}

uint64_t clock_stamp_ms(uint32_t stamp)
{
    return clock_decode(stamp) * TICK_MS;
}
