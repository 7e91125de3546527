// SPDX-License-Identifier: MIT
//
// A calloc of 100 GB of which only some pages are touched costs those pages, also in the scan at
// exit, which finds the pointers in them.
//
// TIMEOUT: 10

#include "stress.h"

enum { PAGES = 100 };

static char *volatile huge;

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    size_t bytes = (size_t)100 << 30;
    huge = calloc(bytes / 8, 8);
    CHECK(huge);
    for (size_t i = 0; i < PAGES; i++) {
        char *at = huge + bytes / PAGES * i;
        CHECK(*(uint64_t *)at == 0);
        *(void **)at = malloc(100);
    }
    CHECK(status_bytes("VmRSS:") < (size_t)100 << 20);
    return stress_end();
}
