/* SPDX-License-Identifier: MIT
 *
 * Owns the table of small sizes (sizeclass.h): filled once, before any thread has a heap. */
#include "sizeclass.h"

uint8_t sizeclass_table[SIZECLASS_QUICK / 16 + 1];

void sizeclass_init(void)
{
    for (size_t i = 0; i <= SIZECLASS_QUICK / 16; i++)
        sizeclass_table[i] = (uint8_t)sizeclass_of(i * 16);
}
