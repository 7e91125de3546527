// SPDX-License-Identifier: MIT
//
// A program that closes every descriptor is scanned on.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:scan_log=scans
// EXPECT: nothing

#include "livetest.h"

int main(void)
{
    wait_scans(2);
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    wait_scans(3);
    CHECK(scan_lines("failure") == 0);
    return 0;
}
