/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `options`: the rows of preload/options.def, as the library prints them with help=1.
 *
 * Runs in ordinary context. */
#include "options.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TYPE_bool "0|1"
#define TYPE_uint "number"
#define TYPE_size "bytes"
#define TYPE_time "time"
#define TYPE_string "text"
#define TYPE_kinds "set"
#define TYPE_heuristics "set"
#define TYPE_interior "word"
#define TYPE_mask "mask"

/* The default as it stands in the table: a text is in quotes there. */
static const struct row {
    const char *key, *type, *standard, *help;
} rows[] = {
#define OPTION(type, key, standard, lowest, highest, help) {#key, TYPE_##type, #standard, help},
#include "../preload/options.def"
#undef OPTION
};

static void show(const struct row *row)
{
    bool quoted = *row->standard == '"';
    const char *standard = row->standard + quoted;
    size_t length = strlen(standard) - quoted;
    if (length == 0) {
        standard = "none";
        length = strlen(standard);
    }
    printf("  %-14s %-7s %s (default: %.*s)\n", row->key, row->type, row->help, (int)length,
           standard);
}

static int options_main(const struct command *command, int argc, char **argv)
{
    while (command_next_option(command, argc, argv) != -1)
        ;
    command_no_operands(command, argc);
    puts("leakgc options: LEAKGC_OPTIONS=key=value:key=value, or LEAKGC_KEY=value each");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        show(&rows[i]);
    return 0;
}

const struct command options_command = {
    .name = "options",
    .synopsis = "",
    .summary = "Show the options of the library",
    .details = "",
    .short_options = ":",
    .main = options_main,
};
