// SPDX-License-Identifier: MIT
//
// exitcode changes nothing when nothing leaks.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    free(malloc(10));
    return 0;
}
