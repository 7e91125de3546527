/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `diff`: its options and what its exit status is. compare.c compares, diff_text.c and
 * diff_json.c write.
 *
 * Runs in ordinary context. */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "diff_write.h"
#include "output.h"
#include "reading.h"

enum { HAS_FAILED = 1, NOT_READ = 3 };

enum { OPTION_ONLY = COMMAND_LONG_OPTION, OPTION_FAIL_ON };

#define CHANGED                                                                                    \
    (1u << COMPARE_NEW | 1u << COMPARE_GROWN | 1u << COMPARE_SHRUNK | 1u << COMPARE_GONE)

struct diff {
    struct reading reading;
    uint32_t only, fail_on; /* bits 1 << class */
    bool is_json;
    bool has_format; /* --format was given */
};

/* --- Options ---------------------------------------------------------------------------------- */

static int set_format(struct diff *d, const char *name)
{
    d->has_format = true;
    d->is_json = strcmp(name, "json") == 0;
    if (d->is_json || strcmp(name, "text") == 0)
        return 0;
    return command_usage_error(d->reading.command, "there is no format '%s', but text, json", name);
}

static int set_only(struct diff *d, const char *list)
{
    d->only = 0;
    for (const char *word = list;; word++) {
        size_t length = strcspn(word, ",");
        enum compare_class k = 0;
        while (k < COMPARE_UNCHANGED && (strlen(compare_class_name(k)) != length ||
                                         strncmp(word, compare_class_name(k), length) != 0))
            k++;
        if (k == COMPARE_UNCHANGED)
            return command_usage_error(d->reading.command,
                                       "'%s' is not a list of new, grown, shrunk, gone", list);
        d->only |= 1u << k;
        word += length;
        if (!*word)
            return 0;
    }
}

static int set_fail_on(struct diff *d, const char *word)
{
    static const struct {
        const char *word;
        uint32_t classes;
    } words[] = {{"new", 1u << COMPARE_NEW},
                 {"grown", 1u << COMPARE_NEW | 1u << COMPARE_GROWN},
                 {"changed", CHANGED},
                 {"never", 0}};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i].word, word) == 0) {
            d->fail_on = words[i].classes;
            return 0;
        }
    return command_usage_error(d->reading.command, "'%s' is none of new, grown, changed, never",
                               word);
}

static int set_option(struct diff *d, int option, const char *value)
{
    switch (option) {
    case OPTION_ONLY:
        return set_only(d, value);
    case OPTION_FAIL_ON:
        return set_fail_on(d, value);
    case READING_FORMAT:
        return set_format(d, value);
    default:
        return reading_option(&d->reading, option, value);
    }
}

/* --- The work --------------------------------------------------------------------------------- */

static bool has_failed(const struct diff *d, const struct comparison *c)
{
    for (enum compare_class k = 0; k < COMPARE_CLASSES; k++)
        if (d->fail_on >> k & 1 && c->sum[k].stacks)
            return true;
    return false;
}

static bool may_colour(const struct diff *d)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !d->reading.output && isatty(STDOUT_FILENO) && !(no_colour && *no_colour) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static int write_view(const struct diff *d, const struct diff_view *view)
{
    const char *path = d->reading.output;
    const char *dot = path ? strrchr(path, '.') : NULL;
    bool is_json = d->has_format ? d->is_json : dot && strcmp(dot, ".json") == 0;
    struct output out;
    int result = output_open(&out, path);
    if (result == 0)
        result = output_close(&out, is_json ? diff_write_json(view, out.file)
                                            : diff_write_text(view, out.file));
    if (result == 0)
        return 0;
    fprintf(stderr, "leakgc diff: writing %s: %s\n", path ? path : "the comparison",
            strerror(-result));
    return NOT_READ;
}

static int show(const struct diff *d, struct diff_view *view, const struct model_filter *filter)
{
    struct comparison c;
    compare(view->before.model, view->after.model, filter, &c);
    view->comparison = &c;
    view->only = d->only;
    view->max_sites = filter->max_sites;
    view->has_colour = may_colour(d);
    view->has_failed = has_failed(d, &c);
    int result = write_view(d, view);
    if (result == 0 && (view->before.model->is_damaged || view->after.model->is_damaged))
        result = NOT_READ;
    if (result == 0 && view->has_failed)
        result = HAS_FAILED;
    compare_done(&c);
    return result;
}

