// SPDX-License-Identifier: MIT
//
// A site is told once, and again when what it lost has doubled; the report says since when.
//
// CFLAGS: -O1
// ENV: LEAKGC_OPTIONS=interval=50ms:min_age=0:scan_log=scans
// EXPECT: definite 400 4
// EXPECT: definite 800 8
// EXPECT: definite 800 8
// STDERR-HAS: grown since scan \d+ \(\d+\.\d s\): from 400 byte\(s\) in 4 object\(s\) to 800 byte\(s\) in 8

#include "livetest.h"

static NOINLINE void lose(void)
{
    use(malloc(100));
    clobber();
}

int main(void)
{
    for (int i = 0; i < 8; i++) {
        lose(); // one site
        if (i == 3 || i == 6)
            wait_scans(4);
    }
    wait_scans(4);
    return 0;
}
