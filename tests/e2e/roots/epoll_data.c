// SPDX-License-Identifier: MIT
//
// A server gives the state of each connection to the kernel, and gets it back with an event: until then
// nobody else may have the pointer.
//
// CFLAGS: -O2 | -O2 -DINSTANCES=100
// ORACLE: not any: they do not ask the kernel
// EXPECT: nothing
// CONTROL: use_kernel=0 => has definite 100900 100
// CONTROL: -DREMOVED => has definite 100900 100
// CONTROL: -DCLOSED => has definite 100900 100

#include "leaktest.h"

#include <sys/epoll.h>

#ifndef INSTANCES
#define INSTANCES 1
#endif

static NOINLINE void watch(int epoll)
{
    int ends[2];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = malloc(1009)};
    CHECK(event.data.ptr && pipe(ends) == 0);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
#ifdef REMOVED
    CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], NULL) == 0);
#endif
#ifdef CLOSED
    close(ends[0]); // the entry goes with it
    close(ends[1]);
#endif
}

int main(void)
{
    int epoll[INSTANCES];
    for (int i = 0; i < INSTANCES; i++)
        CHECK((epoll[i] = epoll_create1(0)) >= 0);
    for (int i = 0; i < 100; i++)
        watch(epoll[i % INSTANCES]);
    clobber();
    return 0;
}
