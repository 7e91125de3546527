// SPDX-License-Identifier: MIT
//
// Memory shared with other processes is no root unless the program says so. Pages in the region that can't be
// read are passed over. A region goes away by its exact pair; registered twice it has to go twice.
//
// EXPECT: nothing
// CONTROL: use_root_regions=0 => definite 30 2
// CONTROL: -DNOT => definite 30 2
// CONTROL: -DREMOVED => definite 30 2
// CONTROL: -DSHORT => definite 20 1

#include "apitest.h"

#include <sys/mman.h>

static NOINLINE void put(void **place, size_t bytes)
{
    *place = malloc(bytes);
}

int main(void)
{
    enum { PAGE = 4096, BYTES = 3 * PAGE };
    char *shared = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    put((void **)shared, 10);
    put((void **)(shared + 2 * PAGE), 20);
    CHECK(mprotect(shared + PAGE, PAGE, PROT_NONE) == 0);
#ifndef NOT
    if (WITH) {
#ifdef SHORT
        CHECK(leakgc_add_root(shared, 8) == 0);
#else
        __lsan_register_root_region(shared, BYTES);
        CHECK(leakgc_add_root(shared, BYTES) == 0);
#endif
        CHECK(leakgc_add_root(shared, SIZE_MAX) == -1);
        CHECK(leakgc_remove_root(shared, 1) == -1);
        CHECK(leakgc_remove_root(shared + 8, BYTES) == -1);
#ifndef SHORT
        CHECK(leakgc_remove_root(shared, BYTES) == 0); // the other one is there
#endif
#ifdef REMOVED
        __lsan_unregister_root_region(shared, BYTES);
        CHECK(leakgc_remove_root(shared, BYTES) == -1);
#endif
    }
#endif
    return 0;
}
