// SPDX-License-Identifier: MIT
//
// Where the library is switched off its functions say so.
//
// ENV: LEAKGC_ENABLED=0
// EXPECT: no report

#include "apitest.h"

int main(void)
{
    void *p = malloc(10);
    if (WITH) {
        leakgc_disable();
        leakgc_enable();
        CHECK(leakgc_mark() == 0 && leakgc_leaks_since(1, NULL) == -1);
        CHECK(leakgc_scan() == -1 && leakgc_poll() == -1);
        __lsan_do_leak_check();
        CHECK(__lsan_do_recoverable_leak_check() == 0);
    }
    use(p);
    return 0;
}
