// SPDX-License-Identifier: MIT
//
// A program's __lsan_default_options hold where the environment does not say otherwise; what is not known
// is told with verbose=1 only. A deeper stack than the default, too.
//
// CFLAGS: -O0
// LDFLAGS: -rdynamic
// ENV: LEAKGC_OPTIONS=min_blocks=0
// STATUS: 7
// PLAIN: no
// STDERR-HAS: has one line
// STDERR-HAS: #40 0x\w+ in deep
// STDERR-HAS: \.\.\. and 1 more site\(s\)
// STDERR-LACKS: leakgc: __lsan_default_options
// STDERR-LACKS: leakgc: unknown
// CONTROL: max_sites=0 => definite 30 2
// CONTROL: verbose=1:max_sites=0 => definite 30 2

#include "apitest.h"

const char *__lsan_default_options(void)
{
    return "exitcode=7:malloc_context_size=60, max_leaks='1' \n report_objects=1:nonsense:use_globals=yes";
}

static NOINLINE void deep(int frames)
{
    if (frames)
        deep(frames - 1);
    else
        use(malloc(20));
    use(NULL);
}

int main(void)
{
    deep(50);
    use(malloc(10));
    clobber();
    dprintf(2, "has one line\n");
    return 0;
}
