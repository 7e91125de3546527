// SPDX-License-Identifier: MIT
//
// A thousand sites, with inlined functions: symbolized in reasonable time, all of them shown.
//
// CFLAGS: -O1
// TIMEOUT: 20
// EXPECT: definite 499500 999
// STDERR-HAS: in site_999
// STDERR-HAS: in site_001

#include "leaktest.h"

#define SITE(n)                                                                                    \
    static NOINLINE void site_##n(void)                                                            \
    {                                                                                              \
        use(malloc(1##n - 1000));                                                                  \
    }
#define TEN(m, n) m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define HUNDRED(m, n)                                                                              \
    TEN(m, n##0)                                                                                   \
    TEN(m, n##1)                                                                                   \
    TEN(m, n##2)                                                                                   \
    TEN(m, n##3)                                                                                   \
    TEN(m, n##4) TEN(m, n##5) TEN(m, n##6) TEN(m, n##7) TEN(m, n##8) TEN(m, n##9)
#define THOUSAND(m)                                                                                \
    HUNDRED(m, 0)                                                                                  \
    HUNDRED(m, 1)                                                                                  \
    HUNDRED(m, 2)                                                                                  \
    HUNDRED(m, 3)                                                                                  \
    HUNDRED(m, 4) HUNDRED(m, 5) HUNDRED(m, 6) HUNDRED(m, 7) HUNDRED(m, 8) HUNDRED(m, 9)
#define CALL(n)                                                                                    \
    if (1##n != 1000)                                                                              \
        site_##n();

THOUSAND(SITE)

int main(void)
{
    THOUSAND(CALL)
    use((void *)site_000);
    return 0;
}
