// SPDX-License-Identifier: MIT
//
// errno is EINTR from an interrupted call when the program allocates: what unwinds the stack must not
// take it for its own, and errno stays.
//
// EXPECT: nothing
// STDOUT: kept

#include "leaktest.h"

#include <errno.h>
#include <stdio.h>

int main(void)
{
    errno = EINTR;
    void *p = malloc(10);
    use(p);
    puts(errno == EINTR ? "kept" : "lost");
    free(p);
    return 0;
}
