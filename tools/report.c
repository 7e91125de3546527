/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `report`. The work is in reading.c.
 *
 * Runs in ordinary context. */
#include "report.h"

#include "model.h"
#include "reading.h"

enum { NOT_READ = 3 };

static int show(struct reading *reading, const char *path)
{
    struct model m;
    int result = reading_load(reading, path, &m);
    if (result == 0)
        result = reading_write(reading, &m);
    if (result == 0 && m.is_damaged)
        result = NOT_READ;
    model_done(&m);
    return result;
}

static int report_main(const struct command *command, int argc, char **argv)
{
    struct reading reading = reading_begin(command);
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1)
        result = reading_option(&reading, option, optarg);
    if (result == 0 && argc - optind != 1)
        result = command_usage_error(command, "one report file is needed");
    if (result == 0)
        result = show(&reading, argv[optind]);
    reading_done(&reading);
    return result;
}

const struct command report_command = {
    .name = "report",
    .synopsis = "[--format FORMAT] [--debug-path DIR] [--sysroot DIR] [OPTION]... FILE",
    .summary = "Show a report file, which the library wrote",
    .details =
        "FILE is what the library writes with the option report=FILE.lgc; -: standard input. Names "
        "are\n"
        "found here and now, in files whose build ids are those that the program had loaded.\n"
        "\n" READING_HELP "\n"
        "What is not given is as the options of the library were. The exit status is 3 when FILE\n"
        "could not be read, or not all of it.\n",
    .short_options = ":",
    .long_options = (const struct option[]){READING_OPTIONS, {0}},
    .main = report_main,
};
