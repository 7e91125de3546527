// SPDX-License-Identifier: MIT
//
// Rounding mode, exception flags and vector registers survive malloc and free.
//
// CFLAGS: -O0 -frounding-math | -O2 -frounding-math
// EXPECT: nothing

#include "leaktest.h"

#include <fenv.h>

int main(void)
{
    volatile double a = 1, b = 3, sum = 0;
    fesetround(FE_UPWARD);
    feclearexcept(FE_ALL_EXCEPT);
    for (int i = 0; i < 1000; i++) {
        double before = a / b;
        void *p = malloc((size_t)i * 37);
        double after = a / b;
        free(p);
        CHECK(before == after);
        sum = sum + after;
    }
    CHECK(fegetround() == FE_UPWARD);
    printf("%.17g\n", sum);
    return 0;
}
