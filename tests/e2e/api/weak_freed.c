// SPDX-License-Identifier: MIT
//
// A slot whose block was freed becomes NULL at the next scan, and nobody is told, also when the same call
// gets the same address again at once. A slot in a block that was freed is forgotten.
//
// EXPECT: nothing
// PLAIN: no

#include "apitest.h"

static void *slot, *other_slot;
static void *strong;
static int calls;

static void told(void **at, void *arg)
{
    use(at);
    use(arg);
    calls++;
}

static NOINLINE void *make(void)
{
    void *p = malloc(48);
    use(p);
    return p;
}

int main(void)
{
    CHECK(WITH);
    for (int i = 0; i < 200; i++) {
        strong = NULL;
        for (int again = 0; again < 2; again++) { // the same stack, the same instant
            void *p = make();
            if (!again) {
                slot = other_slot = p;
                CHECK(leakgc_weak_register(&slot, told, NULL) == 0);
                CHECK(leakgc_weak_register(&other_slot, told, NULL) == 0);
                free(p);
            } else {
                strong = p;
                CHECK(p == slot);
            }
        }
        CHECK(leakgc_scan() == 0 && leakgc_poll() == 0);
        CHECK(slot == NULL && other_slot == NULL);
        slot = strong;
        CHECK(leakgc_scan() == 0 && slot == strong); // another one, put there by the program
        free(strong);
    }
    CHECK(leakgc_weak_unregister(&slot) == 0 && leakgc_weak_unregister(&other_slot) == 0);
    void **home = malloc(64);
    *home = make();
    CHECK(leakgc_weak_register(home, told, NULL) == 0);
    strong = *home;
    free(home);
    home = malloc(64);
    *home = strong; // an ordinary pointer in an ordinary block
    strong = NULL;
    clobber();
    CHECK(leakgc_scan() == 0 && *home != NULL && leakgc_weak_unregister(home) == -1);
    free(*home);
    free(home);
    CHECK(calls == 0);
    return 0;
}
