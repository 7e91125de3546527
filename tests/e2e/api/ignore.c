// SPDX-License-Identifier: MIT
//
// An ignored block is no leak, nor is what it reaches; a pointer into the middle names it too. Small and
// large blocks. What is no block is refused.
//
// EXPECT: nothing
// CONTROL: -DNOT => definite 2000100 2; indirect 10 1
// CONTROL: -DFREED => definite 2000000 1

#include "apitest.h"

static NOINLINE void lose(void)
{
    char *small = malloc(100);
    char *large = malloc(2000000);
    *(void **)small = malloc(10);
#ifndef NOT
    if (WITH) {
        CHECK(leakgc_ignore(small + 50) == 0);
        CHECK(leakgc_ignore(&small) == -1 && leakgc_ignore(NULL) == -1);
        __lsan_ignore_object(small); // again
        __lsan_ignore_object(large + 1999999);
    }
#endif
#ifdef FREED // another block in its place is not ignored
    free(*(void **)small);
    free(small);
    free(large);
    if (WITH)
        CHECK(leakgc_ignore(large) == -1);
    use(malloc(2000000));
#endif
    use(small);
    use(large);
}

int main(void)
{
    lose();
    return 0;
}
