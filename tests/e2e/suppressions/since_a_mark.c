// SPDX-License-Identifier: MIT
//
// leakgc_leaks_since counts and tells no suppressed leaks, nor what they reach; the summary's figure of them is that of
// the table.
//
// LDFLAGS: -rdynamic
// PLAIN: no
// EXPECT: definite 100 1; indirect 10 1; suppressed 240 2
// EXPECT: definite 100 1; indirect 10 1; suppressed 240 2
// STDERR-HAS: 2 +240 leak:known

#include "apitest.h"

const char *__lsan_default_suppressions(void)
{
    return "leak:known";
}

static NOINLINE void *known(void)
{
    void *p = calloc(1, 200);
    use(p); // no tail call, which has no frame
    return p;
}

static NOINLINE void lose(void)
{
    void **a = calloc(1, 100);
    void **b = known();
    a[0] = b;
    a[1] = malloc(10);
    b[0] = malloc(40);
    use(a);
}

int main(void)
{
    leakgc_mark_t mark = leakgc_mark();
    lose();
    clobber();
    struct leakgc_leaks leaks = {.size = sizeof leaks, .print = 1};
    CHECK(leakgc_leaks_since(mark, &leaks) == 2);
    return 0;
}
