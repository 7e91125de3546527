// SPDX-License-Identifier: MIT
//
// Where operator new is the caller of malloc, the program's line comes next.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\w+ in operator new(\[\])?\(unsigned long\) [^!]*#\d 0x\w+ in lose\(\) \S+/cxx_new_is_frame_zero.cpp:{@new}

#include "leaktest.h"

static NOINLINE void lose()
{
    char *p = new char[109]; // @new
    use(p);
}

int main()
{
    lose();
    return 0;
}
