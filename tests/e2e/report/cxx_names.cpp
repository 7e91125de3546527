// SPDX-License-Identifier: MIT
//
// C++ names as a person writes them: namespaces, templates, operators, lambdas.
//
// CFLAGS: -O0 -std=c++17
// EXPECT: definite 109 1
// STDERR-HAS: #\d+ 0x\w+ in (void )?space::box<int>::fill<char>\(char\)
// STDERR-HAS: #\d+ 0x\w+ in space::operator\+\(space::box<int> const&, long\)
// STDERR-HAS: #\d+ 0x\w+ in .*\{lambda.*\}.*
// STDERR-LACKS: _ZN

#include "leaktest.h"

namespace space
{
template <class T> struct box {
    template <class U> NOINLINE void fill(U)
    {
        use(new char[109]);
    }
};

NOINLINE box<int> operator+(const box<int> &a, long)
{
    box<int> b = a;
    b.fill('x');
    return b;
}
} // namespace space

int main()
{
    auto lambda = [](long n) { return space::box<int>() + n; };
    lambda(1);
    return 0;
}
