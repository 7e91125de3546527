// SPDX-License-Identifier: MIT
//
// A program with spaces and odd characters in its path.
//
// EXE: two words (and +0x1)
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\.\. in lose {FILE}:{@malloc}
// STDERR-HAS: #\d+ 0x\w+ in _start \(/.*/two words \(and \+0x1\)\+0x\w+\)$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
