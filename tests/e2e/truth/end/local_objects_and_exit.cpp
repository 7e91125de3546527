// SPDX-License-Identifier: MIT
//
// exit does not unwind: objects on main's stack are not destroyed, and still keep what they have.
//
// EXPECT: nothing
// KEPT: 1256 1

#include "truth.h"

#include <string>

static NOINLINE void fill(std::string &s)
{
    s.assign(1255, 'x');
}

int main()
{
    std::string s;
    fill(s);
    TRUTH_POINT();
    exit(0);
}
