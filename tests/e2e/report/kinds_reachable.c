// SPDX-License-Identifier: MIT
//
// kinds=reachable shows what is still there at the end.
//
// ENV: LEAKGC_OPTIONS=kinds=reachable
// EXPECT: reachable 48 1
// STDERR-HAS: ^Still reachable: 48 byte\(s\) in 1 object\(s\) allocated from:$

#include "leaktest.h"

void *root;

int main(void)
{
    root = malloc(48);
    return 0;
}
