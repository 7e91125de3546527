// SPDX-License-Identifier: MIT
//
// The argument of a handler registered by on_exit is libc's to keep. The handler runs, and then
// the block has no owner any more: so this one frees it.
//
// EXPECT: nothing

#include "leaktest.h"

static void handler(int status, void *argument)
{
    (void)status;
    free(argument);
}

int main(void)
{
    CHECK(on_exit(handler, malloc(1009)) == 0);
    return 0;
}
