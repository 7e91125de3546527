// SPDX-License-Identifier: MIT
//
// An object is made in a block of malloc and never destroyed; its own memory is lost with the block.
//
// EXPECT: definite 100 1; indirect 51 1

#include "truth.h"

#include <new>
#include <string>

static NOINLINE void lose()
{
    char *room = static_cast<char *>(malloc(100));
    memset(room, 0, 100);
    use(new (room) std::string(50, 'x'));
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
