// SPDX-License-Identifier: MIT
//
// A FILE that was never closed belongs to libc's list of open files, with its buffers.
//
// ORACLE: not valgrind: it has libc free its files first
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    FILE *file = fopen("out.txt", "w");
    CHECK(file != NULL);
    fprintf(file, "some text\n");
    CHECK(setvbuf(stdout, malloc(4000), _IOFBF, 4000) == 0);
    printf("more text\n");
    return 0;
}
