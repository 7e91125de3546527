// SPDX-License-Identifier: MIT
//
// The second free in a thread that did not allocate.
//
// PLAIN: no
// SIGNAL: ABRT
// STDERR-HAS: ^==PID==ERROR: leakgc: double free of 0x\.\.: a block of 10 byte\(s\), already freed$
// STDERR-HAS: freed again by:\n    #0 0x\.\. in work {FILE}:{@second}

#include "leaktest.h"

#include <pthread.h>

static void *work(void *p)
{
    free(p); // @second
    return NULL;
}

int main(void)
{
    pthread_t thread;
    void *p = malloc(10);
    use(p);
    free(p);
    CHECK(pthread_create(&thread, NULL, work, p) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
