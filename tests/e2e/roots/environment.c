// SPDX-License-Identifier: MIT
//
// Strings given to putenv, and the environment that setenv has allocated.
//
// ORACLE: not valgrind: it has libc free the environment first
// EXPECT: nothing
// CONTROL: use_globals=0 => has indirect 1009 1

#include "leaktest.h"

int main(void)
{
    char *text = malloc(1009);
    strcpy(text, "LEAKTEST_A=some value");
    CHECK(putenv(text) == 0);
    CHECK(setenv("LEAKTEST_B", "another value", 1) == 0);
    CHECK(setenv("LEAKTEST_B", "a third, much longer value that needs another block", 1) == 0);
    return 0;
}
