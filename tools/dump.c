/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommands `dump` and `leaks`: a report file is asked for (ask.h), then kept as it is, or shown
 * as `leakgc report` would (reading.h).
 *
 * Runs in ordinary context. */
#include "dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "lgc.h"
#include "mem.h"
#include "output.h"
#include "reading.h"

enum { LEAKS = 1, NO_REPORT = 3, NAMES_MOST = 10000 };
#define SUFFIX ".lgc"

struct asked {
    int pid;
    uint8_t *file;
    size_t bytes;
};

/* 0, or NO_REPORT after a line. */
static int fetch(struct asked *a, const char *request, struct reading *r)
{
    char *error = ask_report(a->pid, request, r->naming.timeout_seconds, &a->file, &a->bytes);
    if (!error)
        return 0;
    fprintf(stderr, "%s: %s\n", r->who, error);
    free(error);
    return NO_REPORT;
}

/* As it would be of a file; then *ret is to be given back whatever the result is. */
static int parse(const struct asked *a, struct reading *r, struct model *ret)
{
    return reading_parse(r, "the report", a->file, a->bytes, ret);
}

/* --- dump ------------------------------------------------------------------------------------- */

static bool is_lgc(const char *path)
{
    size_t length = strlen(path), suffix = strlen(SUFFIX);
    return length >= suffix && strcmp(path + length - suffix, SUFFIX) == 0;
}

/* PROGRAM.PID.lgc, with a number before the suffix if that is there. */
static char *choose_name(const struct asked *a)
{
    struct model m;
    char *path = NULL;
    const char *program = lgc_parse(a->file, a->bytes, &m) == 0 ? model_basename(m.program) : "";
    for (unsigned i = 1; i < NAMES_MOST; i++) {
        free(path);
        path = i == 1 ? mem_format("%s.%d" SUFFIX, *program ? program : "leakgc", a->pid)
                      : mem_format("%s.%d.%u" SUFFIX, *program ? program : "leakgc", a->pid, i);
        if (access(path, F_OK) != 0)
            break;
    }
    model_done(&m);
    return path;
}

/* As it came. */
static int keep(const struct asked *a, const char *path, const struct reading *r)
{
    struct output out;
    int result = output_open(&out, path);
    if (result == 0) {
        size_t written = fwrite(a->file, 1, a->bytes, out.file);
        result = output_close(&out, written == a->bytes ? 0 : -EIO);
    }
    if (result == 0)
        return 0;
    fprintf(stderr, "%s: writing %s: %s\n", r->who, path, strerror(-result));
    return 1;
}

static int keep_as_report(const struct asked *a, struct reading *r)
{
    struct model m;
    if (lgc_parse(a->file, a->bytes, &m) != 0 || m.is_damaged) {
        model_done(&m);
        fprintf(stderr, "%s: what came is no report\n", r->who);
        return NO_REPORT;
    }
    model_done(&m);
    char *chosen = r->output ? NULL : choose_name(a);
    const char *path = chosen ? chosen : r->output;
    int result = keep(a, path, r);
    if (result == 0 && chosen)
        printf("%s\n", path);
    free(chosen);
    return result;
}

static int show(const struct asked *a, struct reading *r)
{
    struct model m;
    int result = parse(a, r, &m);
    if (result == 0)
        result = reading_write(r, &m);
    if (result == 0 && m.is_damaged)
        result = NO_REPORT;
    model_done(&m);
    return result;
}

static int dump_main(const struct command *command, int argc, char **argv)
{
    struct reading reading = reading_begin(command);
    struct asked asked = {0};
    unsigned pid = 0;
    bool as_report = false;
    int option, result = 0;
    reading.has_kinds = model_kinds_parse("all", &reading.filter.kinds) == 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1) {
        as_report = option == READING_FORMAT ? strcmp(optarg, "lgc") == 0 : as_report;
        if (option != READING_FORMAT || !as_report)
            result = reading_option(&reading, option, optarg);
    }
    int operands = argc - optind;
    if (result == 0 && (operands < 1 || operands > 2))
        result = command_usage_error(command, "a process id is needed, then a file");
    if (result == 0)
        result = ask_pid(command, argv[optind], &pid);
    if (result == 0 && operands == 2)
        reading.output = argv[optind + 1];
    if (!reading.format && (!reading.output || is_lgc(reading.output)))
        as_report = true;
    asked.pid = (int)pid;
    if (result == 0)
        result = fetch(&asked, "dump", &reading);
    if (result == 0)
        result = as_report ? keep_as_report(&asked, &reading) : show(&asked, &reading);
    free(asked.file);
    reading_done(&reading);
    return result;
}

