// SPDX-License-Identifier: MIT
//
// C++ objects with static storage free what they own after main; function statics, too.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: nothing

#include "leaktest.h"

#include <memory>
#include <string>
#include <vector>

struct owner {
    uintptr_t hidden = hidden_malloc(100); // a scan before the destructor ran would call it lost
    ~owner()
    {
        free(reveal(hidden));
    }
};

static owner global;
static std::vector<std::unique_ptr<owner>> many;

static owner &local()
{
    static owner o;
    return o;
}

int main()
{
    for (int i = 0; i < 100; i++)
        many.push_back(std::make_unique<owner>());
    use(&local());
    return 0;
}
