// SPDX-License-Identifier: MIT
//
// A program's malloc_context_size holds, also where a library's constructor allocated before it was asked, with
// stacks deeper than the default.
//
// CFLAGS: -O0
// LDFLAGS: -rdynamic
// SOLIB:
// EXPECT: definite 100 100
// STDERR-HAS: #220 0x\w+ in deep

#include "apitest.h"

static NOINLINE void deep(int frames, void (*work)(void))
{
    if (frames)
        deep(frames - 1, work);
    else
        work();
    use(NULL);
}

#ifdef BUILD_SOLIB
static NOINLINE void early(void)
{
    void *p = malloc(1);
    use(p);
    free(p);
}

__attribute__((constructor)) static void before_all(void)
{
    deep(100, early);
}

void in_library(void)
{
}
#else
void in_library(void);

const char *__lsan_default_options(void)
{
    return "malloc_context_size=250";
}

static NOINLINE void lose(void)
{
    use(malloc(1));
}

int main(void)
{
    in_library();
    for (int i = 0; i < 50; i++) {
        deep(230, lose);
        deep(240, lose);
    }
    return 0;
}
#endif
