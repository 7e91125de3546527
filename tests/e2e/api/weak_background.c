// SPDX-License-Identifier: MIT
//
// The library's own thread finds that a block is lost but for a weak reference; it leaves the slot alone. The next
// leakgc_poll looks again, and tells.
//
// ENV: LEAKGC_OPTIONS=scan_log=scans:interval=100ms:min_age=0
// EXPECT: definite 30 1
// EXPECT: definite 30 1
// PLAIN: no
// CONTROL: snapshot=concurrent -DCONCURRENT => nothing

#include "apitest.h"
#include "livetest.h"

static void *slot;
static int calls;

static void told(void **at, void *arg)
{
    CHECK(at == &slot && !slot && arg == NULL);
    calls++;
}

static NOINLINE void fill(void)
{
    slot = malloc(30);
    CHECK(leakgc_weak_register(&slot, told, NULL) == 0);
}

int main(void)
{
    CHECK(WITH);
    fill();
    clobber();
    wait_scans(4);
#ifdef CONCURRENT // there it is a strong one
    CHECK(scan_lines("method=concurrent") > 0 || scan_lines("why=no_") > 0);
    CHECK(leakgc_weak_unregister(&slot) == 0);
    free(slot);
    return 0;
#endif
    CHECK(scan_lines("method=concurrent") == 0);
    CHECK(slot != NULL && calls == 0);
    CHECK(leakgc_poll() == 1 && calls == 1);
    CHECK(scan_lines("cause=api") == 1);
    CHECK(leakgc_poll() == 0 && scan_lines("cause=api") == 1);
    return 0;
}
