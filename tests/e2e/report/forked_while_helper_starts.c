// SPDX-License-Identifier: MIT
//
// A child that the program forks in the moment in which the helper is started has the pipe of its answer, too. The
// report does not wait until that child has ended. (Here libc's clone forks first, and the child stays.)
//
// LDFLAGS: -rdynamic -ldl
// TIMEOUT: 8
// EXPECT: definite 10 1
// STDERR-HAS: in lose .*forked_while_helper_starts.c

#include "leaktest.h"

#include <dlfcn.h>

enum { STAY_S = 12 };

int clone(int (*fn)(void *), void *stack, int flags, void *arg)
{
    static int calls;
    int (*next)(int (*)(void *), void *, int, void *) =
        (int (*)(int (*)(void *), void *, int, void *))dlsym(RTLD_NEXT, "clone");
    if (!calls++ && fork() == 0) {
        for (int fd = 0; fd < 3; fd++)
            close(fd);
        sleep(STAY_S);
        _exit(0);
    }
    return next(fn, stack, flags, arg);
}

static NOINLINE void lose(void)
{
    use(malloc(10)); // LEAK: definite 10 1
}

int main(void)
{
    lose();
    clobber();
    return 0;
}
