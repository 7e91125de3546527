// SPDX-License-Identifier: MIT
//
// Ten thousand empty blocks are ten thousand addresses.
//
// ORACLE: not lsan: it counts an empty block as one byte
// EXPECT: definite 0 9999

#include "leaktest.h"

volatile size_t zero = 0;
void *kept;

int main(void)
{
    char *last = NULL;
    for (int i = 0; i < 10000; i++) {
        char *p = malloc(zero); // LEAK: definite 0 9999
        CHECK(p != NULL && p != last);
        last = p;
    }
    kept = last;
    return 0;
}
