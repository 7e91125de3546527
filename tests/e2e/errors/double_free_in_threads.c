// SPDX-License-Identifier: MIT
//
// A block that two threads free, one after the other.
//
// PLAIN: no
// SIGNAL: ABRT
// ENV: LEAKGC_OPTIONS=free_stacks=1
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 10 byte\(s\), already freed$
// STDERR-HAS: freed again by:\n    #0 0x\.\. in main {FILE}:{@second}
// STDERR-HAS: first freed by:\n    #0 0x\.\. in work {FILE}:{@first}

#include "leaktest.h"

#include <pthread.h>

static void *work(void *p)
{
    free(p); // @first
    return NULL;
}

int main(void)
{
    pthread_t thread;
    void *p = malloc(10);
    CHECK(pthread_create(&thread, NULL, work, p) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    use(p);
    free(p); // @second
    return 0;
}
