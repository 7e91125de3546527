/* SPDX-License-Identifier: MIT
 *
 * How the library comes to life: early, on the first allocation (made by the loader, before any
 * constructor), and then in the constructor, when libc is ready. */
#ifndef LEAKGC_INIT_H
#define LEAKGC_INIT_H

#include <stdbool.h>

/* Reserves memory and reads the options, once. False: the system gives no address space, and
 * allocation is impossible. */
bool init_early(void);

/* Called in the child of fork, when preload/ works again: resets what the layers above had under way.
 * Set once by report/. */
extern void (*init_in_child)(void);

/* Has libc call us round fork, once: before anybody else asks for that (hooks_thread.c). */
void init_fork(void);

/* The rest of preload/: finds libc's own functions, watches fork. Called by the
 * library's constructor (report/start.c). */
void init_late(void);

/* The name by which the program was executed, without directories (a link's, not what it leads to). */
const char *init_program(void);

/* The whole path of the executable file. */
const char *init_program_path(void);

/* The working directory when the program started; "" when it is not known. */
const char *init_directory(void);

#endif
