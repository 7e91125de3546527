// SPDX-License-Identifier: MIT
//
// A locale object of the C locale's names is the C library's own: nothing to free. A copy is.
//
// EXPECT: definite ? 1

#include "truth.h"

#include <locale.h>

static NOINLINE void lose(void)
{
    locale_t made = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    use(duplocale(made));
    use(made);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
