// SPDX-License-Identifier: MIT
//
// new[] of no elements, where the pointer stands just behind the block's only word.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing
// CONTROL: heuristics=none => nothing
// ORACLE: not valgrind: it doesn't know the case, LeakSanitizer does

#include <cstdlib>

struct item {
    long value = 0;
    ~item()
    {
        value = 1;
    }
};

item *root;
volatile int none = 0;

int main()
{
    root = new item[none];
    return 0;
}
