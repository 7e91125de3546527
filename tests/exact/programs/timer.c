// SPDX-License-Identifier: MIT
//
// A timer interrupts code that never allocates, at arbitrary instructions: prologues, epilogues,
// leaf functions, libc's string functions, PLT stubs, the vDSO. The handler allocates.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer -Wl,-z,lazy | clang -O2 | gcc -O2 -fno-asynchronous-unwind-tables -g0
// captures: 400

#include "exact.h"

#include <ctype.h>
#include <math.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile int taken, sum;
static char text[4096];

static NOINLINE void deep(int left)
{
    if (left)
        deep(left - 1);
    else
        touch_all(5);
    sum++;
}

static void on_timer(int number)
{
    (void)number;
    deep(2);
    taken++;
}

static NOINLINE int leaf(int n)
{
    return n * 3 + 1;
}

static NOINLINE int many_registers(int a, int b)
{
    volatile char room[300];
    int c = leaf(a), d = leaf(b), e = leaf(c + 1), f = leaf(d + 1), g = leaf(e), h = leaf(f);
    room[a & 255] = (char)h;
    return a + b + c + d + e + f + g + h + leaf(room[0]);
}

static NOINLINE int sized(int n)
{
    char room[(n & 255) + 1];
    memset(room, n, sizeof room);
    return leaf(room[n & 3 & (int)(sizeof room - 1)]);
}

static NOINLINE void work(int n)
{
    struct timespec now;
    sum += many_registers(n, n + 1);
    sum += sized(n);
    sum += (int)strlen(text) + toupper(n & 127) + (int)getppid();
    clock_gettime(CLOCK_MONOTONIC, &now);
    sum += (int)now.tv_nsec + (int)sin(n) + abs((int)strtol("123", NULL, 10));
    memmove(text, text + 1, 1000);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};
    memset(text, 'x', sizeof text - 1);
    CHECK(!sigaction(SIGALRM, &action, NULL));
    CHECK(!setitimer(ITIMER_REAL, &often, NULL));
    time_t begin = time(NULL);
    for (int i = 0; taken < 1000 && time(NULL) - begin < 10; i++)
        work(i);
    CHECK(!setitimer(ITIMER_REAL, &never, NULL));
    return 0;
}
