// SPDX-License-Identifier: MIT
//
// A queue that goes out of scope with items in it.
//
// EXPECT: definite 165 3

#include "truth.h"

#include <queue>

static NOINLINE void lose()
{
    std::queue<char *> q;
    for (int i = 0; i < 4; i++)
        q.push(new char[55]);
    use(q.front());
    delete[] q.front();
    q.pop();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
