/* SPDX-License-Identifier: MIT
 *
 * One request to a living program, over its control socket, and the answer. */
#ifndef LEAKGC_TOOLS_ASK_H
#define LEAKGC_TOOLS_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"

enum { ASK_LINE = 4096, ASK_TIMEOUT_SECONDS = 60 };

/* The operand as a process id; 0, or COMMAND_USAGE after a line. */
int ask_pid(const struct command *command, const char *text, unsigned *ret);

/* The words of the answer, without `ok`, into text[ASK_LINE]: one line, printable. *ret_file: a descriptor that came
 * with it, or -1; NULL: none is wanted. NULL, or one line that says why not, to be freed. */
char *ask(int pid, const char *request, unsigned timeout_seconds, char *text, int *ret_file);

/* The same for a report: the bytes of the file, to be freed. */
char *ask_report(int pid, const char *request, unsigned timeout_seconds, uint8_t **ret,
                 size_t *ret_bytes);

/* In words of the form key=value; false: it is not there. */
bool ask_word(const char *line, const char *key, const char **ret_value);
bool ask_number(const char *line, const char *key, uint64_t *ret);

#endif
