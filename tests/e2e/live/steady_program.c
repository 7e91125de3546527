// SPDX-License-Identifier: MIT
//
// A program that takes and frees the same few blocks again and again, for which the allocator has nothing
// to do but hand them out, is scanned as any other.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:confirm=1:min_age=0:scan_log=scans
// EXPECT: definite 109 1
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "livetest.h"

#include <sys/stat.h>

static NOINLINE void lose(void)
{
    void *p = malloc(109);
    use(p);
#ifdef FIXED
    free(p);
#endif
    clobber();
}

int main(void)
{
    struct stat log = {.st_size = 0};
    lose();
    if (!dlsym(RTLD_DEFAULT, "leakgc_scan"))
        return 0;
    for (int round = 0; round < 12000 && (stat("scans", &log) || !log.st_size); round++) {
        for (int i = 0; i < 16; i++) {
            void *p = malloc(100);
            use(p);
            free(p);
        }
        usleep(1000);
    }
    CHECK(log.st_size > 0);
    return 0;
}
