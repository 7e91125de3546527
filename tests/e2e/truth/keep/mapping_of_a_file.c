// SPDX-License-Identifier: MIT
//
// A private mapping of a file, in which the program wrote.
//
// EXPECT: nothing
// KEPT: 1040 1

#include "truth.h"

#include <fcntl.h>
#include <sys/mman.h>

static void **page;

static NOINLINE void fill(void)
{
    int file = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && ftruncate(file, 4096) == 0);
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    CHECK(page != MAP_FAILED);
    close(file);
    page[9] = malloc(1040);
}

int main(void)
{
    fill();
    FORGET(page[9]);
    TRUTH_POINT();
    return 0;
}
