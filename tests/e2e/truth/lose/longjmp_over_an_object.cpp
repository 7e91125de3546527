// SPDX-License-Identifier: MIT
//
// longjmp in a callee of C, over a function without objects that has a block from new.
//
// EXPECT: definite 66 1

#include "truth.h"

#include <csetjmp>

static jmp_buf back;

static NOINLINE void fail()
{
    longjmp(back, 1);
}

static NOINLINE void work()
{
    char *p = new char[66];
    use(p);
    fail();
    delete[] p;
}

static NOINLINE void lose()
{
    if (setjmp(back) == 0)
        work();
    memset(&back, 0, sizeof back);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
