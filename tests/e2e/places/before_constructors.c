// SPDX-License-Identifier: MIT
//
// Allocations before any constructor ran, the library's own included: from .preinit_array.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

void *kept;

static NOINLINE void lose(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
}

static void early(int argc, char **argv, char **envp)
{
    (void)argc, (void)argv, (void)envp;
    lose();
    kept = calloc(10, 100);
    kept = realloc(kept, 2000);
}

__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **,
                                                                            char **) = early;

int main(void)
{
    kept = realloc(kept, 3000);
    free(kept);
    kept = malloc(10);
    return 0;
}
