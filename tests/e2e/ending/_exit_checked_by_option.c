// SPDX-License-Identifier: MIT
//
// With on__exit=1 _exit and _Exit are checked, too; the status is the program's.
//
// CFLAGS: -O0 -DEND=_exit | -O2 -DEND=_exit | -O2 -DEND=_Exit
// ENV: LEAKGC_OPTIONS=on__exit=1
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
}

int main(void)
{
    lose();
    END(0);
}
