// SPDX-License-Identifier: MIT
//
// Destructors of pthread keys free and allocate when their thread ends.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <pthread.h>

static pthread_key_t key;

static NOINLINE void lose(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
}

static void end(void *value)
{
    static __thread int round;
    free(value);
    if (++round == 1)
        CHECK(pthread_setspecific(key, malloc(200)) == 0); // comes back once more
    else
        lose();
}

static void *work(void *unused)
{
    CHECK(pthread_setspecific(key, reveal(hidden_malloc(100))) == 0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_key_create(&key, end) == 0);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
