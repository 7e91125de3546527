// SPDX-License-Identifier: MIT
//
// The program sees the file descriptors that it would see without us, also after much work.
//
// EXPECT: nothing

#include "leaktest.h"

#include <dirent.h>
#include <fcntl.h>

static void list(void)
{
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            printf("%s ", entry->d_name);
    printf("\n");
    closedir(folder);
}

int main(void)
{
    list();
    for (int i = 0; i < 10000; i++)
        free(malloc((size_t)i * 100));
    list();
    int fd = open("/dev/null", O_RDONLY);
    printf("%d\n", fd);
    close(fd);
    return 0;
}
