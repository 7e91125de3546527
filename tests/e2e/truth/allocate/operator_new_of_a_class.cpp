// SPDX-License-Identifier: MIT
//
// A class that brings an operator new of its own, over malloc with eight bytes more.
//
// EXPECT: definite 56 1

#include "truth.h"

struct own {
    long value[6];
    static void *operator new(size_t size)
    {
        return malloc(size + 8);
    }
    static void operator delete(void *p)
    {
        free(p);
    }
};

static NOINLINE void lose()
{
    own *o = new own;
    o->value[0] = 1;
    use(o);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
