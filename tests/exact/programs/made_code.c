// SPDX-License-Identifier: MIT
//
// Code made at run time calls malloc: with a frame by RBP, without any, and written again in place
// with another frame size. There is no unwind information for it.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O2 -fno-omit-frame-pointer
// captures: 3000
// uses: uncompared<600

#include "exact.h"

#include <sys/mman.h>

typedef void *made(size_t, void *(*)(size_t));
static unsigned char *code;
static volatile int sum;

static NOINLINE void *inner(size_t n)
{
    void *p = malloc(n);
    use(p);
    sum++;
    return p;
}

static size_t put(size_t at, const void *bytes, size_t count)
{
    memcpy(code + at, bytes, count);
    return at + count;
}

#define PUT(...) at = put(at, (unsigned char[]){__VA_ARGS__}, sizeof(unsigned char[]){__VA_ARGS__})

// push rbp; mov rbp, rsp; sub rsp, room; call rsi; leave; ret
static made *with_frame(size_t at, unsigned char room)
{
    size_t begin = at;
    PUT(0x55, 0x48, 0x89, 0xe5, 0x48, 0x83, 0xec, room, 0xff, 0xd6, 0xc9, 0xc3);
    return (made *)(uintptr_t)(code + begin);
}

// sub rsp, room; call rsi; add rsp, room; ret
static made *without_frame(size_t at, unsigned char room)
{
    size_t begin = at;
    PUT(0x48, 0x83, 0xec, room, 0xff, 0xd6, 0x48, 0x83, 0xc4, room, 0xc3);
    return (made *)(uintptr_t)(code + begin);
}

// The same with RBP holding a number: push rbp; sub rsp, room; mov ebp, edi; call rsi; ...
static made *with_number(size_t at, unsigned char room)
{
    size_t begin = at;
    PUT(0x55, 0x48, 0x83, 0xec, room, 0x89, 0xfd, 0xff, 0xd6, 0x48, 0x83, 0xc4, room, 0x5d, 0xc3);
    return (made *)(uintptr_t)(code + begin);
}

static NOINLINE void framed_caller(made *function, size_t n)
{
    char room[n + 1];
    use(room);
    free(function(n, n & 1 ? inner : malloc));
    use(room);
}

static NOINLINE void caller(made *function, size_t n)
{
    char room[64];
    use(room);
    free(function(n, n & 1 ? inner : malloc));
    sum++;
}

int main(void)
{
    code =
        mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        SKIP("code can't be made at run time here");
    for (int i = 0; i < 1500; i++) {
        size_t at = i < 500 ? 64 * rnd(20) : 64; // apart, then always in place
        unsigned char room = (unsigned char)(16 * rnd(7));
        unsigned kind = rnd(3);
        made *function = kind == 0   ? with_frame(at, room)
                         : kind == 1 ? without_frame(at, (unsigned char)(room + 8))
                                     : with_number(at, room);
        framed_caller(function, rnd(90) + 1);
        caller(function, rnd(90) + 1);
    }
    return 0;
}
