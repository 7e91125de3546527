// SPDX-License-Identifier: MIT
//
// _exit and _Exit end at once, without a check.
//
// CFLAGS: -O2 -DEND=_exit | -O2 -DEND=_Exit
// EXPECT: no report

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    lose();
    END(0);
}
