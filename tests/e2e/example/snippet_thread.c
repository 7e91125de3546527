// SPDX-License-Identifier: MIT
//
// The same in a thread that is joined before main returns.
//
// CFLAGS: -O0 -fno-builtin-malloc | -O2 -fno-builtin-malloc
// EXPECT: definite 10 1

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *unused)
{
    char *ptr1 = (char *)malloc(10);
    char *ptr2 = (char *)malloc(10); // LEAK: definite 10 1
    ptr2 = ptr1;
    free(ptr1);
    (void)ptr2;
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    puts("done");
    return 0;
}
