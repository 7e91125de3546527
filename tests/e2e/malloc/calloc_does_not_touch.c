// SPDX-License-Identifier: MIT
//
// calloc of a fresh gigabyte costs no memory until it is used.
//
// EXPECT: nothing

#include "leaktest.h"

static long resident_kib(void)
{
    char line[200];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        sscanf(line, "VmRSS: %ld", &kib);
    fclose(file);
    return kib;
}

int main(void)
{
    long before = resident_kib();
    char *p = calloc(1, 1 << 30);
    CHECK(p != NULL);
    CHECK(p[12345678] == 0);
    CHECK(resident_kib() - before < 64 << 10);
    free(p);
    return 0;
}
