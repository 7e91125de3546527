// SPDX-License-Identifier: MIT
//
// free(NULL) does nothing.
//
// EXPECT: nothing

#include "leaktest.h"

void *volatile null;

int main(void)
{
    errno = 4711;
    for (int i = 0; i < 100; i++)
        free(null);
    CHECK(errno == 4711);
    return 0;
}
