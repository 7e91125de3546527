// SPDX-License-Identifier: MIT
//
// Owns: signal() for programs under a preloaded LeakSanitizer. GCC 12's calls through a null pointer there,
// so that perl, sqlite3 and git die at once; its sigaction() is all right.

#include <signal.h>
#include <string.h>

__sighandler_t signal(int number, __sighandler_t handler)
{
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}
