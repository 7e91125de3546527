// SPDX-License-Identifier: MIT
//
// new that is given back by free: bad style, works with glibc, must go on working.
//
// CFLAGS: -O0 -Wno-mismatched-new-delete | -O2 -Wno-mismatched-new-delete
// EXPECT: nothing

#include "leaktest.h"

int main()
{
    char *p = new char[100];
    use(p);
    free(p);
    long *q = static_cast<long *>(malloc(sizeof *q));
    use(q);
    delete q;
    return 0;
}
