// SPDX-License-Identifier: MIT
//
// There is no thread more than the program's own.
//
// EXPECT: nothing

#include "leaktest.h"

#include <dirent.h>

int main(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/task");
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    CHECK(count == 1);
    return 0;
}
