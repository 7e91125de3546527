// SPDX-License-Identifier: MIT
//
// A static object that is made on the first call and never destroyed, by way of a reference.
//
// EXPECT: nothing
// KEPT: 1055 1
// GONE: definite 1055 1

#include "truth.h"

static char *&place()
{
    static char **made = new char *(nullptr);
    return *made;
}

static NOINLINE void fill()
{
    place() = new char[1055];
    use(&place());
}

int main()
{
    fill();
    FORGET(place());
    TRUTH_POINT();
    return 0;
}
