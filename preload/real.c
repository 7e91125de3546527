/* SPDX-License-Identifier: MIT
 *
 * Owns the table of libc's functions behind ours. dlsym may allocate; that is no recursion here,
 * because the allocator needs nothing of libc. Runs in ordinary context. */
#include "real.h"

#include <dlfcn.h>
#include <stddef.h>

struct real real_functions;

void real_init(void)
{
#define REAL(type, name, parameters)                                                               \
    real_functions.name = (type(*) parameters)dlsym(RTLD_NEXT, #name);
    REAL_TABLE
#undef REAL
}
