// SPDX-License-Identifier: MIT
//
// A folder that is opened, read and closed.
//
// EXPECT: nothing

#include "truth.h"

#include <dirent.h>

static NOINLINE void lose(void)
{
    DIR *folder = opendir("/proc");
    CHECK(readdir(folder) != NULL);
    closedir(folder);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
