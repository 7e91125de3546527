// SPDX-License-Identifier: MIT
//
// A private mapping of a file that was truncated later: reading it would raise SIGBUS. The scan
// lives on, and the part that is still there counts.
//
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: use_mapped=0 => definite 1009 1

#include "leaktest.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    int fd = open("file", O_RDWR | O_CREAT, 0600);
    CHECK(fd >= 0 && ftruncate(fd, 1 << 20) == 0);
    void **map = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(map != MAP_FAILED);
    map[1] = malloc(1009);
    CHECK(ftruncate(fd, 4096) == 0);
    return 0;
}
