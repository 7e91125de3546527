// SPDX-License-Identifier: MIT
//
// C23's free_sized and free_aligned_sized.
//
// PLAIN: no
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>

int main(void)
{
    void (*free_sized)(void *, size_t);
    void (*free_aligned_sized)(void *, size_t, size_t);
    *(void **)&free_sized = dlsym(RTLD_DEFAULT, "free_sized");
    *(void **)&free_aligned_sized = dlsym(RTLD_DEFAULT, "free_aligned_sized");
    CHECK(free_sized != NULL && free_aligned_sized != NULL);
    for (size_t size = 0; size < 1000000; size = size * 3 + 1) {
        free_sized(malloc(size), size);
        free_aligned_sized(aligned_alloc(256, size), 256, size);
    }
    free_sized(NULL, 0);
    free_aligned_sized(NULL, 16, 0);
    return 0;
}
