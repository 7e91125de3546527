// SPDX-License-Identifier: MIT
//
// The first call of a comparison allocates, below a function of the C library.
//
// EXPECT: definite 40 1

#include "truth.h"

static void *scratch;

static int order(const void *a, const void *b)
{
    if (!scratch) {
        scratch = malloc(40);
        use(scratch);
    }
    return *(const char *)a - *(const char *)b;
}

static NOINLINE void lose(void)
{
    char text[] = "unsorted";
    qsort(text, 8, 1, order);
    use(text);
    scratch = NULL;
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
