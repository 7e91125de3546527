// SPDX-License-Identifier: MIT
//
// Frames of libc between the program's: qsort and its merge sort.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\w+ in compare [^!]* in \w*qsort[^!]* in sort [^!]* in main

#include "leaktest.h"

static NOINLINE int compare(const void *a, const void *b)
{
    static int calls;
    if (calls++ == 0)
        use(malloc(109)); // LEAK: definite 109 1
    return *(const int *)a - *(const int *)b;
}

static NOINLINE void sort(void)
{
    int numbers[] = {3, 1, 2};
    qsort(numbers, 3, sizeof numbers[0], compare);
    CHECK(numbers[0] == 1 && numbers[2] == 3);
}

int main(void)
{
    sort();
    return 0;
}
