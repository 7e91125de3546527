// SPDX-License-Identifier: MIT
//
// An object in a local buffer, made by placement, never destroyed.
//
// EXPECT: definite 61 1

#include "truth.h"

#include <new>
#include <string>

static NOINLINE void lose()
{
    alignas(std::string) char room[sizeof(std::string)];
    use(new (room) std::string(60, 'x'));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
