// SPDX-License-Identifier: MIT
//
// delete twice.
//
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 40 byte\(s\), already freed$
// STDERR-HAS: in main {FILE}:{@second}
// STDERR-HAS: in main {FILE}:{@new}

#include "leaktest.h"

struct item {
    char data[40];
};

int main()
{
    item *p = new item; // @new
    use(p);
    delete p;
    use(p);
    delete p; // @second
    return 0;
}
