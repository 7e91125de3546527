/* SPDX-License-Identifier: MIT
 *
 * The record of a block: one 64-bit word per slot, out of band, written with a single store.
 *
 *            63   62     61 ......... 32   31 .... 20   19 ...... 0
 *   live   |  1 | root |     trace       |   slack    |   birth    |
 *   free   |  0 |  0   | its last trace  | its slack  | next free  |
 *
 * live   the block is allocated: this bit appears last in malloc and goes first in free (I2)
 * root   the block counts as reachable whatever points to it (the loader's, ignored ones)
 * trace  the call stack of the allocation (trace.h); a free slot keeps it, and
 *        the slack, so that a double free can say what the block was; 0 in a free slot: the slot
 *        was never used
 * slack  bytes of the slot that were not asked for
 * birth  when it was allocated (clock.h)
 * next   index of the next free slot of the slab, or SLOT_END */
#ifndef LEAKGC_RECORD_H
#define LEAKGC_RECORD_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t record;

enum { RECORD_TRACE_BITS = 30, RECORD_SLACK_BITS = 12, RECORD_BIRTH_BITS = 20 };
#define RECORD_LIVE ((record)1 << 63)
#define RECORD_ROOT ((record)1 << 62)
enum { RECORD_SLACK_MOST = (1 << RECORD_SLACK_BITS) - 1 };
enum { SLOT_END = 0xffff };

static inline record record_make(uint32_t trace, uint32_t birth)
{
    return RECORD_LIVE | (record)trace << 32 | birth;
}
static inline record record_with_slack(record r, uint32_t slack)
{
    return r | (record)slack << RECORD_BIRTH_BITS;
}
static inline record record_freed(record r, uint32_t next)
{
    const record trace = (((record)1 << RECORD_TRACE_BITS) - 1) << 32;
    const record slack = (record)RECORD_SLACK_MOST << RECORD_BIRTH_BITS;
    return (r & (trace | slack)) | next;
}
static inline bool record_is_live(record r)
{
    return r >> 63;
}
static inline bool record_is_root(record r)
{
    return r >> 62 == 3;
}
static inline uint32_t record_trace(record r)
{
    return (uint32_t)(r >> 32) & ((1u << RECORD_TRACE_BITS) - 1);
}
static inline uint32_t record_slack(record r)
{
    return (uint32_t)r >> RECORD_BIRTH_BITS;
}
static inline uint32_t record_birth(record r)
{
    return (uint32_t)r & ((1u << RECORD_BIRTH_BITS) - 1);
}
static inline uint16_t record_next(record r)
{
    return (uint16_t)r;
}

/* Records are read by other threads (frees, scans) while the owner writes them. */
static inline record record_load(const record *r)
{
    return __atomic_load_n(r, __ATOMIC_RELAXED);
}
static inline void record_store(record *r, record value)
{
    __atomic_store_n(r, value, __ATOMIC_RELEASE);
}

#endif
