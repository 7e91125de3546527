/* SPDX-License-Identifier: MIT
 *
 * Where the files are: the command itself, the library, the program to run. All results are to be
 * freed. */
#ifndef LEAKGC_TOOLS_LOCATE_H
#define LEAKGC_TOOLS_LOCATE_H

/* The command's own path, or NULL. */
char *locate_self(void);
/* The library that belongs to the command at `self`, or NULL. */
char *locate_library(const char *self);
/* The file that executing `name` would start; 0, -ENOENT or -EACCES (not executable, a directory). */
int locate_program(const char *name, char **ret_path);

#endif
