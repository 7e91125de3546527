// SPDX-License-Identifier: MIT
//
// A variable of main's thread-local storage.
//
// EXPECT: definite 62 1

#include "truth.h"

static __thread char *mine;

static NOINLINE void lose(void)
{
    mine = malloc(62);
    use(&mine);
    mine = NULL;
    use(&mine);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
