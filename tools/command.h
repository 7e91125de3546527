/* SPDX-License-Identifier: MIT
 *
 * What every subcommand has in common: its help, its options, its errors. */
#ifndef LEAKGC_TOOLS_COMMAND_H
#define LEAKGC_TOOLS_COMMAND_H

#include <getopt.h>
#include <stdbool.h>

#define COMMAND_USAGE 2 /* exit status of a usage error */

/* The values of options that have no letter start here. */
#define COMMAND_LONG_OPTION 256

struct command {
    const char *name;
    const char *synopsis; /* what follows the name; may be empty */
    const char *summary;  /* one line */
    const char *details;  /* options and more, whole lines; may be empty */
    const char *short_options;
    const struct option *long_options; /* without help and version */
    int (*main)(const struct command *command, int argc, char **argv);
    int failure; /* exit status when memory ran out or stdout failed; 0: 1 */
};

/* The next option, as getopt_long returns it, or -1 at the first operand; argument in optarg, operands
 * from optind. Shows help and version itself and ends the process after them and after errors. */
int command_next_option(const struct command *command, int argc, char **argv);
/* Ends with a usage error when there are operands. */
void command_no_operands(const struct command *command, int argc);
/* One line on stderr; returns COMMAND_USAGE. */
int command_usage_error(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The text as a number from 1 to `most`; 0, or COMMAND_USAGE after a line that calls it `what`. */
#define COMMAND_TIMEOUT_MOST 86400 /* seconds */
int command_number(const struct command *command, const char *what, const char *text, unsigned most,
                   unsigned *ret);
void command_show_help(const struct command *command);
void command_show_version(void);
/* Writes what was printed so far; false: that failed now or before, which command_finish tells. */
bool command_flush(void);
/* The command that runs, of which failure is. */
void command_begin(const struct command *command);
/* The exit status to end with: failure, with a line on stderr, when what was shown could not be written. */
int command_finish(int status);

#endif
