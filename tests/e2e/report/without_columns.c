// SPDX-License-Identifier: MIT
//
// Where the compiler tells no columns there is none in the report.
//
// CFLAGS: -O0 -gno-column-info
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\w+ in lose \S+/without_columns.c:{@malloc}$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p;

    p = malloc(109); // @malloc
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
