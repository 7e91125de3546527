// SPDX-License-Identifier: MIT
//
// Without leaks no report file is made, or it stays empty.
//
// ENV: LEAKGC_OPTIONS=report={TMP}/leaks.txt
// EXPECT: no report

#include "leaktest.h"

int main(void)
{
    free(malloc(10));
    CHECK(access("leaks.txt", F_OK) != 0);
    return 0;
}
