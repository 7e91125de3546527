// SPDX-License-Identifier: MIT
//
// A closure has a shared pointer to the function object that holds it.
//
// EXPECT: definite 48 1; indirect 48 1

#include "truth.h"

#include <functional>
#include <memory>

static NOINLINE void lose()
{
    long pad[4] = {};
    auto f = std::make_shared<std::function<void()>>();
    *f = [f, pad] {
        use(f.get());
        use((void *)pad);
    };
    use(f.get());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
