/* SPDX-License-Identifier: MIT
 *
 * The command `leakgc`: owns the list of subcommands. Each is a `struct command` in a file of its
 * own; a new one is a new row in `commands`.
 *
 * Runs in ordinary context. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "diff.h"
#include "dump.h"
#include "merge.h"
#include "options.h"
#include "report.h"
#include "run.h"
#include "scan.h"
#include "selftest.h"
#include "stat.h"
#include "symbolize.h"
#include "top.h"

static int version_main(const struct command *command, int argc, char **argv);
static int help_main(const struct command *command, int argc, char **argv);

static const struct command version_command = {
    .name = "version",
    .synopsis = "",
    .summary = "Show the version",
    .details = "",
    .short_options = ":",
    .main = version_main,
};

static const struct command help_command = {
    .name = "help",
    .synopsis = "[COMMAND]",
    .summary = "Show what the commands are, or how one is used",
    .details = "",
    .short_options = "+:",
    .main = help_main,
};

static const struct command *const commands[] = {
    &run_command,     &scan_command,      &stat_command,    &top_command,   &leaks_command,
    &dump_command,    &report_command,    &diff_command,    &merge_command, &selftest_command,
    &options_command, &symbolize_command, &version_command, &help_command,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void show_commands(void)
{
    puts("usage: leakgc COMMAND [ARGUMENT]...\n\nFind the memory that a program leaks.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-11s %s\n", commands[i]->name, commands[i]->summary);
    puts("\nleakgc COMMAND --help shows how a command is used; leakgc(1) tells more.");
}

static int reject_command(const char *name)
{
    fprintf(stderr, "leakgc: there is no command '%s' (see 'leakgc --help')\n", name);
    return COMMAND_USAGE;
}

static int version_main(const struct command *command, int argc, char **argv)
{
    while (command_next_option(command, argc, argv) != -1)
        ;
    command_no_operands(command, argc);
    command_show_version();
    return 0;
}

static int help_main(const struct command *command, int argc, char **argv)
{
    while (command_next_option(command, argc, argv) != -1)
        ;
    if (argc - optind > 1)
        return command_usage_error(command, "more than one command given");
    if (optind == argc) {
        show_commands();
        return 0;
    }
    const struct command *topic = find_command(argv[optind]);
    if (!topic)
        return reject_command(argv[optind]);
    command_show_help(topic);
    return 0;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        fputs("leakgc: no command given (see 'leakgc --help')\n", stderr);
        return COMMAND_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *command = find_command(name);
    if (!command)
        return reject_command(name);
    command_begin(command);
    return command->main(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    return command_finish(dispatch(argc, argv));
}
