// SPDX-License-Identifier: MIT
//
// Many atexit handlers: libc allocates memory for its list of them; in the right order, and quiet.
//
// EXPECT: nothing

#include "leaktest.h"

static int count;

static void end(void)
{
    if (++count == 200)
        printf("200 handlers\n");
}

static void first(void)
{
    CHECK(count == 0);
}

int main(void)
{
    for (int i = 0; i < 200; i++)
        CHECK(atexit(end) == 0);
    CHECK(atexit(first) == 0);
    return 0;
}
