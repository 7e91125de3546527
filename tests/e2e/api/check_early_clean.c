// SPDX-License-Identifier: MIT
//
// When the check was made early and found nothing, the status stays, whatever is lost later; a child of fork has
// an end of its own.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// EXPECT: definite 10 1
// STDOUT: 23
// PLAIN: no
// CONTROL: -DNO_CHILD => no report

#include "apitest.h"

#include <sys/wait.h>

static NOINLINE void lose(void)
{
    use(malloc(10));
}

int main(void)
{
    int status = 23 << 8;
    if (WITH)
        __lsan_do_leak_check();
#ifndef NO_CHILD
    pid_t child = fork();
    if (!child) {
        lose();
        return 0;
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
#endif
    printf("%d\n", WEXITSTATUS(status));
    lose();
    return 0;
}
