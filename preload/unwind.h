/* SPDX-License-Identifier: MIT
 *
 * Call stacks by libunwind. The only file that knows it. */
#ifndef LEAKGC_UNWIND_H
#define LEAKGC_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens libunwind with dlopen, so that its _Unwind_* functions can't take the place of libgcc's in
 * the program. Until then, and where it is missing, unwind_frames returns 0. Once is enough; thread-safe;
 * not while the thread is inside the loader. */
void unwind_open(void);
bool unwind_is_open(void);

/* Return addresses of the calling thread's stack, innermost first, from the frame on whose stack
 * pointer is `sp`; at most `cap`; how many. *ret_whole: libunwind did not give up
 * before the last. May change errno. Not while a lock of ours is held. */
size_t unwind_frames(uintptr_t sp, uintptr_t *pc, size_t cap, bool *ret_whole);

/* Code was unloaded: what was learned of it may be wrong from now on. */
void unwind_forget(void);

/* Round fork: no thread is inside libunwind, whose locks a child could not get. */
void unwind_pause(void);
void unwind_resume(void);

#endif
