// SPDX-License-Identifier: MIT
//
// A cache of three entries drops the oldest without freeing.
//
// EXPECT: definite 212 2
// KEPT: 318 3

#include "truth.h"

struct entry {
    int key;
    void *data;
};
static struct entry cache[3];

static NOINLINE void get(int key)
{
    memmove(cache + 1, cache, 2 * sizeof *cache);
    cache[0] = (struct entry){key, malloc(106)};
    use(cache);
}

static NOINLINE void lose(void)
{
    for (int key = 0; key < 5; key++)
        get(key);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
