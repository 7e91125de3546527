// SPDX-License-Identifier: MIT
//
// The classic leak of C++: two objects that own each other by shared_ptr. One record of each kind.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: definite 96 1; indirect 96 1
// CONTROL: -DBROKEN_CYCLE => nothing
// ORACLE: not valgrind: each object's pointer to itself in its weak part makes it guess otherwise

#include <memory>

struct item {
    std::shared_ptr<item> other;
    char payload[64] = {};
};

int main()
{
    auto a = std::make_shared<item>();
    auto b = std::make_shared<item>();
    a->other = b;
    b->other = a;
#ifdef BROKEN_CYCLE
    a->other.reset();
#endif
    return 0;
}
