// SPDX-License-Identifier: MIT
//
// only=GLOBS: active in programs whose name matches one of them.
//
// EXPECT: definite 109 1
// CONTROL: only=only_this_program => definite 109 1
// CONTROL: only=only_* => definite 109 1
// CONTROL: only=nothing,*this?program,other => definite 109 1
// CONTROL: only=only => no report
// CONTROL: only=other => no report
// CONTROL: only=other,another* => no report

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    lose();
    return 0;
}
