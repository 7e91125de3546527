// SPDX-License-Identifier: MIT
//
// Before main and after it: constructors, preinit and IFUNC resolvers (at start and, bound lazily, at
// the first call), handlers of atexit and on_exit, destructors, at_quick_exit in a child.
//
// flags: gcc -O0 -Wl,-z,lazy | gcc -O2 -Wl,-z,now | gcc -O2 -fno-omit-frame-pointer -no-pie -Wl,-z,lazy | clang -O2
// captures: 150
// processes: 3

#include "exact.h"

#include <sys/wait.h>

static volatile int sum;

static NOINLINE void deep(int left)
{
    if (left)
        deep(left - 1);
    else
        touch_all(5);
    sum++;
}

static void early(int count, char **arguments, char **environment)
{
    use(arguments);
    use(environment);
    deep(count + 1);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **,
                                                                            char **) = early;

__attribute__((constructor(101))) static void begin_1(void)
{
    deep(2);
}

__attribute__((constructor)) static void begin_2(void)
{
    deep(3);
}

__attribute__((destructor)) static void end(void)
{
    deep(4);
}

static void at_end(void)
{
    deep(5);
}

static void on_end(int status, void *unused)
{
    use(unused);
    deep(status & 3);
}

NOINLINE static int chosen(int n)
{
    deep(n);
    return n;
}

// Runs while the loader binds the name.
static int (*choose(void))(int)
{
    char *p = malloc(10);
    use(p);
    free(p);
    return chosen;
}
int picked(int) __attribute__((ifunc("choose")));

int main(void)
{
    atexit(at_end);
    atexit(at_end);
    on_exit(on_end, NULL);
    at_quick_exit(at_end);
    for (int i = 0; i < 20; i++)
        picked(i % 4);
    for (int i = 0; i < 3; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (!child) {
            deep(i);
            if (i == 0)
                quick_exit(0);
            if (i == 1)
                exit(0);
            _exit(0);
        }
        int status;
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        deep(i);
    }
    return 0;
}
