// SPDX-License-Identifier: MIT
//
// Blocks allocated between __lsan_disable and __lsan_enable are no leaks, nor is what they reach. Calls
// nest; realloc and calloc count too.
//
// EXPECT: nothing
// CONTROL: -DENABLED => definite 11110 4; indirect 1 1
// CONTROL: -DNOT_NESTED => definite 10000 1

#include "apitest.h"

static NOINLINE void lose_all(void)
{
    void **holder = malloc(10);
#ifndef ENABLED
    if (WITH) {
        __lsan_disable();
        __lsan_disable();
        __lsan_enable();
    }
#endif
    free(holder);
    holder = malloc(100);
    use(malloc(1000));
    use(realloc(NULL, 10));
#if defined(NOT_NESTED)
    if (WITH)
        __lsan_enable();
#endif
    use(calloc(100, 100));
#if !defined(ENABLED) && !defined(NOT_NESTED)
    if (WITH)
        __lsan_enable();
#endif
    *holder = malloc(1); // outside, and reached
    use(holder);
}

int main(void)
{
    lose_all();
    return 0;
}
