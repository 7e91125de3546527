// SPDX-License-Identifier: MIT
//
// Every alignment: up to 2 MiB in eight threads with contents, up to 2^63 for the answer alone,
// which is a block that is so aligned, or NULL and ENOMEM, never anything else.

#include "stress.h"

#include <malloc.h>

static void check_block(unsigned char *p, size_t align, size_t bytes)
{
    CHECK(p);
    CHECK(((uintptr_t)p & (align - 1)) == 0);
    CHECK(malloc_usable_size(p) == bytes);
    fill(p, bytes, 0x77);
}

static void *body(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    unsigned char *kept[64] = {0};
    size_t bytes_of[64] = {0};
    for (long i = 0; i < scaled(6000); i++) {
        size_t at = roll(&d) % 64;
        size_t align = (size_t)1 << (roll(&d) % 22);
        size_t bytes = roll_size(&d, 200000);
        void *p = NULL;
        if (kept[at])
            verify(kept[at], bytes_of[at], 0x77);
        free(kept[at]);
        switch (roll(&d) % 3) {
        case 0:
            p = memalign(align, bytes);
            break;
        case 1:
            p = aligned_alloc(align, bytes);
            break;
        case 2:
            align = align < sizeof(void *) ? sizeof(void *) : align;
            CHECK(!posix_memalign(&p, align, bytes));
            break;
        }
        check_block(p, align, bytes);
        kept[at] = p;
        bytes_of[at] = bytes;
    }
    for (int i = 0; i < 64; i++)
        free(kept[i]);
    return NULL;
}

static void try_huge(void)
{
    for (unsigned shift = 22; shift < 64; shift++)
        for (size_t bytes = 0; bytes < 200000; bytes = bytes * 7 + 1) {
            errno = 0;
            void *p = memalign((size_t)1 << shift, bytes);
            CHECK(p ? ((uintptr_t)p & (((size_t)1 << shift) - 1)) == 0 : errno == ENOMEM);
            free(p);
        }
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX / 2, SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        volatile size_t bytes = sizes[i];
        CHECK(!malloc(bytes) && errno == ENOMEM);
        CHECK(!calloc(bytes, 1) && !calloc(bytes / 2, 3) && !calloc(3, bytes / 2));
        CHECK(!memalign(64, bytes) && !aligned_alloc(1 << 21, bytes) && !valloc(bytes));
        void *p = malloc(10);
        CHECK(!realloc(p, bytes) && errno == ENOMEM);
        CHECK(!reallocarray(p, bytes, 2) && errno == ENOMEM);
        free(p);
        p = (void *)1;
        CHECK(posix_memalign(&p, 64, bytes) == ENOMEM && p == (void *)1);
    }
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, body);
    try_huge();
    return stress_end();
}
