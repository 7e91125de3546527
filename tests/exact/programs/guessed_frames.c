// SPDX-License-Identifier: MIT
//
// Code without unwind information but with frame pointers, called by itself, by functions that have
// unwind information, and by the C library: the guess is right, and what comes above it is found by
// rules again. libunwind's cursor loses its way there, so the truth is stated: what is lost, where.
//
// flags: gcc -O0 -fno-asynchronous-unwind-tables | gcc -O1 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables
// flags: gcc -O2 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -no-pie
// flags: clang -O2 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables | gcc -O2
// captures: 100
// uses: uncompared<10000
// stack: leaf < middle < middle < middle < bottom < main
// stack: leaf < compare < * < sort < bottom < main
// stack: leaf < middle < in_thread < *

#include "exact.h"

#include <pthread.h>

static volatile int sum;
static volatile int lose;

static NOINLINE void leaf(int n)
{
    void *p = malloc((size_t)n + 1);
    use(p);
    if (!lose)
        free(p);
    ENDS;
}

static NOINLINE void middle(int left, int n)
{
    volatile char room[40];
    room[0] = 1;
    if (left)
        middle(left - 1, n);
    else
        leaf(n);
    sum++;
}

static NOINLINE int compare(const void *a, const void *b)
{
    leaf(*(const int *)a & 31);
    ENDS;
    return *(const int *)a - *(const int *)b;
}

static NOINLINE void sort(int count)
{
    int numbers[16];
    for (int i = 0; i < 16; i++)
        numbers[i] = 16 - i;
    qsort(numbers, (size_t)count, sizeof *numbers, compare);
    sum++;
}

static NOINLINE void *in_thread(void *unused)
{
    middle(0, 3);
    sum++;
    return unused;
}

static NOINLINE void bottom(void)
{
    pthread_t thread;
    middle(2, 10);
    sort(lose ? 2 : 16);
    CHECK(!pthread_create(&thread, NULL, in_thread, NULL));
    pthread_join(thread, NULL);
    sum++;
}

int main(void)
{
    for (int i = 0; i < 101; i++) {
        lose = i == 50; // stacks that were seen before
        bottom();
    }
    return 0;
}
