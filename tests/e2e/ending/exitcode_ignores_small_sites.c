// SPDX-License-Identifier: MIT
//
// Sites under min_bytes or min_blocks are not shown and don't count for exitcode.
//
// CFLAGS: -O2 -DBYTES=99 -DBLOCKS=1 | -O2 -DBYTES=1000 -DBLOCKS=4
// ENV: LEAKGC_OPTIONS=exitcode=23:min_bytes=100:min_blocks=5
// STDERR-LACKS: leak of
// STATUS: 0
// STDERR-HAS: ^$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(BYTES));
}

int main(void)
{
    for (int i = 0; i < BLOCKS; i++)
        lose();
    return 0;
}
