// SPDX-License-Identifier: MIT
//
// What `kinds` does not name does not count for exitcode.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// EXPECT: nothing

#include "leaktest.h"

char *root;

int main(void)
{
    root = malloc(100);
    use(root);
    root += 50;
    return 0;
}
