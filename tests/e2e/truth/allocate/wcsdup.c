// SPDX-License-Identifier: MIT
//
// Five wide characters and the end.
//
// EXPECT: definite 24 1

#include "truth.h"

#include <wchar.h>

static NOINLINE void lose(void)
{
    use(wcsdup(L"wider"));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
