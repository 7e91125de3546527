// SPDX-License-Identifier: MIT
//
// A handler makes a note and throws on; who catches it does not know of the note.
//
// EXPECT: definite 44 1

#include "truth.h"

static NOINLINE void work()
{
    try {
        throw 1;
    } catch (int) {
        use(new char[44]);
        throw;
    }
}

static NOINLINE void lose()
{
    try {
        work();
    } catch (int) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
