// SPDX-License-Identifier: MIT
//
// For programs that are scanned while they run, with the options scan_log=scans and interval=...:
//
//   wait_scans(n)   waits until n more scans than now are in the log, and allocates meanwhile, so
//                   that the scanning thread starts; without the library it returns at once
//   scan_lines(w)   how many lines of the log have the word w

#ifndef LIVETEST_H
#define LIVETEST_H

#include "leaktest.h"

#include <dlfcn.h>

UNUSED static int scan_lines(const char *word)
{
    static char line[4096];
    int count = 0;
    FILE *file = fopen("scans", "r");
    while (file && fgets(line, sizeof line, file))
        count += strstr(line, word) != NULL;
    if (file)
        fclose(file);
    return count;
}

UNUSED static void wait_scans(int n)
{
    enum { MOST = 3000 };
    if (!dlsym(RTLD_DEFAULT, "leakgc_scan"))
        return;
    int wanted = scan_lines("result=ok") + n;
    for (int i = 0; scan_lines("result=ok") < wanted; i++) {
        CHECK(i < MOST);
        void *p = malloc(300000);
        use(p);
        free(p);
        usleep(5000);
    }
}

#endif
