// SPDX-License-Identifier: MIT
//
// Root regions count in all sorts of scans of the living program. A copy of the process would share the
// region with the program, so a scan by copy is not made.
//
// ENV: LEAKGC_OPTIONS=scan_log=scans:interval=100ms:min_age=0
// EXPECT: nothing
// CONTROL: -DNOT => has definite 30 1
// CONTROL: snapshot=fork -DFORK => nothing

#include "apitest.h"
#include "livetest.h"

#include <sys/mman.h>

static NOINLINE void put(void **place)
{
    *place = malloc(30);
}

int main(void)
{
    void **shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    put(shared);
#ifndef NOT
    if (WITH)
        CHECK(leakgc_add_root(shared, 4096) == 0);
#endif
    clobber();
    wait_scans(3);
#ifdef FORK
    if (WITH)
        CHECK(scan_lines("why=root_region_shared") > 0 && scan_lines("method=fork") == 0);
#endif
    free(*shared);
#ifdef NOT
    *shared = NULL;
#endif
    return 0;
}
