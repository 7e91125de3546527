// SPDX-License-Identifier: MIT
//
// dlsym, dladdr and dl_iterate_phdr work; malloc is the same function for everyone.
//
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>
#include <link.h>

static int count_one(struct dl_phdr_info *info, size_t size, void *count)
{
    (void)info, (void)size;
    free(malloc(100)); // while the loader's lock is held
    ++*(int *)count;
    return 0;
}

int main(void)
{
    void *(*found)(size_t);
    int count = 0;
    *(void **)&found = dlsym(RTLD_DEFAULT, "malloc");
    CHECK(found == malloc);
    void *self = dlopen(NULL, RTLD_NOW);
    CHECK(self != NULL && dlsym(self, "malloc") == (void *)(uintptr_t)found);
    dlclose(self);
    CHECK(dl_iterate_phdr(count_one, &count) == 0 && count >= 3);
    CHECK(dlopen("/no/such/library.so", RTLD_NOW) == NULL);
    CHECK(dlerror() != NULL);
    return 0;
}
