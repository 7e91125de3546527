// SPDX-License-Identifier: MIT
//
// The same by new: the object's own memory is freed by the language, what it had allocated is not.
//
// EXPECT: definite 42 1

#include "truth.h"

struct thing {
    char *a;
    thing() : a(new char[42])
    {
        use(a);
        throw 1;
    }
};

static NOINLINE void lose()
{
    try {
        use(new thing);
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
