// SPDX-License-Identifier: MIT
//
// RLIMIT_AS of 20 MB: whatever the library can't do, the program works and ends as it should.
//
// STATUS: 7
// LOG: allowed
// PLAIN: no
// STDOUT: worked
// STDERR-LACKS: Segmentation|terminate
// STDERR-HAS: ^

#include "leaktest.h"

#include <sys/resource.h>

int main(int argc, char **argv)
{
    if (argc == 1) {
        struct rlimit limit = {20 << 20, 20 << 20};
        CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    char *p = malloc(1 << 20);
    CHECK(p != NULL);
    memset(p, 1, 1 << 20);
    free(p);
    for (int i = 0; i < 1000; i++)
        free(malloc((size_t)i * 10));
    printf("worked\n");
    return 7;
}
