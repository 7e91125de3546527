// SPDX-License-Identifier: MIT
//
// What `kinds` names counts for exitcode.
//
// ENV: LEAKGC_OPTIONS=exitcode=23:kinds=possible
// STATUS: 23
// EXPECT: possible 100 1

#include "leaktest.h"

char *root;

int main(void)
{
    root = malloc(100); // LEAK: possible 100 1
    use(root);
    root += 50;
    return 0;
}
