// SPDX-License-Identifier: MIT
//
// The constructor throws after its first allocation; there is no object, so no destructor runs.
//
// EXPECT: definite 41 1

#include "truth.h"

struct thing {
    char *a;
    thing() : a(new char[41])
    {
        use(a);
        throw 1;
    }
    ~thing()
    {
        delete[] a;
    }
};

static NOINLINE void lose()
{
    try {
        thing t;
        use(&t);
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
