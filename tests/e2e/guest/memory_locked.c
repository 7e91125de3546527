// SPDX-License-Identifier: MIT
//
// mlockall: the reserved address space must not turn into memory.
//
// EXPECT: nothing

#include "leaktest.h"

#include <fcntl.h>
#include <sys/mman.h>

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
    int fd = open("/proc/self/oom_score_adj", O_WRONLY); // if it goes wrong, it hits us
    if (fd >= 0) {
        CHECK(write(fd, "1000", 4) == 4);
        close(fd);
    }
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        SKIP("mlockall is not allowed here");
    void *p[100];
    for (int i = 0; i < 100; i++)
        p[i] = malloc((size_t)i * 100);
    for (int i = 0; i < 100; i++)
        free(p[i]);
    CHECK(resident_kib() < 500 << 10);
    return 0;
}
