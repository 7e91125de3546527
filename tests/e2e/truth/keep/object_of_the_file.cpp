// SPDX-License-Identifier: MIT
//
// A static object's members are destroyed after main, before the last look: at the point they are there.
//
// EXPECT: nothing

#include "truth.h"

#include <map>
#include <string>

static std::map<int, std::string> table;

static NOINLINE void fill()
{
    for (int i = 0; i < 9; i++)
        table[i] = std::string(50, 'x');
}

int main()
{
    fill();
    TRUTH_POINT();
    return 0;
}
