// SPDX-License-Identifier: MIT
//
// An instance is replaced without deleting the old one.
//
// EXPECT: definite 73 1
// KEPT: 73 1

#include "truth.h"

struct singleton {
    char c[73];
    static singleton *instance;
    static void make()
    {
        instance = new singleton;
        use(&instance);
    }
};
singleton *singleton::instance;

static NOINLINE void lose()
{
    singleton::make();
    singleton::make();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
