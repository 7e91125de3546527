// SPDX-License-Identifier: MIT
//
// A program that takes access from pages of its own blocks, and gives it back, while scans go on.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=1ms:scan_log=scans
// CONTROL: snapshot=stop => nothing
// CONTROL: snapshot=fork => nothing
// EXPECT: nothing

#include "livetest.h"

#include <sys/mman.h>

enum { BLOCKS = 16, BYTES = 64 << 10, PAGE = 4096 };

int main(void)
{
    static void *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        CHECK(!posix_memalign(&block[i], PAGE, BYTES));
        memset(block[i], 0, BYTES);
    }
    wait_scans(1);
    for (int i = 0; i < 5000; i++) {
        char *page = (char *)block[i % BLOCKS] + PAGE * (i % 13);
        CHECK(!mprotect(page, PAGE, PROT_NONE));
        if (i % 100 == 0)
            usleep(1000);
        CHECK(!mprotect(page, PAGE, PROT_READ | PROT_WRITE));
    }
    wait_scans(1);
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
    return 0;
}
