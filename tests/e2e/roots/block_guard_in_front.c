// SPDX-License-Identifier: MIT
//
// A stack for a coroutine, from the heap, with an unreadable page at its low end: what the program
// keeps is a pointer to its top. Deciding on that pointer must not read the guard.
//
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: possible 67617 2
// CONTROL: -DNO_GUARD => possible 67617 2
// CONTROL: -DLOSE => definite 66608 1; indirect 1009 1

#include "leaktest.h"

#include <sys/mman.h>

enum { PAGE = 4096, BYTES = 16 * PAGE + 1072 };
char *top;

static NOINLINE void make(void)
{
    char *stack = aligned_alloc(PAGE, BYTES);
    CHECK(stack != NULL);
    memset(stack, 0, BYTES);
    top = stack + BYTES - 64;
    *(void **)top = malloc(1009);
#ifndef NO_GUARD
    CHECK(mprotect(stack, PAGE, PROT_NONE) == 0);
#endif
#ifdef LOSE
    top = NULL;
#endif
}

int main(void)
{
    make();
    return 0;
}
