// SPDX-License-Identifier: MIT
//
// What the options fuzzer runs: it prints, reads its environment, leaks, and ends with status 7.

#include "../stress/stress.h"

int main(void)
{
    hidden_malloc(100);
    puts("the program's own words");
    return 7;
}
