/* SPDX-License-Identifier: MIT
 *
 * uthash, bound to scratch memory: it never allocates from the program's heap, and when there is no
 * memory an insertion fails instead of ending the process. The only file that includes uthash. */
#ifndef LEAKGC_TABLE_H
#define LEAKGC_TABLE_H

#include "../preload/space.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(bytes) scratch_alloc(bytes)
#define uthash_free(p, bytes) ((void)(p), (void)(bytes))
#include <uthash.h>

#endif
