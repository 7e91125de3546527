/* SPDX-License-Identifier: MIT
 *
 * Size classes: multiples of 16 up to 512, then eight per doubling up to 32 KiB. Waste inside a
 * slot is at most 15 bytes up to 512 and an eighth above; a power of two is always a class, so an
 * alignment is served by a class that is a multiple of it. (Finer above: what is saved in slots is
 * lost because fewer freed slots fit the next request; measured with compilers and interpreters.)
 *
 *   class   0  1 ..  31 |  32  33 ..   39 |   40   41 ..   47 | ...       79
 *   bytes  16 32 .. 512 | 576 640 .. 1024 | 1152 1280 .. 2048 | ...    32768 */
#ifndef LEAKGC_SIZECLASS_H
#define LEAKGC_SIZECLASS_H

#include <stddef.h>
#include <stdint.h>

enum { SIZECLASS_COUNT = 80, SIZECLASS_MOST = 32768 };

/* The smallest class that holds the bytes (at most SIZECLASS_MOST; 0 counts as 1). */
static inline unsigned sizeclass_of(size_t bytes)
{
    if (bytes <= 512)
        return bytes ? (unsigned)(bytes - 1) >> 4 : 0;
    unsigned top = 63 - (unsigned)__builtin_clzl(bytes - 1);
    return 32 + (top - 9) * 8 + ((unsigned)(bytes - 1) >> (top - 3) & 7);
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
    if (cls < 32)
        return (cls + 1) * 16;
    unsigned top = (cls - 32) / 8 + 9;
    return (size_t)(8 + (cls - 32) % 8 + 1) << (top - 3);
}

/* Slices of a slab of the class: enough for 8 slots or more. Few, because a slab is given back only
 * when all of it is free. */
static inline unsigned sizeclass_slices(unsigned cls)
{
    size_t bytes = sizeclass_bytes(cls);
    return bytes <= 8192 ? 1 : bytes <= 16384 ? 2 : 4;
}

#endif
