// SPDX-License-Identifier: MIT
//
// The environment is the one that the program was given, for itself and for the programs it executes.
//
// EXPECT: nothing

#include "leaktest.h"

extern char **environ;

int main(int argc, char **argv)
{
    for (char **e = environ; *e != NULL; e++)
        if (strncmp(*e, "LD_PRELOAD=", 11) != 0 && strncmp(*e, "LEAKGC_", 7) != 0)
            puts(*e);
    printf("%s %s\n", program_invocation_short_name, getenv("HOME"));
    fflush(stdout);
    if (argc == 1)
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    return 0;
}
