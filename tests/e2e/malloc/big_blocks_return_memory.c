// SPDX-License-Identifier: MIT
//
// A freed big block is the system's again at once: a loop of 200 times 50 MB fits into little.
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
    for (int i = 0; i < 50; i++) {
        char *p = malloc(50 << 20);
        CHECK(p != NULL);
        memset(p, 1, (50 << 20) / (size_t)(1 + i % 5));
        use(p);
        free(p);
    }
    CHECK(resident_kib() - before < 150 << 10);
    return 0;
}
