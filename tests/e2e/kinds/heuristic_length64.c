// SPDX-License-Identifier: MIT
//
// memcheck's heuristic length64: a block that begins with the length of the rest, and whose owner
// keeps a pointer to the byte after it (sqlite's allocator does so), is reachable.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing
// CONTROL: -DNO_LENGTH => possible 48 1
// CONTROL: heuristics=none => possible 48 1
// CONTROL: heuristics=stdstring,multipleinheritance => possible 48 1
// CONTROL: heuristics=length64 => nothing

#include "leaktest.h"

uint64_t *root;

int main(void)
{
    root = malloc(48);
#ifdef NO_LENGTH
    root[0] = 12345;
#else
    root[0] = 48 - 8;
#endif
    root++;
    return 0;
}
