/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `merge`: which of the files count. combine.c makes one report of them.
 *
 * A process may have written several files. One that it wrote when it ended has all sites; of several such the last
 * one counts alone. Those that it wrote while it went on have what was new each time: where nothing else is there they
 * are summed, with the totals of the last.
 *
 * Two passes, so that memory is that of one file and the result: the first notes whose report each file is.
 *
 * Runs in ordinary context. */
#include "merge.h"

#include <stdlib.h>
#include <string.h>

#include "combine.h"
#include "lgc.h"
#include "mem.h"
#include "reading.h"

enum { NOT_READ = 3 };

/* The start of a process is computed anew for each report, to the second. */
#define SAME_START_S 2

struct source {
    const char *path;
    size_t place; /* in the command line */
    char *program, *host;
    int pid;
    uint64_t start_s, uptime_ms;
    uint32_t scan;
    bool is_read, is_live, is_merged;
    /* What is chosen. */
    const struct source *instead; /* counts instead of it; NULL: none */
    bool counts_totals;
};

struct merge {
    struct reading reading;
    struct source *sources; /* in the order of the command line */
    struct source **order;  /* those that could be read, by process */
    size_t count, read_count;
    bool is_incomplete; /* a file could not be read, or not all of it */
};

/* --- First pass ------------------------------------------------------------------------------- */

static void note(struct merge *merge, struct source *s)
{
    struct model m;
    int result = lgc_read_head(s->path, &m);
    s->is_read = result == 0;
    if (s->is_read) {
        s->program = mem_string(m.program);
        s->host = mem_string(m.host);
        s->pid = m.pid;
        s->start_s = m.start_s;
        s->uptime_ms = m.uptime_ms;
        s->scan = m.scan;
        s->is_live = m.is_live;
        s->is_merged = m.process_count > 0;
        s->counts_totals = true;
        merge->order[merge->read_count++] = s;
    } else
        reading_tell(&merge->reading, s->path, result);
    model_done(&m);
}

/* --- Which count ------------------------------------------------------------------------------ */

#define ORDER(a, b) ((a) == (b) ? 0 : (a) < (b) ? -1 : 1)

/* By process, the start apart. */
static int compare_processes(const struct source *a, const struct source *b)
{
    int result = ORDER(a->is_merged, b->is_merged);
    if (result == 0)
        result = ORDER(a->pid, b->pid);
    if (result == 0)
        result = strcmp(a->host, b->host);
    return result ? result : strcmp(a->program, b->program);
}

static int compare_sources(const void *left, const void *right)
{
    const struct source *a = *(struct source *const *)left, *b = *(struct source *const *)right;
    int result = compare_processes(a, b);
    if (result == 0)
        result = ORDER(a->start_s, b->start_s);
    return result ? result : ORDER(a->place, b->place);
}

/* Of one process: the last one at the end. */
static int compare_times(const void *left, const void *right)
{
    const struct source *a = *(struct source *const *)left, *b = *(struct source *const *)right;
    int result = ORDER(a->uptime_ms, b->uptime_ms);
    if (result == 0)
        result = ORDER(a->scan, b->scan);
    return result ? result : ORDER(a->place, b->place);
}

/* a started first. */
static bool is_same_process(const struct source *a, const struct source *b)
{
    return !a->is_merged && compare_processes(a, b) == 0 && b->start_s - a->start_s <= SAME_START_S;
}

/* The reports of one process. */
static void choose(struct source **reports, size_t count)
{
    const struct source *whole = NULL;
    qsort(reports, count, sizeof(*reports), compare_times);
    for (size_t i = 0; i < count; i++)
        if (!reports[i]->is_live)
            whole = reports[i];
    for (size_t i = 0; i < count; i++) {
        struct source *s = reports[i], *next = i + 1 < count ? reports[i + 1] : NULL;
        bool is_twice = next && next->scan == s->scan && next->uptime_ms == s->uptime_ms;
        if (whole)
            s->instead = s == whole ? NULL : whole;
        else if (is_twice)
            s->instead = next;
        s->counts_totals = whole ? s == whole : !next;
    }
}

static void choose_all(struct merge *merge)
{
    struct source **order = merge->order;
    if (merge->read_count)
        qsort(order, merge->read_count, sizeof(*order), compare_sources);
    for (size_t i = 0, end; i < merge->read_count; i = end) {
        for (end = i + 1; end < merge->read_count && is_same_process(order[i], order[end]); end++)
            ;
        choose(order + i, end - i);
    }
}

static int compare_named(const void *left, const void *right)
{
    const struct model_process *a = left, *b = right;
    int result = ORDER(a->pid, b->pid);
    if (result == 0)
        result = ORDER(a->start_s, b->start_s);
    if (result == 0)
        result = strcmp(a->host, b->host);
    return result ? result : strcmp(a->program, b->program);
}

