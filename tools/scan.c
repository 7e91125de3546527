/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `scan`: one request over the control socket (ask.h), one line back, said in
 * words. The line is that of the scan log, which libleakgc(3) describes.
 *
 * Runs in ordinary context. */
#include "scan.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"

enum { NO_LEAKS = 0, LEAKS = 1, NO_SCAN = 3 };
enum { OPTION_RAW = COMMAND_LONG_OPTION, OPTION_TIMEOUT };

static int fail(const char *why)
{
    fprintf(stderr, "leakgc scan: %s\n", why);
    return NO_SCAN;
}

struct outcome {
    uint64_t scan, leaked_blocks, leaked_bytes, new_blocks, lost_blocks;
};

static bool read_outcome(const char *line, struct outcome *o)
{
    return ask_number(line, "leaked_blocks", &o->leaked_blocks) &&
           ask_number(line, "leaked_bytes", &o->leaked_bytes) &&
           ask_number(line, "new_blocks", &o->new_blocks) &&
           ask_number(line, "lost_blocks", &o->lost_blocks);
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void show_leaks(const struct outcome *o)
{
    uint64_t open = o->lost_blocks > o->leaked_blocks ? o->lost_blocks - o->leaked_blocks : 0;
    if (o->leaked_blocks)
        printf("%" PRIu64 " block%s (%" PRIu64 " byte%s) leaked, %" PRIu64 " new", o->leaked_blocks,
               plural(o->leaked_blocks), o->leaked_bytes, plural(o->leaked_bytes), o->new_blocks);
    else
        printf("no leaks%s", open ? " for certain" : "");
    if (open)
        printf("; %" PRIu64 "%s block%s lost, to be confirmed", open,
               o->leaked_blocks ? " more" : "", plural(open));
    if (o->new_blocks)
        printf("; the report is where the process writes its reports");
}

/* The line of a scan, in words. */
static int show(const char *line)
{
    struct outcome o;
    const char *result;
    if (!ask_number(line, "scan", &o.scan) || !ask_word(line, "result", &result))
        return fail("the answer is not understood; another version? --raw shows it");
    if (!read_outcome(line, &o)) {
        fprintf(stderr,
                "leakgc scan: scan %" PRIu64 " is %.*s: not every thread could be stopped\n",
                o.scan, (int)strcspn(result, " "), result);
        return NO_SCAN;
    }
    printf("scan %" PRIu64 ": ", o.scan);
    show_leaks(&o);
    putchar('\n');
    return o.leaked_blocks ? LEAKS : NO_LEAKS;
}

static int show_raw(const char *line)
{
    struct outcome o;
    puts(line);
    if (!read_outcome(line, &o))
        return NO_SCAN;
    return o.leaked_blocks ? LEAKS : NO_LEAKS;
}

static int scan(int pid, unsigned timeout_seconds, bool raw)
{
    char text[ASK_LINE];
    char *error = ask(pid, "scan", timeout_seconds, text, NULL);
    int status = error ? fail(error) : raw ? show_raw(text) : show(text);
    free(error);
    return status;
}

static int scan_main(const struct command *command, int argc, char **argv)
{
    unsigned timeout_seconds = ASK_TIMEOUT_SECONDS, pid = 0;
    bool raw = false;
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1) {
        if (option == OPTION_RAW)
            raw = true;
        else if (option == OPTION_TIMEOUT)
            result =
                command_number(command, "timeout", optarg, COMMAND_TIMEOUT_MOST, &timeout_seconds);
    }
    if (result != 0)
        return result;
    if (argc - optind != 1)
        return command_usage_error(command, "one process id is needed");
    result = ask_pid(command, argv[optind], &pid);
    return result ? result : scan((int)pid, timeout_seconds, raw);
}

const struct command scan_command = {
    .name = "scan",
    .synopsis = "[--raw] [--timeout SECONDS] PID",
    .summary = "Search a running program for leaks now",
    .details =
        "The program must run under the library since a second or more, as the same user. New\n"
        "leaks are in its report; a block is certain to be leaked when two scans in a row found\n"
        "it lost (the options confirm and min_age of the library).\n"
        "\n"
        "  --raw               print the line of the scan log: key=value words\n"
        "  --timeout SECONDS   give up after so long without an answer (60)\n"
        "\n"
        "The exit status is 0 when nothing is leaked for certain, 1 when something is, 3 when\n"
        "there was no scan, or writing failed.\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"raw", no_argument, NULL, OPTION_RAW},
            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
            {0},
        },
    .main = scan_main,
    .failure = NO_SCAN,
};
