// SPDX-License-Identifier: MIT
//
// What the program says itself, by LeakSanitizer's function, if its name is exported. It is called once,
// after the constructors.
//
// CFLAGS: -O0 -rdynamic | -O2 -rdynamic
// EXPECT: definite 10 1; suppressed 109 1
// STDERR-HAS: suppressed: 109 bytes in 1 blocks
// STDERR-HAS: ^      1        109 leak:lose_known$
// CONTROL: -fvisibility=hidden => definite 119 2

#include "leaktest.h"

static int ready;
static int calls;

__attribute__((constructor)) static void get_ready(void)
{
    ready = 1;
}

const char *__lsan_default_suppressions(void)
{
    CHECK(ready && calls++ == 0);
    return "# known ones\nleak:lose_known\n";
}

NOINLINE void lose_known(void)
{
    use(malloc(109));
}

int main(void)
{
    lose_known();
    use(malloc(10));
    return 0;
}
