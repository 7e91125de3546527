// SPDX-License-Identifier: MIT
//
// Locals that need more than 16 bytes of alignment: GCC keeps the caller's stack pointer in a
// register and in the frame (its DRAP), clang keeps RBP or RBX. Alone, with alloca, and with
// force_align_arg_pointer; called at all alignments of the stack.
//
// flags: gcc -O0 -mavx2 | gcc -O1 -mavx2 | gcc -O2 -mavx2 | gcc -O3 -mavx2 -fno-omit-frame-pointer | gcc -Os
// flags: gcc -O2 -mstackrealign | gcc -O2 -mpreferred-stack-boundary=5 -mincoming-stack-boundary=4
// flags: gcc -O2 -maccumulate-outgoing-args
// flags: clang -O0 -mavx2 | clang -O2 -mavx2 | clang -O2 -mstackrealign -fno-omit-frame-pointer
// captures: 5000
// uses: joined>10

#include "exact.h"

#include <alloca.h>

typedef float wide __attribute__((vector_size(32)));

struct line {
    char text[64];
} __attribute__((aligned(64)));
struct page {
    char text[4096];
} __attribute__((aligned(4096)));

static NOINLINE void leaf(int size)
{
    touch((size_t)size + 1);
    ENDS;
}

static NOINLINE int many_arguments(int a, int b, int c, int d, int e, int f, int g, int h, wide *w)
{
    struct line local;
    use(&local);
    use(w);
    leaf(a + b);
    touch((size_t)(c + d + 1));
    use(&local);
    return e + f + g + h;
}

static NOINLINE wide in_32(int size)
{
    wide local = {(float)size, 1, 2, 3, 4, 5, 6, 7};
    use(&local);
    leaf(size);
    touch((size_t)many_arguments(1, 2, 3, 4, 5, 6, 7, size, &local));
    return local * local;
}

static NOINLINE void in_64(int size)
{
    struct line local;
    use(&local);
    wide w = in_32(size);
    use(&w);
    touch_all((size_t)size);
    use(&local);
}

static NOINLINE void in_page(int size)
{
    struct page local;
    use(&local);
    in_64(size);
    leaf(size);
    use(&local);
}

static NOINLINE void in_64_with_alloca(int size)
{
    struct line local;
    char *more = alloca((size_t)size % 500 + 1);
    use(&local);
    use(more);
    in_64(size);
    leaf(size);
    use(more);
    use(&local);
}

__attribute__((force_align_arg_pointer)) NOINLINE void forced(int size)
{
    wide w = in_32(size);
    use(&w);
    leaf(size);
}

// Shifts the stack by a multiple of 16 bytes that differs each time.
static NOINLINE void shifted(int size)
{
    char *room = alloca(rnd(40) * 16 + 1);
    use(room);
    switch (rnd(5)) {
    case 0:
        in_64(size);
        break;
    case 1:
        in_page(size);
        break;
    case 2:
        in_64_with_alloca(size);
        break;
    case 3:
        forced(size);
        break;
    default:
        leaf(size);
    }
    use(room);
}

int main(void)
{
#ifdef __AVX2__
    if (!__builtin_cpu_supports("avx2"))
        SKIP("no AVX2");
#endif
    for (int i = 0; i < 1500; i++)
        shifted((int)rnd(64));
    return 0;
}
