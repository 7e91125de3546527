/* SPDX-License-Identifier: MIT
 *
 * `leakgc run --open`: the report of a program, shown as a page when it has ended. */
#ifndef LEAKGC_TOOLS_PAGE_H
#define LEAKGC_TOOLS_PAGE_H

#include <stdbool.h>

/* Forks. True in the child, which is to become the program; its reports go to a folder of their own. False in the
 * parent, after the program has ended and its page was shown: *ret_status is the status to end with, the
 * program's or 128 + the signal that ended it. self: path of this command. */
bool page_is_program(const char *self, int *ret_status);

#endif
