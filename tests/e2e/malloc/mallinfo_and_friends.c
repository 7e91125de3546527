// SPDX-License-Identifier: MIT
//
// mallinfo, mallinfo2, mallopt, malloc_trim and malloc_info can be called and say something true.
//
// ORACLE: not any: they do not implement mallinfo
// EXPECT: nothing

#include "leaktest.h"

#include <malloc.h>

static NOINLINE size_t in_use(void)
{
#if __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
#else
    struct mallinfo info = mallinfo();
#endif
    return (size_t)info.uordblks + (size_t)info.hblkhd;
}

int main(void)
{
    CHECK(mallopt(M_MMAP_THRESHOLD, 1 << 17) == 1);
    CHECK(mallopt(M_TRIM_THRESHOLD, 1 << 17) == 1);
    CHECK(mallopt(M_ARENA_MAX, 2) == 1);
    char *small[1000];
    size_t before = in_use();
    for (int i = 0; i < 1000; i++)
        small[i] = malloc(1000);
    char *big = malloc(10 << 20);
    memset(big, 1, 10 << 20);
    size_t full = in_use();
    CHECK(full >= before + 11000000);
    for (int i = 0; i < 1000; i++)
        free(small[i]);
    free(big);
    CHECK(in_use() < full - 10000000);
    int trimmed = malloc_trim(0);
    CHECK(trimmed == 0 || trimmed == 1);

    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    CHECK(malloc_info(0, file) == 0);
    CHECK(malloc_info(1, file) != 0);
    fclose(file);
    CHECK(strncmp(text, "<malloc version=", 16) == 0);
    CHECK(strstr(text, "</malloc>") != NULL);
    free(text);
    return 0;
}
