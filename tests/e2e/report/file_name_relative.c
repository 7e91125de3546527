// SPDX-License-Identifier: MIT
//
// A source named relative to where it was compiled, with a space in its name: the full path.
//
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\.\. in lose {FOLDER}/some dir/relative name.c:2$

#include "leaktest.h"

static NOINLINE void lose(void)
{
#line 1 "some dir/relative name.c"

    void *p = malloc(109);
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
