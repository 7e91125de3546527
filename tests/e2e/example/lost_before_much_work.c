// SPDX-License-Identifier: MIT
//
// Ordinary work after the loss: formatting, sorting, files, deep recursion. Whatever it leaves on
// the dead stack, the block is lost.
//
// CFLAGS: -O0 | -O1 | -O2 | -Os
// EXPECT: definite 100 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    char *p = malloc(100); // LEAK: definite 100 1
    strcpy(p, "a text");
    use(p);
}

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static NOINLINE int deep(int n)
{
    volatile int here = n;
    return n == 0 ? 0 : 1 + deep(here - 1);
}

int main(void)
{
    lose();
    int numbers[300];
    for (int i = 0; i < 300; i++)
        numbers[i] = (i * 7919) % 300;
    qsort(numbers, 300, sizeof numbers[0], by_value);
    FILE *file = fopen("out.txt", "w");
    CHECK(file != NULL);
    fprintf(file, "%d %d\n", numbers[0], deep(100));
    fclose(file);
    printf("%d\n", numbers[299]);
    return 0;
}