/* What a file that was merged before is made of can't be left out. */
static void tell_twice(struct model *m)
{
    size_t count = m->process_count;
    struct model_process *sorted = mem_zeroed(count, sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = m->processes[i];
    qsort(sorted, count, sizeof(*sorted), compare_named);
    for (size_t i = 1; i < count; i++)
        if (compare_named(&sorted[i - 1], &sorted[i]) == 0) {
            char *text = mem_format("process %d on %s is in several files, and counts so often",
                                    sorted[i].pid, sorted[i].host);
            model_add_doubt(m, text);
            free(text);
        }
    free(sorted);
}

/* --- Second pass ------------------------------------------------------------------------------ */

static void add_doubt(struct model *m, const char *path, const char *doubt)
{
    char *text = mem_format("%s: %s", path, doubt);
    model_add_doubt(m, text);
    free(text);
}

static void add_source(struct merge *merge, const struct source *s, struct combine *c,
                       struct model *whole)
{
    struct model m;
    if (s->is_read && s->instead) {
        fprintf(stderr, "%s: %s: left out: %s is of the same process, and later\n",
                merge->reading.who, s->path, s->instead->path);
        return;
    }
    if (!s->is_read || reading_read(&merge->reading, s->path, &m) != 0) {
        add_doubt(whole, s->path, "could not be read");
        merge->is_incomplete = true;
        return;
    }
    for (size_t i = 0; i < m.doubt_count; i++)
        add_doubt(whole, s->path, m.doubts[i]);
    merge->is_incomplete |= m.is_damaged;
    combine_add(c, &m, s->counts_totals);
    model_done(&m);
}

static void add_all(struct merge *merge, struct model *whole)
{
    struct combine *c = combine_begin(whole);
    for (size_t i = 0; i < merge->count; i++)
        add_source(merge, &merge->sources[i], c, whole);
    combine_end(c);
    tell_twice(whole);
}

static int show(struct merge *merge, struct model *m)
{
    struct reading *r = &merge->reading;
    struct model_filter filter = reading_filter(r, m);
    struct model_filter unlimited = {.kinds = filter.kinds};
    model_select(m, &unlimited);
    reading_name(r, m);
    combine_names(m);
    m->filter = filter;
    model_select(m, &filter);
    model_sign(m);
    return reading_write(r, m);
}

static int work(struct merge *merge, char **paths, size_t count)
{
    struct model whole;
    int result = NOT_READ;
    merge->sources = mem_zeroed(count, sizeof(*merge->sources));
    merge->order = mem_zeroed(count, sizeof(*merge->order));
    merge->count = count;
    for (size_t i = 0; i < count; i++) {
        merge->sources[i] = (struct source){.path = paths[i], .place = i};
        note(merge, &merge->sources[i]);
    }
    choose_all(merge);
    if (merge->read_count) {
        add_all(merge, &whole);
        result = show(merge, &whole);
        model_done(&whole);
    }
    for (size_t i = 0; i < count; i++) {
        free(merge->sources[i].program);
        free(merge->sources[i].host);
    }
    free(merge->sources);
    free(merge->order);
    return result == 0 && merge->is_incomplete ? NOT_READ : result;
}

static int merge_main(const struct command *command, int argc, char **argv)
{
    struct merge merge = {.reading = reading_begin(command)};
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1)
        result = reading_option(&merge.reading, option, optarg);
    if (result == 0 && optind == argc)
        result = command_usage_error(command, "report files are needed");
    for (int i = optind; result == 0 && i < argc; i++)
        if (strcmp(argv[i], "-") == 0)
            result = command_usage_error(command, "standard input can't be merged");
    if (result == 0)
        result = work(&merge, argv + optind, (size_t)(argc - optind));
    reading_done(&merge.reading);
    return result;
}

const struct command merge_command = {
    .name = "merge",
    .synopsis = "[--format FORMAT] [--output FILE] [OPTION]... FILE...",
    .summary = "Make one report of the report files of many processes and hosts",
    .details =
        "Blocks that one call stack allocated are summed, wherever the processes had it in "
        "memory.\n"
        "With --output FILE.lgc the result is a report file again, which has the names in it that\n"
        "were found. Of a process that wrote several reports the last one counts.\n"
        "\n" READING_HELP "\n"
        "What is not given is as the options of the library were, taken together. The exit status "
        "is\n"
        "3 when a file could not be read, or not all of it; the others are merged all the same.\n",
    .short_options = ":",
    .long_options = (const struct option[]){READING_OPTIONS, {0}},
    .main = merge_main,
};
