/* SPDX-License-Identifier: MIT
 *
 * Owns CRC-32: polynomial 0x04c11db7 reflected, a byte at a time.
 *
 * Runs in ordinary context. */
#include "crc32.h"

static uint32_t table[256];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        table[i] = crc;
    }
}

uint32_t crc32_of(const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    uint32_t crc = ~0u;
    if (!table[1])
        make_table();
    for (size_t i = 0; i < count; i++)
        crc = crc >> 8 ^ table[(crc ^ at[i]) & 0xff];
    return ~crc;
}
