// SPDX-License-Identifier: MIT
//
// Containers of all kinds that end with their function.
//
// EXPECT: nothing

#include "truth.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

static NOINLINE void lose()
{
    std::vector<std::string> v(50, std::string(60, 'v'));
    std::map<std::string, std::vector<int>> m;
    std::deque<std::string> d;
    for (const auto &s : v) {
        m[s + "!"].resize(9);
        d.push_front(s);
    }
    use(&v);
    use(&m);
    use(&d);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
