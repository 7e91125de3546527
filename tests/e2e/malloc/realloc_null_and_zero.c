// SPDX-License-Identifier: MIT
//
// realloc(NULL, n) allocates; realloc(p, 0) frees, returns NULL and leaves errno alone (glibc).
//
// EXPECT: nothing

#include "leaktest.h"

volatile size_t zero = 0;

int main(void)
{
    char *p = realloc(NULL, 10);
    CHECK(p != NULL);
    memset(p, 1, 10);
    errno = 4711;
    CHECK(realloc(p, zero) == NULL);
    CHECK(errno == 4711);
    p = reallocarray(NULL, 10, 10);
    CHECK(p != NULL);
    CHECK(reallocarray(p, 10, zero) == NULL);
    p = malloc(1 << 20);
    CHECK(realloc(p, zero) == NULL);
    CHECK(errno == 4711);
    return 0;
}
