// SPDX-License-Identifier: MIT
//
// Preloaded behind the library (join_and_create.c): libc's functions of threads, with time before their work
// or after it, in which others may reuse a handle.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

enum { PAUSE_US = 3000 };

static unsigned creations;

// Each third one: others overtake it.
int pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*start)(void *),
                   void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(
            RTLD_NEXT, "pthread_create");
    if (__atomic_fetch_add(&creations, 1, __ATOMIC_RELAXED) % 3 == 0)
        usleep(PAUSE_US * 2);
    return real(ret, attr, start, argument);
}

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
