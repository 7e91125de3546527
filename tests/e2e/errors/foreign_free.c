// SPDX-License-Identifier: MIT
//
// free of what malloc has never given: the stack, static data, mapped memory, nonsense.
//
// CFLAGS: -O0 -DADDRESS=on_stack | -O0 -DADDRESS=in_data | -O0 -DADDRESS=mapped | -O0 -DADDRESS=1 | -O0 -DADDRESS=0xdeadbeefdeadbeef | -O0 -DADDRESS=main | -O0 -DADDRESS=(-1)
// PLAIN: no
// SIGNAL: ABRT
// REPORT:
//| ==PID==ERROR: leakgc: invalid free of 0x..: not a heap address
//|   called by:
//|     #0 0x.. in main {FILE}:{@free}
//|     ...

#include "leaktest.h"

#include <sys/mman.h>

static char in_data[100] = "data";

int main(void)
{
    char on_stack[100] = "stack";
    char *mapped = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    use(on_stack);
    use(in_data);
    use(mapped);
    void *volatile p = (void *)(uintptr_t)(ADDRESS);
    free(p); // @free
    return 0;
}
