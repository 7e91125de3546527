// SPDX-License-Identifier: MIT
//
// One of each form of new, all deleted.
//
// EXPECT: nothing

#include "truth.h"

struct alignas(64) wide {
    char c[64];
};

struct item {
    long value;
    ~item()
    {
        value = 0;
        use(this);
    }
};

static NOINLINE void lose()
{
    int *a = new int;
    int *b = new int[9];
    wide *c = new wide;
    item *d = new item[4];
    use(a);
    use(b);
    use(c);
    use(d);
    delete a;
    delete[] b;
    delete c;
    delete[] d;
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
