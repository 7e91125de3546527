// SPDX-License-Identifier: MIT
//
// When the program gives up its privileges, no thread keeps them, and scans go on.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=50ms:scan_log=scans
// EXPECT: nothing

#include "livetest.h"

#include <dirent.h>
#include <sys/stat.h>

static void check_users(const char *wanted)
{
    DIR *folder = opendir("/proc/self/task");
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[300], line[256];
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        while (file && fgets(line, sizeof line, file))
            if (!strncmp(line, "Uid:", 4) || !strncmp(line, "Gid:", 4))
                CHECK(!strcmp(line + 4, wanted));
        if (file)
            fclose(file);
    }
    closedir(folder);
}

int main(void)
{
    if (geteuid() != 0)
        SKIP("only root can become somebody else");
    CHECK(!chmod(".", 0777));
    wait_scans(2);
    chmod("scans", 0666);
    CHECK(!setgid(65534) && !setuid(65534));
    check_users("\t65534\t65534\t65534\t65534\n");
    wait_scans(2);
    check_users("\t65534\t65534\t65534\t65534\n");
    return 0;
}
