/* SPDX-License-Identifier: MIT
 *
 * Facts about libc's control block of a thread (struct pthread) and the static TLS below it. */
#ifndef LEAKGC_CONTROL_H
#define LEAKGC_CONTROL_H

#include <stddef.h>

struct control {
    size_t bytes;     /* sizeof(struct pthread) */
    size_t tls_bytes; /* static TLS with the control block */
    size_t tid_at;    /* offset of the thread id; 0: not known */
};
extern struct control libc_control;

/* Once, in ordinary context. */
void control_init(void);

#endif
