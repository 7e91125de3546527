// SPDX-License-Identifier: MIT
//
// All kinds in one program, with exact amounts.
//
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: definite 130 3; indirect 2300 4; possible 72 2; reachable 4000 2

#include "leaktest.h"

void **kept;
char *middle;

static NOINLINE void lose(void)
{
    void **a = calloc(1, 100); // LEAK: definite 100 1
    a[0] = malloc(1000);       // LEAK: indirect 1000 1
    a[1] = malloc(300);        // LEAK: indirect 300 1
    use(a);
    void *b = malloc(10); // LEAK: definite 10 1
    use(b);
    void **c = malloc(20);     // LEAK: definite 20 1
    c[1] = malloc(500);        // LEAK: indirect 500 1
    void **d = calloc(1, 500); // LEAK: indirect 500 1
    c[0] = d;
    use(c);
}

int main(void)
{
    lose();
    kept = calloc(1, 3000);
    kept[100] = malloc(1000);
    void **m = calloc(1, 40); // LEAK: possible 40 1
    m[2] = malloc(32);        // LEAK: possible 32 1
    middle = (char *)m + 12;
    return 0;
}
