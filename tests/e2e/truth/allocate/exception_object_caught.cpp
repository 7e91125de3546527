// SPDX-License-Identifier: MIT
//
// What throw allocates is freed at the end of the catch.
//
// EXPECT: nothing

#include "truth.h"

#include <stdexcept>
#include <string>

static NOINLINE void lose()
{
    try {
        throw std::runtime_error(std::string(200, 'x'));
    } catch (const std::exception &e) {
        CHECK(strlen(e.what()) == 200);
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
