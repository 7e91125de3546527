// SPDX-License-Identifier: MIT
//
// Owns: signal() and sigaction() for programs under a preloaded LeakSanitizer, straight to glibc's.
// GCC 12's LeakSanitizer never finds the real ones when it is preloaded: its signal() calls a null
// pointer, so that perl, sqlite3 and git die at once, and its sigaction() does nothing.

#include <signal.h>
#include <string.h>

extern int __sigaction(int, const struct sigaction *, struct sigaction *);

int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    return __sigaction(number, action, old);
}

__sighandler_t signal(int number, __sighandler_t handler)
{
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    return __sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}
