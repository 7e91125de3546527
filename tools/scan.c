/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `scan`: one request over the control socket (endpoint.h), one line back, said in
 * words. The line is that of the scan log, which libleakgc(3) describes.
 *
 * What comes back is another process's: it may be of any length, never come, or hold anything. So there is
 * one deadline for all, room for one line, and only what can be printed is printed.
 *
 * Runs in ordinary context. */
#include "scan.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "endpoint.h"

enum { NO_LEAKS = 0, LEAKS = 1, NO_SCAN = 3 };
enum { OPTION_RAW = COMMAND_LONG_OPTION, OPTION_TIMEOUT };

#define REQUEST "scan\n"
#define DEFAULT_TIMEOUT_SECONDS 60
#define HIGHEST_PID (1 << 22)
#define LINE_MOST 4096

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int fail(const char *why)
{
    fprintf(stderr, "leakgc scan: %s\n", why);
    return NO_SCAN;
}

/* One line without its end into text[LINE_MOST]; NULL, or why there is none. */
static const char *read_line(int fd, int64_t deadline_ms, char *text)
{
    for (size_t used = 0; used + 1 < LINE_MOST;) {
        int64_t left = deadline_ms - now_ms();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&wait, 1, left < INT_MAX ? (int)left : INT_MAX) == 0)
            return "no answer in time";
        ssize_t n = recv(fd, text + used, LINE_MOST - 1 - used, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return "the process ended before it answered";
        char *end = memchr(text + used, '\n', (size_t)n);
        used += (size_t)n;
        if (end) {
            *end = 0;
            return NULL;
        }
    }
    return "the answer is not one line";
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
            *text = '?';
}

static bool find_word(const char *line, const char *key, const char **ret_value)
{
    size_t length = strlen(key);
    for (const char *at = line; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            *ret_value = at + length + 1;
            return true;
        }
    }
    return false;
}

static bool find_number(const char *line, const char *key, uint64_t *ret)
{
    const char *value;
    return find_word(line, key, &value) && sscanf(value, "%" SCNu64, ret) == 1;
}

struct outcome {
    uint64_t scan, leaked_blocks, leaked_bytes, new_blocks, lost_blocks;
};

static bool read_outcome(const char *line, struct outcome *o)
{
    return find_number(line, "leaked_blocks", &o->leaked_blocks) &&
           find_number(line, "leaked_bytes", &o->leaked_bytes) &&
           find_number(line, "new_blocks", &o->new_blocks) &&
           find_number(line, "lost_blocks", &o->lost_blocks);
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
    if (!find_number(line, "scan", &o.scan) || !find_word(line, "result", &result))
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

static int show_answer(char *text, bool raw)
{
    make_printable(text);
    if (strncmp(text, "ok ", 3) == 0)
        return raw ? show_raw(text + 3) : show(text + 3);
    if (strncmp(text, "error ", 6) == 0)
        return fail(text + 6);
    return fail("the answer is not understood; another version?");
}

static int scan(int pid, unsigned timeout_seconds, bool raw)
{
    char text[LINE_MOST];
    char *error;
    int64_t deadline_ms = now_ms() + (int64_t)timeout_seconds * 1000;
    int fd = endpoint_connect(pid, (int)timeout_seconds, &error);
    if (fd < 0) {
        int status = fail(error);
        free(error);
        return status;
    }
    /* Should it be refused, an answer says why; the line is short enough to fit at once. */
    (void)!send(fd, REQUEST, strlen(REQUEST), MSG_NOSIGNAL);
    const char *why = read_line(fd, deadline_ms, text);
    close(fd);
    return why ? fail(why) : show_answer(text, raw);
}

static int scan_main(const struct command *command, int argc, char **argv)
{
    unsigned timeout_seconds = DEFAULT_TIMEOUT_SECONDS, pid = 0;
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
    result = command_number(command, "process id", argv[optind], HIGHEST_PID, &pid);
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
        "there was no scan.\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"raw", no_argument, NULL, OPTION_RAW},
            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
            {0},
        },
    .main = scan_main,
};
