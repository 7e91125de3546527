// SPDX-License-Identifier: MIT
//
// A program that maps a file over pages of its own block, and truncates it: reading there would raise
// SIGBUS. The scan goes round it.
//
// EXPECT: nothing
// CONTROL: -DLOSE => definite 1009 1

#include "leaktest.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { PAGE = 4096 };
char *block;

static NOINLINE void fill(void)
{
    void *p = malloc(1009);
    use(p);
    *(void **)(block + 12 * PAGE) = p;
#ifdef LOSE
    *(void **)(block + 12 * PAGE) = NULL;
#endif
}

int main(void)
{
    block = aligned_alloc(PAGE, 16 * PAGE);
    CHECK(block != NULL);
    int fd = open(".", O_TMPFILE | O_RDWR, 0600);
    if (fd < 0)
        SKIP("the file system has no unnamed files");
    CHECK(ftruncate(fd, 4 * PAGE) == 0);
    CHECK(mmap(block + 4 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) !=
          MAP_FAILED);
    CHECK(ftruncate(fd, 0) == 0);
    fill();
    return 0;
}
