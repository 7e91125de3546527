/* SPDX-License-Identifier: MIT
 *
 * Work done aside from the program: on a stack of our own, without its signals. */
#ifndef LEAKGC_ASIDE_H
#define LEAKGC_ASIDE_H

/* Calls work(arg) with all signals of the thread blocked, so that no handler of the program runs
 * while our locks are held, on a stack of our own, since the thread's may be small. SIGPIPE and
 * SIGXFSZ that our own writing raised are taken away. Takes LOCK_CHECK and gives scratch memory
 * back at the end. Ordinary context. */
void aside(void (*work)(void *arg), void *arg);

#endif
