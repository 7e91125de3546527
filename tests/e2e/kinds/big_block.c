// SPDX-License-Identifier: MIT
//
// Big blocks: a lost one of 100 MB, and one that holds the only pointer to another, far inside.
//
// EXPECT: definite 104857600 1
// CONTROL: -DLOSE_HOLDER => definite 138412032 2; indirect 50 1

#include "leaktest.h"

void **holder;
void *big;

int main(void)
{
    holder = malloc(32u << 20);
    holder[3000000] = malloc(50);
    big = malloc(100u << 20);
    use(big);
    big = NULL;
#ifdef LOSE_HOLDER
    use(holder);
    holder = NULL;
    clobber();
#endif
    return 0;
}
