// SPDX-License-Identifier: MIT
//
// A daemon that has given up its user may not be dumped, and so not read /proc/self/pagemap: memory of its own that
// it has made read-only is a root all the same.
//
// CFLAGS: -O2
// ORACLE: not valgrind: it reads writable memory only
// ORACLE: not lsan: it does not know mapped memory
// EXPECT: nothing
// CONTROL: -DCLEARED => definite 777 1

#include "leaktest.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

static void **table;

int main(void)
{
    enum { NOBODY = 65534, BYTES = 4096 };
    table = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(table != MAP_FAILED);
    *table = malloc(777); // LEAK: definite 777 1
    use(*table);
#ifdef CLEARED
    *table = NULL;
#endif
    CHECK(!mprotect(table, BYTES, PROT_READ));
    CHECK(geteuid() != 0 || !setuid(NOBODY));
    CHECK(!prctl(PR_SET_DUMPABLE, 0));
    CHECK(open("/proc/self/pagemap", O_RDONLY) < 0);
    return 0;
}
