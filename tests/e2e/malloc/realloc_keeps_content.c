// SPDX-License-Identifier: MIT
//
// realloc keeps the content, growing and shrinking, over all sizes.
//
// TIMEOUT: 30
// EXPECT: nothing

#include "leaktest.h"

static unsigned char at(size_t i)
{
    return (unsigned char)(i * 131 + (i >> 8) + 7);
}

static void fill(unsigned char *p, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        p[i] = at(i);
}

static void verify(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i] != at(i))
            CHECK(!"content");
}

int main(void)
{
    unsigned char *p = NULL;
    for (size_t size = 1; size < 3000; size++) { // byte by byte, everything compared
        p = realloc(p, size);
        CHECK(p != NULL && (uintptr_t)p % 16 == 0);
        fill(p, size - 1, size);
        verify(p, size);
    }
    for (size_t size = 3000; size-- > 1;) {
        p = realloc(p, size);
        CHECK(p != NULL && (uintptr_t)p % 16 == 0);
        verify(p, size);
    }
    size_t last = 1;
    for (size_t size = 1; size < 100000; size += 1 + size / 37) { // bigger steps
        p = realloc(p, size);
        CHECK(p != NULL);
        verify(p, last);
        fill(p, last, size);
        last = size;
    }
    for (size_t size = last; size > 10; size -= 1 + size / 41) {
        p = realloc(p, size);
        CHECK(p != NULL);
        verify(p, size);
    }
    free(p);
    return 0;
}
