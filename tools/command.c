/* SPDX-License-Identifier: MIT
 *
 * Owns how subcommands read options and speak about themselves, so that --help, --version and errors
 * are alike everywhere: help and version go to stdout with exit status 0, an error is one line on
 * stderr with exit status 2.
 *
 * Runs in ordinary context. The list of subcommands is in leakgc.c. */
#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#ifndef LEAKGC_VERSION
#define LEAKGC_VERSION "unknown"
#endif

enum { OPTION_HELP = 1000, OPTION_VERSION };

#define MAX_LONG_OPTIONS 24

static const struct option common_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {0},
};

static void fill_options(const struct command *command, struct option *options)
{
    size_t count = 0;
    for (const struct option *o = command->long_options; o && o->name; o++)
        options[count++] = *o;
    memcpy(options + count, common_options, sizeof(common_options));
}

/* optopt names a short option; a long one has to be taken from the words. */
static void reject_option(const struct command *command, int problem, char **argv)
{
    char letter[] = {'-', (char)optopt, 0};
    bool is_letter = optopt > 0 && optopt < COMMAND_LONG_OPTION;
    const char *name = is_letter ? letter : argv[optind - 1];
    if (problem == ':')
        command_usage_error(command, "option '%s' needs a value", name);
    else
        command_usage_error(command, "bad option '%s'", name);
    exit(COMMAND_USAGE);
}

int command_next_option(const struct command *command, int argc, char **argv)
{
    struct option options[MAX_LONG_OPTIONS];
    fill_options(command, options);
    opterr = 0;
    int option = getopt_long(argc, argv, command->short_options, options, NULL);
    switch (option) {
    case OPTION_HELP:
        command_show_help(command);
        exit(command_finish(0));
    case OPTION_VERSION:
        command_show_version();
        exit(command_finish(0));
    case '?':
    case ':':
        reject_option(command, option, argv);
        break;
    default:
        break;
    }
    return option;
}

void command_no_operands(const struct command *command, int argc)
{
    if (optind < argc)
        exit(command_usage_error(command, "takes no operands"));
}

int command_usage_error(const struct command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "leakgc %s: ", command->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, " (see 'leakgc %s --help')\n", command->name);
    va_end(args);
    return COMMAND_USAGE;
}

int command_number(const struct command *command, const char *what, const char *text, unsigned most,
                   unsigned *ret)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || number < 1 || number > most)
        return command_usage_error(command, "%s '%s' is not in 1..%u", what, text, most);
    *ret = (unsigned)number;
    return 0;
}

void command_show_help(const struct command *command)
{
    printf("usage: leakgc %s%s%s\n\n%s.\n", command->name, *command->synopsis ? " " : "",
           command->synopsis, command->summary);
    if (*command->details)
        printf("\n%s", command->details);
    printf("\n  --help      show this text\n  --version   show the version\n");
}

void command_show_version(void)
{
    puts("leakgc " LEAKGC_VERSION);
}

/* What a failed fflush could not write may be dropped, so that the next one has nothing to do and succeeds:
 * the first error is kept. */
static int write_error;
static int failure = 1;

void command_begin(const struct command *command)
{
    failure = command->failure ? command->failure : 1;
    mem_fail_with(failure);
}

bool command_flush(void)
{
    if (fflush(stdout) != 0 && !write_error)
        write_error = errno;
    if (ferror(stdout) && !write_error)
        write_error = EIO; /* on the way; why is not known any more */
    return !write_error;
}

int command_finish(int status)
{
    if (command_flush() || status != 0)
        return status;
    fprintf(stderr, "leakgc: writing to stdout: %s\n", strerror(write_error));
    return failure;
}
