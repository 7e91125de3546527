// SPDX-License-Identifier: MIT
//
// The bare system call ends at once.
//
// EXPECT: no report

#include "leaktest.h"

#include <sys/syscall.h>

int main(void)
{
    use(malloc(109));
    syscall(SYS_exit_group, 0);
}
