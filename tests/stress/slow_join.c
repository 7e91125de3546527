// SPDX-License-Identifier: MIT
//
// Preloaded behind the library (join_and_create.c): libc's pthread_join and pthread_detach, with time
// between their work and their return, in which others may reuse the handle.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

enum { PAUSE_US = 3000 };

int pthread_join(pthread_t thread, void **ret)
{
    int (*real)(pthread_t, void **) = (int (*)(pthread_t, void **))dlsym(RTLD_NEXT, "pthread_join");
    int result = real(thread, ret);
    usleep(PAUSE_US);
    return result;
}

int pthread_detach(pthread_t thread)
{
    int (*real)(pthread_t) = (int (*)(pthread_t))dlsym(RTLD_NEXT, "pthread_detach");
    int result = real(thread);
    usleep(PAUSE_US);
    return result;
}
