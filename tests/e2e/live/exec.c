// SPDX-License-Identifier: MIT
//
// exec while scans go on: the new program begins afresh.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=5ms:scan_log=scans
// EXPECT: nothing

#include "livetest.h"

int main(int argc, char **argv)
{
    wait_scans(2);
    if (argc < 3) {
        char *more[] = {argv[0], argc > 1 ? "second" : "first", argc > 1 ? "third" : NULL, NULL};
        execv("/proc/self/exe", more);
        CHECK(!"exec");
    }
    return 0;
}
