// SPDX-License-Identifier: MIT
//
// new[] of a class with a destructor puts the number of elements before the array, so the program
// has no pointer to the block's start. It isn't lost (memcheck's heuristic newarray).
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing
// CONTROL: heuristics=length64,stdstring,multipleinheritance => possible 232 1
// CONTROL: heuristics=newarray => nothing

#include <cstdlib>

struct item {
    long value = 0;
    char more[24] = {};
    ~item()
    {
        value = 1;
    }
};

item *root;

int main()
{
    root = new item[7];
    return 0;
}
