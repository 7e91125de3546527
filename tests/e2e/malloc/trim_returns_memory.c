// SPDX-License-Identifier: MIT
//
// After much was freed and malloc_trim called, the memory is the system's again.
//
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

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
    static char *p[20000];
    long before = resident_kib();
    for (size_t i = 0; i < ARRAY_SIZE(p); i++) {
        p[i] = malloc(10000);
        memset(p[i], 1, 10000);
    }
    CHECK(resident_kib() - before > 150 << 10);
    for (size_t i = 0; i < ARRAY_SIZE(p); i++)
        free(p[i]);
    malloc_trim(0);
    CHECK(resident_kib() - before < 40 << 10);
    return 0;
}
