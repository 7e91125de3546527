// SPDX-License-Identifier: MIT
//
// The number in a union is written over the pointer.
//
// EXPECT: definite 85 1

#include "truth.h"

union value {
    char *text;
    double number;
};
union value value;

static NOINLINE void lose(void)
{
    value.text = malloc(85);
    use(&value);
    value.number = 1.5;
    use(&value);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
