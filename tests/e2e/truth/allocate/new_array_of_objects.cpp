// SPDX-License-Identifier: MIT
//
// An array of objects with destructors begins with the number of them: eight bytes more.
//
// EXPECT: definite 72 1

#include "truth.h"

struct item {
    long value = 1;
    ~item()
    {
        value = 0;
        use(this);
    }
};

static NOINLINE void lose()
{
    use(new item[8]);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
