/* SPDX-License-Identifier: MIT
 *
 * A process that is watched for longer than one request: whether it has ended; numbers about it for people. */
#ifndef LEAKGC_TOOLS_WATCHED_H
#define LEAKGC_TOOLS_WATCHED_H

#include <stdbool.h>
#include <stdint.h>

/* A descriptor by which its end is noticed, to be closed; -1: there is none, it just seems to live on. */
int watched_open(int pid);
/* Waits for its end so long; true: it has ended, though its parent may not know yet. */
bool watched_has_ended(int watched, int timeout_ms);

/* 1234567 as 1.2M (powers of 1024) or, of things, 1.2m (of 1000): at most five characters, and a sign. */
enum { WATCHED_NUMBER = 16 };
const char *watched_bytes(char text[WATCHED_NUMBER], double bytes);
const char *watched_count(char text[WATCHED_NUMBER], double count);

#endif
