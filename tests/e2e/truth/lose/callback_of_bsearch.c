// SPDX-License-Identifier: MIT
//
// Every comparison of a search makes a key and forgets it: three comparisons of seven elements.
//
// EXPECT: definite 315 3

#include "truth.h"

static int order(const void *key, const void *element)
{
    int *copy = malloc(105);
    *copy = *(const int *)key;
    use(copy);
    return *copy - *(const int *)element;
}

static NOINLINE void lose(void)
{
    static const int number[7] = {1, 2, 3, 4, 5, 6, 7};
    int key = 1;
    CHECK(bsearch(&key, number, 7, sizeof key, order) == number);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