const struct command dump_command = {
    .name = "dump",
    .synopsis = "[--format FORMAT] [OPTION]... PID [FILE]",
    .summary = "Write a report of all blocks of a running program",
    .details =
        "The program is searched, and everything that lives then is in the report: what is lost\n"
        "and what is still reachable, by call stack. Without FILE, and without --format,\n"
        "the report file is PROGRAM.PID.lgc here ('leakgc report' shows it); else\n"
        "the format is as the suffix says, text where it says nothing.\n"
        "\n"
        "  --format lgc        a report file, whatever FILE is called\n" READING_HELP "\n"
        "All kinds are shown unless --kinds is given. The exit status is 3 when there was no\n"
        "report.\n",
    .short_options = ":",
    .long_options = (const struct option[]){READING_OPTIONS, {0}},
    .main = dump_main,
};

/* --- leaks ------------------------------------------------------------------------------------ */

static const char *const choices[] = {"new", "increased", "changed"};

static const char *find_choice(const char *word)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
        if (strcmp(choices[i], word) == 0)
            return choices[i];
    return NULL;
}

/* Nothing found by a search that was not complete (m->doubts) is not "no leaks". */
static int status_of(const struct model *m)
{
    if (m->is_damaged)
        return NO_REPORT;
    if (m->shown_count)
        return LEAKS;
    return m->doubt_count ? NO_REPORT : 0;
}

static int show_leaks(const struct asked *a, struct reading *r, const char *choice)
{
    struct model m;
    int result = parse(a, r, &m);
    bool has_words = result == 0 && (m.shown_count || m.doubt_count || r->format || r->output);
    if (has_words)
        result = reading_write(r, &m) == 0 ? 0 : NO_REPORT; /* 1 is LEAKS */
    else if (result == 0)
        printf("no %s%sleaks\n", choice ? choice : "", choice ? " " : "");
    if (result == 0)
        result = status_of(&m);
    model_done(&m);
    return result;
}

static int leaks_main(const struct command *command, int argc, char **argv)
{
    struct reading reading = reading_begin(command);
    struct asked asked = {0};
    unsigned pid = 0;
    const char *choice = NULL;
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1)
        result = reading_option(&reading, option, optarg);
    int operands = argc - optind;
    if (result == 0 && (operands < 1 || operands > 2))
        result = command_usage_error(command, "a process id is needed, then what to show");
    if (result == 0)
        result = ask_pid(command, argv[optind], &pid);
    if (result == 0 && operands == 2 && !(choice = find_choice(argv[optind + 1])))
        result =
            command_usage_error(command, "'%s' is not new, increased or changed", argv[optind + 1]);
    asked.pid = (int)pid;
    char *request = mem_format("leaks%s%s", choice ? " " : "", choice ? choice : "");
    if (result == 0)
        result = fetch(&asked, request, &reading);
    if (result == 0)
        result = show_leaks(&asked, &reading, choice);
    free(request);
    free(asked.file);
    reading_done(&reading);
    return result;
}

const struct command leaks_command = {
    .name = "leaks",
    .synopsis = "[--format FORMAT] [OPTION]... PID [new|increased|changed]",
    .summary = "Show what a running program has lost now",
    .details =
        "The program is searched, and what is lost is shown at once; no second search confirms\n"
        "it, and the program's own reports go on as if nobody had asked.\n"
        "\n"
        "  new         only call stacks that were not there when leaks were asked for last\n"
        "  increased   these, and those with more bytes or blocks than then\n"
        "  changed     these, and those with fewer\n"
        "\n" READING_HELP "\n"
        "The exit status is 0 when there is nothing to show, 1 when there is, 3 when there was no\n"
        "report, or there is nothing in it but the search was not complete.\n",
    .short_options = ":",
    .long_options = (const struct option[]){READING_OPTIONS, {0}},
    .main = leaks_main,
    .failure = NO_REPORT,
};