/* Whether it has not all sites, as reports of new leaks of a living program. A dump has them. */
static bool is_partial(const struct model *m)
{
    uint64_t listed = 0, all = 0;
    for (size_t i = 0; i < m->site_count; i++)
        listed += m->sites[i].blocks;
    for (int kind = 0; kind < MODEL_KINDS; kind++)
        all += m->total[kind].blocks;
    return m->is_live && listed < all;
}

/* Both with the same kinds; thresholds apply to sums, which compare makes. */
static void prepare(struct diff *d, struct model *m, uint32_t kinds)
{
    struct model_filter filter = {.kinds = kinds};
    model_select(m, &filter);
    reading_name(&d->reading, m);
    if (is_partial(m))
        model_add_doubt(m, "written while the program ran: only what was new then is in it");
}

static int work(struct diff *d, const char *before_path, const char *after_path)
{
    struct model before = {0}, after = {0};
    int result = reading_read(&d->reading, before_path, &before);
    int second = reading_read(&d->reading, after_path, &after);
    if (result == 0)
        result = second;
    if (result == 0) {
        struct model_filter filter = reading_filter(&d->reading, &after);
        struct diff_view view = {.before = {before_path, &before}, .after = {after_path, &after}};
        prepare(d, &before, filter.kinds);
        prepare(d, &after, filter.kinds);
        result = show(d, &view, &filter);
    }
    model_done(&before);
    model_done(&after);
    return result;
}

static int diff_main(const struct command *command, int argc, char **argv)
{
    struct diff d = {.reading = reading_begin(command),
                     .only = CHANGED,
                     .fail_on = 1u << COMPARE_NEW | 1u << COMPARE_GROWN};
    int option, result = 0;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1)
        result = set_option(&d, option, optarg);
    if (result == 0 && argc - optind != 2)
        result = command_usage_error(command, "two report files are needed");
    if (result == 0 && strcmp(argv[optind], "-") == 0 && strcmp(argv[optind + 1], "-") == 0)
        result = command_usage_error(command, "only one of the files can be standard input");
    if (result == 0)
        result = work(&d, argv[optind], argv[optind + 1]);
    reading_done(&d.reading);
    return result;
}

const struct command diff_command = {
    .name = "diff",
    .synopsis = "[--only CHANGES] [--fail-on WHAT] [OPTION]... BEFORE AFTER",
    .summary = "Compare two report files: what is new, grown, shrunk, gone",
    .details =
        "BEFORE and AFTER are files that the library or leakgc merge wrote; -: standard input. "
        "Sites\n"
        "are the same when the functions of their stacks are, whatever the kind of their blocks.\n"
        "\n"
        "  --only CHANGES      show these: new,grown,shrunk,gone\n"
        "  --fail-on WHAT      exit with 1 when something is new; grown (default): new or grown;\n"
        "                      changed: anything at all; never\n"
        "  --format FORMAT     text (default) or json; or as --output's suffix says\n"
        "  --output FILE       write there instead of stdout; the file is there whole or not\n"
        "  --debug-path DIR    search DIR too for separate debug information\n"
        "  --no-symbols        leave addresses as they are\n"
        "  --sysroot DIR       read the programs and libraries below DIR\n"
        "  --timeout SECONDS   give up on a file after so long without an answer (60)\n"
        "  --kinds KINDS       count definite,indirect,possible,reachable or all\n"
        "  --min-bytes N       leave out sites with fewer bytes both before and after;\n"
        "                      --min-blocks N: blocks; they don't fail either\n"
        "  --max-sites N       show the first N sites; 0: all\n"
        "\n"
        "What is not given is as the options of the library were for AFTER. The exit status is 0 "
        "when\n"
        "nothing failed, 1 when something did, 3 when a file could not be read, or not all of "
        "it,\n"
        "or writing failed.\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"only", required_argument, NULL, OPTION_ONLY},
            {"fail-on", required_argument, NULL, OPTION_FAIL_ON},
            {"format", required_argument, NULL, READING_FORMAT},
            {"output", required_argument, NULL, READING_OUTPUT},
            {"debug-path", required_argument, NULL, READING_DEBUG_PATH},
            {"no-symbols", no_argument, NULL, READING_NO_SYMBOLS},
            {"sysroot", required_argument, NULL, READING_SYSROOT},
            {"timeout", required_argument, NULL, READING_TIMEOUT},
            {"kinds", required_argument, NULL, READING_KINDS},
            {"min-bytes", required_argument, NULL, READING_MIN_BYTES},
            {"min-blocks", required_argument, NULL, READING_MIN_BLOCKS},
            {"max-sites", required_argument, NULL, READING_MAX_SITES},
            {0},
        },
    .main = diff_main,
    .failure = NOT_READ,
};
