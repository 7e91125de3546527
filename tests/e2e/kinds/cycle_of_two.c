// SPDX-License-Identifier: MIT
//
// A cycle has exactly one leader.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: definite 48 1; indirect 48 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void **node[2];
    for (int i = 0; i < 2; i++)
        node[i] = calloc(1, 48);
    node[0][0] = node[1];
    node[1][0] = node[0];
    use(node);
}

int main(void)
{
    lose();
    return 0;
}
