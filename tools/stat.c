/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `stat`. Each line is one request (ask.h), and what changed since the line before; the first
 * tells of the time since the start.
 *
 * Runs in ordinary context. */
#include "stat.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "mem.h"
#include "watched.h"

enum { NO_ANSWER = 3, HEADER_EACH = 20, ENDING_MS = 3000 };
enum { OPTION_RAW = COMMAND_LONG_OPTION, OPTION_TIMEOUT };

struct counters {
    uint64_t uptime_ms, live_bytes, live_blocks, allocated, lost_bytes, leaked_bytes, leaked_blocks,
        scans, last_stop_us;
};

struct stat_options {
    bool raw;
    unsigned timeout_seconds, interval_seconds, count; /* count 0: until it ends */
};

static bool read_counters(const char *line, struct counters *c)
{
    return ask_number(line, "uptime_ms", &c->uptime_ms) &&
           ask_number(line, "live_bytes", &c->live_bytes) &&
           ask_number(line, "live_blocks", &c->live_blocks) &&
           ask_number(line, "allocated_blocks", &c->allocated) &&
           ask_number(line, "lost_bytes", &c->lost_bytes) &&
           ask_number(line, "leaked_bytes", &c->leaked_bytes) &&
           ask_number(line, "leaked_blocks", &c->leaked_blocks) &&
           ask_number(line, "scans", &c->scans) &&
           ask_number(line, "last_stop_us", &c->last_stop_us);
}

static void show_header(void)
{
    printf("%9s %7s %7s %7s %7s %7s %7s %7s %6s %9s\n", "uptime", "live", "blocks", "alloc/s",
           "free/s", "lost", "leaked", "blocks", "scans", "stop");
}

static double per_second(uint64_t now, uint64_t before, uint64_t ms)
{
    return ms ? ((double)now - (double)before) * 1000 / (double)ms : 0;
}

/* What was allocated and does not live was freed. The two are not counted at the same moment. */
static double freed_per_second(const struct counters *now, const struct counters *before,
                               uint64_t ms)
{
    double freed = per_second(now->allocated, before->allocated, ms) -
                   per_second(now->live_blocks, before->live_blocks, ms);
    return freed > 0 ? freed : 0;
}

static void show_counters(const struct counters *now, const struct counters *before)
{
    char text[7][WATCHED_NUMBER];
    uint64_t ms = now->uptime_ms - before->uptime_ms;
    double allocated = per_second(now->allocated, before->allocated, ms);
    printf("%6" PRIu64 ".%" PRIu64 "s %7s %7s %7s %7s %7s %7s %7s %6" PRIu64 " %7.2fms\n",
           now->uptime_ms / 1000, now->uptime_ms / 100 % 10,
           watched_bytes(text[0], (double)now->live_bytes),
           watched_count(text[1], (double)now->live_blocks),
           watched_count(text[2], allocated > 0 ? allocated : 0),
           watched_count(text[3], freed_per_second(now, before, ms)),
           watched_bytes(text[4], (double)now->lost_bytes),
           watched_bytes(text[5], (double)now->leaked_bytes),
           watched_count(text[6], (double)now->leaked_blocks), now->scans,
           (double)now->last_stop_us / 1000);
}

/* One line; NULL, or why there is none, to be freed. */
static char *show_line(int pid, const struct stat_options *o, unsigned number,
                       struct counters *before)
{
    char text[ASK_LINE];
    struct counters now;
    char *error = ask(pid, "stat", o->timeout_seconds, text, NULL);
    if (error)
        return error;
    if (o->raw) {
        puts(text);
    } else {
        if (!read_counters(text, &now) || now.uptime_ms < before->uptime_ms)
            return mem_string("the answer is not understood; another version? --raw shows it");
        if (number % HEADER_EACH == 0)
            show_header();
        show_counters(&now, before);
        *before = now;
    }
    return NULL;
}

static int show_lines(int pid, int watched, const struct stat_options *o)
{
    struct counters before = {0};
    for (unsigned i = 0; !o->count || i < o->count; i++) {
        if (i && watched_has_ended(watched, (int)o->interval_seconds * 1000))
            return 0;
        char *error = show_line(pid, o, i, &before);
        if (!error && !command_flush())
            return 0; /* command_finish tells */
        if (!error)
            continue;
        bool ended = i && watched_has_ended(watched, ENDING_MS);
        if (!ended)
            fprintf(stderr, "leakgc stat: %s\n", error);
        free(error);
        return ended ? 0 : NO_ANSWER;
    }
    return 0;
}

static int stat_main(const struct command *command, int argc, char **argv)
{
    struct stat_options o = {.timeout_seconds = ASK_TIMEOUT_SECONDS, .count = 1};
    unsigned pid = 0;
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1) {
        if (option == OPTION_RAW)
            o.raw = true;
        else if (option == OPTION_TIMEOUT)
            result = command_number(command, "timeout", optarg, COMMAND_TIMEOUT_MOST,
                                    &o.timeout_seconds);
    }
    int operands = argc - optind;
    if (result == 0 && (operands < 1 || operands > 3))
        result = command_usage_error(command, "a process id is needed, then interval and count");
    if (result == 0)
        result = ask_pid(command, argv[optind], &pid);
    if (result == 0 && operands > 1) {
        o.count = 0;
        result = command_number(command, "interval", argv[optind + 1], COMMAND_TIMEOUT_MOST,
                                &o.interval_seconds);
    }
    if (result == 0 && operands > 2)
        result = command_number(command, "count", argv[optind + 2], UINT32_MAX, &o.count);
    if (result != 0)
        return result;
    int watched = watched_open((int)pid);
    result = show_lines((int)pid, watched, &o);
    if (watched >= 0)
        close(watched);
    return result;
}

const struct command stat_command = {
    .name = "stat",
    .synopsis = "[--raw] [--timeout SECONDS] PID [INTERVAL [COUNT]]",
    .summary = "Show the numbers of a running program, a line each INTERVAL seconds",
    .details =
        "Without INTERVAL one line; without COUNT until the program ends. The columns:\n"
        "\n"
        "  uptime   since the start of the program\n"
        "  live     bytes in blocks that are not freed; blocks: how many there are\n"
        "  alloc/s  blocks allocated per second since the line before (the first line: since\n"
        "           the start), and made larger or smaller\n"
        "  free/s   blocks freed, likewise\n"
        "  lost     bytes that the last search found lost\n"
        "  leaked   bytes that are leaked for certain; blocks: how many there are\n"
        "  scans    searches so far; stop: the longest time that the last one stopped threads\n"
        "\n"
        "K, M, G are powers of 1024, k, m, g of 1000. No search is made for it: see interval in\n"
        "'leakgc options', and 'leakgc scan'.\n"
        "\n"
        "  --raw               print the answers as they are: key=value words\n"
        "  --timeout SECONDS   give up after so long without an answer (60)\n"
        "\n"
        "The exit status is 0 also when the program ended meanwhile, 3 when it did not answer.\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"raw", no_argument, NULL, OPTION_RAW},
            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
            {0},
        },
    .main = stat_main,
};
