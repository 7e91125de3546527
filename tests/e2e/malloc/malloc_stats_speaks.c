// SPDX-License-Identifier: MIT
//
// malloc_stats writes to stderr and returns.
//
// PLAIN: no
// STDERR-HAS: .
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

int main(void)
{
    char *p = malloc(1000);
    malloc_stats();
    free(p);
    return 0;
}
