// SPDX-License-Identifier: MIT
//
// Line and column, where the compiler tells columns.
//
// CFLAGS: -O0 -gcolumn-info
// EXPECT: definite 219 2
// STDERR-HAS: #0 0x\w+ in lose \S+/columns.c:{@first}:15$
// STDERR-HAS: #0 0x\w+ in lose \S+/columns.c:{@second}:35$
// STDERR-HAS: #1 0x\w+ in main \S+/columns.c:{@call}:5$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p, *q;

    p = /* */ malloc(109);                     // @first
    q = /* a comment before it */ malloc(110); // @second
    use(p);
    use(q);
}

int main(void)
{
    lose(); // @call
    return 0;
}
