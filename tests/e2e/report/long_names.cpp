// SPDX-License-Identifier: MIT
//
// Names of thousands of characters.
//
// CFLAGS: -O0 -std=c++17
// EXPECT: definite 109 1
// STDERR-HAS: #\d+ 0x\w+ in .*pair<pair<pair<.{1000,}

#include "leaktest.h"

template <class A, class B> struct pair {
    NOINLINE static void lose()
    {
        use(malloc(109));
    }
};

template <int N> struct nested {
    using type = pair<typename nested<N - 1>::type, typename nested<N - 1>::type>;
};

template <> struct nested<0> {
    using type = int;
};

int main()
{
    nested<8>::type::lose();
    return 0;
}
