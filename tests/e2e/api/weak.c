// SPDX-License-Identifier: MIT
//
// A weak reference does not keep its block: when a scan finds that lost, the slot is NULL at once, and the
// function is called by leakgc_poll. While anything else points to the block, the slot keeps its pointer. Slots
// in globals and in the heap; a pointer that was put into the slot after it was registered.
//
// EXPECT: definite 60 3
// EXPECT: definite 60 3
// PLAIN: no
// CONTROL: -DSTRONG => nothing
// CONTROL: -DUNREGISTERED => nothing

#include "apitest.h"

#define COUNT 3
static void *slots[COUNT];
static void **in_heap;
static void *kept[COUNT];
static int calls;

static void told(void **slot, void *arg)
{
    CHECK(*slot == NULL && arg == &calls);
    calls++;
}

static NOINLINE void fill(void)
{
    slots[0] = malloc(10);
    CHECK(leakgc_weak_register(&slots[0], told, &calls) == 0);
    CHECK(leakgc_weak_register(&slots[1], told, &calls) == 0);
    slots[1] = malloc(20);
    in_heap = malloc(80);
    *in_heap = malloc(30);
    CHECK(leakgc_weak_register(in_heap, NULL, NULL) == 0);
    CHECK(leakgc_weak_register(&slots[2], told, NULL) == 0); // stays empty
    kept[0] = slots[0];
    kept[1] = slots[1];
    kept[2] = *in_heap;
}

int main(void)
{
    CHECK(WITH);
    CHECK(leakgc_weak_register((void **)((char *)slots + 1), NULL, NULL) == -1);
    CHECK(leakgc_weak_unregister(&slots[0]) == -1);
    fill();
    clobber();
    CHECK(leakgc_scan() == 0 && leakgc_poll() == 0);
    CHECK(slots[0] == kept[0] && slots[1] == kept[1] && *in_heap == kept[2]);
#ifdef UNREGISTERED
    CHECK(leakgc_weak_unregister(&slots[0]) == 0 && leakgc_weak_unregister(&slots[1]) == 0);
    CHECK(leakgc_weak_unregister(in_heap) == 0);
#endif
#ifndef STRONG
    memset(kept, 0, sizeof kept);
#endif
    clobber();
#if defined(STRONG) || defined(UNREGISTERED)
    CHECK(leakgc_scan() == 0 && leakgc_poll() == 0 && slots[0] && slots[1] && *in_heap);
    return 0;
#endif
    CHECK(leakgc_scan() == 3 && calls == 0);
    CHECK(!slots[0] && !slots[1] && !*in_heap);
    CHECK(leakgc_poll() == 2 && calls == 2);
    CHECK(leakgc_poll() == 0 && calls == 2);
    CHECK(leakgc_scan() == 3 && leakgc_poll() == 0);
    return 0;
}
