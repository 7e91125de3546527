// SPDX-License-Identifier: MIT
//
// A program that ours executes inherits no descriptor of us.
//
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    use(stdout);
    fflush(stdout);
    CHECK(system("ls /proc/self/fd | wc -l") == 0);
    return 0;
}
