/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `symbolize`: its options and environment. The work, from the outside to the
 * inside: request.c reads, watch.c guards, worker.c loops, resolver.c answers from elfsyms.c
 * (ELF symbols) and scopes.c (DWARF).
 *
 * A server for debug information is asked only with LEAKGC_DEBUGINFOD=1: a report at the end of a
 * program must not wait for a network, nor tell it what the program is.
 *
 * Runs in ordinary context. */
#include "symbolize.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"
#include "request.h"
#include "watch.h"

enum { OPTION_DEBUG_PATH = COMMAND_LONG_OPTION, OPTION_TIMEOUT };

int symbolize_debug_path(const struct command *command, char **path, const char *directory)
{
    struct stat status;
    char *absolute = realpath(directory, NULL);
    if (!absolute || stat(absolute, &status) != 0 || !S_ISDIR(status.st_mode) ||
        strchr(absolute, ':')) {
        free(absolute);
        return command_usage_error(command, "'%s' is not a directory that can be searched",
                                   directory);
    }
    char *longer = mem_format("%s:%s", absolute, *path);
    free(absolute);
    free(*path);
    *path = longer;
    return 0;
}

void symbolize_shut_out_network(void)
{
    const char *allowed = getenv("LEAKGC_DEBUGINFOD");
    if (!allowed || strcmp(allowed, "1") != 0)
        unsetenv("DEBUGINFOD_URLS");
}

static int answer(char *debug_path, unsigned timeout_seconds)
{
    struct request request;
    symbolize_shut_out_network();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is told by the status, to the end */
    int result = request_read(&request, stdin);
    if (result != 0)
        fprintf(stderr, "leakgc symbolize: reading the request: %s\n", strerror(-result));
    int status = result != 0 || request.bad_lines > 0;
    result = watch_answers(&request, debug_path, timeout_seconds, stdout);
    if (result != 0 && result != -EPIPE)
        fprintf(stderr, "leakgc symbolize: writing answers: %s\n", strerror(-result));
    request_done(&request);
    return status || result != 0;
}

static int symbolize_main(const struct command *command, int argc, char **argv)
{
    char *debug_path = mem_string(SYMBOLIZE_DEBUG_PATH);
    unsigned timeout_seconds = SYMBOLIZE_TIMEOUT_SECONDS;
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1) {
        if (option == OPTION_DEBUG_PATH)
            result = symbolize_debug_path(command, &debug_path, optarg);
        else if (option == OPTION_TIMEOUT)
            result =
                command_number(command, "timeout", optarg, COMMAND_TIMEOUT_MOST, &timeout_seconds);
    }
    if (result == 0) {
        command_no_operands(command, argc);
        result = answer(debug_path, timeout_seconds);
    }
    free(debug_path);
    return result;
}

const struct command symbolize_command = {
    .name = "symbolize",
    .synopsis = "[--debug-path DIR] [--timeout SECONDS]",
    .summary = "Answer addresses on stdin with functions and lines on stdout",
    .details = "This is the helper that the library starts. Input, one item a line:\n"
               "  module ID START END BIAS BUILDID PATH\n"
               "  pc ID ADDRESS\n"
               "  linkage\n"
               "Output for each pc: a line for each frame, inlined ones first, then a dot:\n"
               "  f<TAB>FUNCTION<TAB>FILE<TAB>LINE<TAB>COLUMN\n"
               "and with linkage one more field, the mangled name.\n"
               "\n"
               "  --debug-path DIR    search DIR too for separate debug information\n"
               "  --timeout SECONDS   give up on a file after so long without an answer (60)\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"debug-path", required_argument, NULL, OPTION_DEBUG_PATH},
            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
            {0},
        },
    .main = symbolize_main,
};
