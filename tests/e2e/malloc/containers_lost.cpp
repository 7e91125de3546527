// SPDX-License-Identifier: MIT
//
// A lost vector of strings: the vector is definitely lost, what it owns indirectly.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: definite 24 1; indirect 7200 101

#include "leaktest.h"

#include <string>
#include <vector>

static NOINLINE void lose()
{
    auto *words = new std::vector<std::string>;
    words->reserve(100); // 100 strings of 32 bytes
    for (int i = 0; i < 100; i++)
        words->emplace_back(39, 'x'); // 40 bytes each
    use(words);
}

int main()
{
    lose();
    return 0;
}
