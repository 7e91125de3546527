// SPDX-License-Identifier: MIT
//
// A vector made by new with ten long strings, known by a global.
//
// EXPECT: nothing
// KEPT: 1334 12
// GONE: definite 24 1; indirect 1310 11

#include "truth.h"

#include <string>
#include <vector>

std::vector<std::string> *root;

static NOINLINE void fill()
{
    root = new std::vector<std::string>(10);
    for (std::string &s : *root)
        s = std::string(98, 'x');
    use(root);
}

int main()
{
    fill();
    FORGET(root);
    TRUTH_POINT();
    return 0;
}
