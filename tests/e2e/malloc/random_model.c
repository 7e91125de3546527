// SPDX-License-Identifier: MIT
//
// Two hundred thousand random calls, checked against what must be in the blocks.
//
// CFLAGS: -O2
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

enum { SLOTS = 3000 };

static struct {
    unsigned char *p;
    size_t size;
    unsigned char value;
} slot[SLOTS];

static uint64_t state = 88172645463325252u;

static uint64_t number(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static size_t some_size(void)
{
    switch (number(20)) {
    case 0:
        return number(300000);
    case 1:
        return number(20000);
    case 2:
        return number(3);
    default:
        return number(600);
    }
}

static void check(int i)
{
    size_t step = slot[i].size > 1000 ? 61 : 1;
    for (size_t j = 0; j < slot[i].size; j += step)
        if (slot[i].p[j] != slot[i].value)
            CHECK(!"content");
    CHECK(slot[i].size == 0 || slot[i].p[slot[i].size - 1] == slot[i].value);
}

static void fill(int i, unsigned char *p, size_t size)
{
    CHECK(p != NULL && (uintptr_t)p % 16 == 0 && malloc_usable_size(p) >= size);
    slot[i].p = p;
    slot[i].size = size;
    slot[i].value = (unsigned char)number(256);
    memset(p, slot[i].value, size);
}

int main(void)
{
    for (int n = 0; n < 200000; n++) {
        int i = (int)number(SLOTS);
        size_t size = some_size();
        if (slot[i].p == NULL) {
            if (number(4) == 0) {
                size_t alignment = (size_t)16 << number(9);
                fill(i, memalign(alignment, size), size);
                CHECK((uintptr_t)slot[i].p % alignment == 0);
            } else if (number(3) == 0) {
                unsigned char *p = calloc(1, size);
                for (size_t j = 0; j < size; j++)
                    if (p[j] != 0)
                        CHECK(!"zero");
                fill(i, p, size);
            } else {
                fill(i, malloc(size), size);
            }
        } else {
            check(i);
            if (number(3) == 0 && size > 0) {
                size_t common = size < slot[i].size ? size : slot[i].size;
                unsigned char *p = realloc(slot[i].p, size);
                CHECK(p != NULL);
                slot[i].p = p;
                slot[i].size = common;
                check(i);
                fill(i, p, size);
            } else {
                free(slot[i].p);
                slot[i].p = NULL;
            }
        }
    }
    for (int i = 0; i < SLOTS; i++) {
        if (slot[i].p != NULL)
            check(i);
        free(slot[i].p);
    }
    return 0;
}
