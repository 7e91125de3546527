// SPDX-License-Identifier: MIT
//
// erase removes the node and its raw pointer.
//
// EXPECT: definite 53 1

#include "truth.h"

#include <map>
#include <string>

std::map<std::string, char *> m;

static NOINLINE void lose()
{
    m["one"] = new char[53];
    m["two"] = nullptr;
    use(m["one"]);
    m.erase("one");
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
