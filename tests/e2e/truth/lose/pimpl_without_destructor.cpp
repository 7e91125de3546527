// SPDX-License-Identifier: MIT
//
// The hidden half of a class is not deleted.
//
// EXPECT: definite 64 1; indirect 65 1

#include "truth.h"

#include <string>

struct hidden {
    std::string text = std::string(64, 'x');
    char more[32];
};

struct shown {
    hidden *impl = new hidden;
};

static NOINLINE void lose()
{
    shown s;
    use(&s);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
