// SPDX-License-Identifier: MIT
//
// Blocks of __libc_malloc and its like can be freed by free, and the other way round.
//
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>

int main(void)
{
    void *(*libc_malloc)(size_t), *(*libc_calloc)(size_t, size_t), *(*libc_realloc)(void *, size_t);
    void *(*libc_memalign)(size_t, size_t);
    void (*libc_free)(void *);
    *(void **)&libc_malloc = dlsym(RTLD_DEFAULT, "__libc_malloc");
    *(void **)&libc_calloc = dlsym(RTLD_DEFAULT, "__libc_calloc");
    *(void **)&libc_realloc = dlsym(RTLD_DEFAULT, "__libc_realloc");
    *(void **)&libc_memalign = dlsym(RTLD_DEFAULT, "__libc_memalign");
    *(void **)&libc_free = dlsym(RTLD_DEFAULT, "__libc_free");
    CHECK(libc_malloc && libc_calloc && libc_realloc && libc_memalign && libc_free);
    free(libc_malloc(100));
    free(libc_calloc(10, 10));
    free(libc_memalign(256, 100));
    libc_free(malloc(100));
    libc_free(calloc(10, 10));
    void *p = realloc(libc_malloc(100), 10000);
    CHECK(p != NULL);
    p = libc_realloc(p, 100000);
    CHECK(p != NULL);
    libc_free(p);
    return 0;
}
