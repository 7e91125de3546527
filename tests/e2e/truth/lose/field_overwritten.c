// SPDX-License-Identifier: MIT
//
// A field gets its second block while the struct lives on.
//
// EXPECT: definite 45 1
// KEPT: 46 1

#include "truth.h"

struct setting {
    char *value;
};
struct setting setting;

static NOINLINE void lose(void)
{
    setting.value = malloc(45);
    use(&setting);
    setting.value = malloc(46);
    use(&setting);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
