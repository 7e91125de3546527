// SPDX-License-Identifier: MIT
//
// throw new: the handler gets a pointer and forgets it.
//
// EXPECT: definite 12 1

#include "truth.h"

struct trouble {
    int code[3];
};

static NOINLINE void lose()
{
    try {
        throw new trouble{{1, 2, 3}};
    } catch (trouble *t) {
        use(t);
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
