// SPDX-License-Identifier: MIT
//
// What a small program pays: less than 20 MB more of resident memory.
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
    free(malloc(100));
    CHECK(resident_kib() < 22 << 10);
    return 0;
}
