// SPDX-License-Identifier: MIT
//
// A set that orders by value refuses a pointer to an equal one.
//
// EXPECT: definite 4 1

#include "truth.h"

#include <set>

struct by_value {
    bool operator()(const int *a, const int *b) const
    {
        return *a < *b;
    }
};

static NOINLINE void lose()
{
    std::set<int *, by_value> s;
    int *a = new int(5), *b = new int(5);
    use(a);
    use(b);
    s.insert(a);
    CHECK(!s.insert(b).second);
    for (int *p : s)
        delete p;
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
