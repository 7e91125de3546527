/* SPDX-License-Identifier: MIT
 *
 * Size classes: multiples of 16 up to 128, then eight per doubling up to 32 KiB. Waste inside a
 * slot is at most 15 bytes below 128 and an eighth above; a power of two is always a class, so an
 * alignment is served by a class that is a multiple of it.
 *
 *   class   0  1 ..   7 |   8   9 ..  15 |  16  17 ..  23 | ...       71
 *   bytes  16 32 .. 128 | 144 160 .. 256 | 288 320 .. 512 | ... 32768 */
#ifndef LEAKGC_SIZECLASS_H
#define LEAKGC_SIZECLASS_H

#include <stddef.h>
#include <stdint.h>

enum { SIZECLASS_COUNT = 72, SIZECLASS_MOST = 32768 };

/* The smallest class that holds the bytes (at most SIZECLASS_MOST; 0 counts as 1). */
static inline unsigned sizeclass_of(size_t bytes)
{
    if (bytes <= 128)
        return bytes ? (unsigned)(bytes - 1) >> 4 : 0;
    unsigned top = 63 - (unsigned)__builtin_clzl(bytes - 1);
    return 8 + (top - 7) * 8 + ((unsigned)(bytes - 1) >> (top - 3) & 7);
}

/* The same by a table, for sizes up to SIZECLASS_QUICK. Filled by sizeclass_init. */
enum { SIZECLASS_QUICK = 1024 };
extern uint8_t sizeclass_table[SIZECLASS_QUICK / 16 + 1];
static inline unsigned sizeclass_quick(size_t bytes)
{
    return sizeclass_table[(bytes + 15) / 16];
}
void sizeclass_init(void);

static inline size_t sizeclass_bytes(unsigned cls)
{
    if (cls < 8)
        return (cls + 1) * 16;
    unsigned top = (cls - 8) / 8 + 7;
    return (size_t)(8 + (cls - 8) % 8 + 1) << (top - 3);
}

/* Slices of a slab of the class: enough for 16 slots or more. */
static inline unsigned sizeclass_slices(unsigned cls)
{
    size_t bytes = sizeclass_bytes(cls);
    return bytes <= 1024 ? 1 : bytes <= 8192 ? 4 : 8;
}

#endif
