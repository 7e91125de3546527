// SPDX-License-Identifier: MIT
//
// leakgc_poll tells of each lost block once. The function may free blocks, and what it frees is no leak at
// the end.
//
// EXPECT: definite 11 1; indirect 22 1
// PLAIN: no
// CONTROL: -DKEPT => nothing
// CONTROL: -DNOT_FREED => definite 11 1; indirect 22 1

#include "apitest.h"

static size_t blocks, bytes, direct;
static void *first;

static NOINLINE void lose(void)
{
    void **leader = malloc(11);
    *leader = malloc(22);
    use(leader);
#ifdef KEPT
    first = leader;
#endif
}

static void told(void *block, size_t size, enum leakgc_kind kind, void *arg)
{
    CHECK(arg == &blocks);
    blocks++;
    bytes += size;
    direct += kind == LEAKGC_DEFINITE;
    CHECK(leakgc_scan() >= 0); // anything may be called here
#ifndef NOT_FREED
    free(block);
#endif
}

int main(void)
{
    CHECK(WITH);
    CHECK(leakgc_on_lost(told, &blocks) == 0);
    lose();
    clobber();
    long found = leakgc_scan();
#ifdef KEPT
    CHECK(found == 0 && leakgc_poll() == 0 && blocks == 0);
    free(*(void **)first);
    free(first);
    return 0;
#endif
    CHECK(found == 2 && blocks == 0);
    CHECK(leakgc_poll() == 2);
    CHECK(blocks == 2 && bytes == 33 && direct == 1);
    CHECK(leakgc_poll() == 0);
#ifdef NOT_FREED
    CHECK(leakgc_scan() == 2 && leakgc_poll() == 0);
    _exit(0); // that was the report
#else
    CHECK(leakgc_scan() == 0);
#endif
    return 0;
}
