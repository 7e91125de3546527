// SPDX-License-Identifier: MIT
//
// posix_spawn, system and popen.
//
// EXPECT: nothing

#include "leaktest.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(void)
{
    char *arguments[] = {"true", NULL};
    pid_t pid;
    int status = -1;
    CHECK(posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(WEXITSTATUS(system("exit 5")) == 5);
    FILE *file = popen("echo from a shell", "r");
    char line[100] = "";
    CHECK(file != NULL && fgets(line, sizeof line, file) != NULL);
    CHECK(strcmp(line, "from a shell\n") == 0);
    CHECK(pclose(file) == 0);
    return 0;
}
