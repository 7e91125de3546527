// SPDX-License-Identifier: MIT
//
// What new has allocated is told with the line of the new.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: definite 2944 6

#include "leaktest.h"

#include <memory>
#include <new>

struct alignas(256) wide {
    char data[300];
};

static NOINLINE void lose()
{
    use(new int(7));                             // LEAK: definite 4 1
    use(new char[100]);                          // LEAK: definite 100 1
    use(new (std::nothrow) char[200]);           // LEAK: definite 200 1
    use(new wide);                               // LEAK: definite 512 1
    use(new wide[4]);                            // LEAK: definite 2048 1
    use(std::make_unique<char[]>(80).release()); // LEAK: definite 80 1
}

int main()
{
    lose();
    return 0;
}
