/* SPDX-License-Identifier: MIT
 *
 * Owns what commands that read report files have in common (reading.h).
 *
 * Runs in ordinary context. */
#include "reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lgc.h"
#include "mem.h"
#include "output.h"
#include "symbolize.h"

enum { NOT_READ = 3 };

struct reading reading_begin(const struct command *command)
{
    return (struct reading){
        .command = command,
        .who = mem_format("leakgc %s", command->name),
        .naming = {.debug_path = mem_string(SYMBOLIZE_DEBUG_PATH),
                   .timeout_seconds = SYMBOLIZE_TIMEOUT_SECONDS},
    };
}

void reading_done(struct reading *r)
{
    free(r->who);
    free(r->naming.debug_path);
    free(r->sysroot);
    *r = (struct reading){0};
}

/* --- Options ---------------------------------------------------------------------------------- */

/* A number with an optional k, M or G (powers of 1024), as the library's options have it. */
static int set_number(const struct reading *r, const char *what, const char *text, uint64_t *ret,
                      bool *ret_is_set)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = *end == 'k' || *end == 'K'   ? 10
                     : *end == 'm' || *end == 'M' ? 20
                     : *end == 'g' || *end == 'G' ? 30
                                                  : 0;
    if (*text < '0' || *text > '9' || end[shift != 0] || errno || number > UINT64_MAX >> shift)
        return command_usage_error(r->command, "%s '%s' is not a number", what, text);
    *ret = number << shift;
    *ret_is_set = true;
    return 0;
}

static int set_sysroot(struct reading *r, const char *folder)
{
    struct stat status;
    char *path = realpath(folder, NULL);
    if (!path || stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        free(path);
        return command_usage_error(r->command, "'%s' is not a directory", folder);
    }
    if (strcmp(path, "/") == 0)
        *path = 0;
    free(r->sysroot);
    r->options.sysroot = r->naming.sysroot = r->sysroot = path;
    return 0;
}

static int set_format(struct reading *r, const char *name)
{
    r->format = format_find(name);
    if (r->format)
        return 0;
    return command_usage_error(r->command, "there is no format '%s', but %s", name, format_names());
}

static int set_kinds(struct reading *r, const char *kinds)
{
    r->has_kinds = true;
    if (model_kinds_parse(kinds, &r->filter.kinds) == 0)
        return 0;
    return command_usage_error(r->command, "'%s' is not a list of kinds", kinds);
}

int reading_option(struct reading *r, int option, const char *value)
{
    switch (option) {
    case READING_FORMAT:
        return set_format(r, value);
    case READING_OUTPUT:
        r->output = value;
        return 0;
    case READING_DEBUG_PATH:
        return symbolize_debug_path(r->command, &r->naming.debug_path, value);
    case READING_SYSROOT:
        return set_sysroot(r, value);
    case READING_TIMEOUT:
        return command_number(r->command, "timeout", value, COMMAND_TIMEOUT_MOST,
                              &r->naming.timeout_seconds);
    case READING_KINDS:
        return set_kinds(r, value);
    case READING_MIN_BYTES:
        return set_number(r, "min-bytes", value, &r->filter.min_bytes, &r->has_min_bytes);
    case READING_MIN_BLOCKS:
        return set_number(r, "min-blocks", value, &r->filter.min_blocks, &r->has_min_blocks);
    case READING_MAX_SITES:
        return set_number(r, "max-sites", value, &r->filter.max_sites, &r->has_max_sites);
    case READING_NO_SYMBOLS:
        r->no_symbols = true;
        return 0;
    case READING_DETAILS:
        r->options.details = true;
        return 0;
    case READING_NO_SOURCE:
        r->options.no_source = true;
        return 0;
    default:
        return COMMAND_USAGE;
    }
}

/* --- Loading ---------------------------------------------------------------------------------- */

struct model_filter reading_filter(const struct reading *r, const struct model *m)
{
    struct model_filter filter = m->filter;
    if (r->has_kinds)
        filter.kinds = r->filter.kinds;
    if (r->has_min_bytes)
        filter.min_bytes = r->filter.min_bytes;
    if (r->has_min_blocks)
        filter.min_blocks = r->filter.min_blocks;
    if (r->has_max_sites)
        filter.max_sites = r->filter.max_sites;
    return filter;
}

static const char *explain(int result)
{
    return result == -ENOMSG   ? "not a report file"
           : result == -EPROTO ? "written by a newer version of leakgc"
                               : strerror(-result);
}

int reading_tell(const struct reading *r, const char *path, int result)
{
    fprintf(stderr, "%s: %s: %s\n", r->who, path, explain(result));
    return NOT_READ;
}

/* result: of the reading. */
static int told(const struct reading *r, const char *path, int result, const struct model *m)
{
    if (result != 0)
        return reading_tell(r, path, result);
    if (m->is_damaged)
        fprintf(stderr, "%s: %s: %s\n", r->who, path, m->doubts[m->doubt_count - 1]);
    return 0;
}

int reading_read(struct reading *r, const char *path, struct model *ret)
{
    return told(r, path, lgc_read(path, ret), ret);
}

static void search_sysroot(struct reading *r)
{
    if (!r->sysroot || r->searches_sysroot)
        return;
    char *longer = mem_format("%s/usr/lib/debug:%s", r->sysroot, r->naming.debug_path);
    free(r->naming.debug_path);
    r->naming.debug_path = longer;
    r->searches_sysroot = true;
}

void reading_name(struct reading *r, struct model *m)
{
    search_sysroot(r);
    symbolize_shut_out_network();
    if (!r->no_symbols)
        naming_resolve(m, &r->naming, r->who);
    model_sign(m);
}

static void prepare(struct reading *r, struct model *m)
{
    struct model_filter filter = reading_filter(r, m);
    model_select(m, &filter);
    reading_name(r, m);
}

int reading_load(struct reading *r, const char *path, struct model *ret)
{
    int result = reading_read(r, path, ret);
    if (result == 0)
        prepare(r, ret);
    return result;
}

int reading_parse(struct reading *r, const char *what, const uint8_t *file, size_t bytes,
                  struct model *ret)
{
    int result = told(r, what, lgc_parse(file, bytes, ret), ret);
    if (result == 0)
        prepare(r, ret);
    return result;
}

/* --- Writing ---------------------------------------------------------------------------------- */

int reading_write(struct reading *r, const struct model *m)
{
    struct format_options options = r->options;
    const char *dot = r->output ? strrchr(r->output, '.') : NULL;
    const struct format *format = r->format;
    if (!format && dot)
        format = format_by_suffix(dot);
    if (!format)
        format = &text_format;
    options.details |= m->details;
    struct output out;
    int result = output_open(&out, r->output);
    if (result == 0)
        result = output_close(&out, format->write(m, out.file, &options));
    if (result == 0)
        return 0;
    fprintf(stderr, "%s: writing %s: %s\n", r->who, r->output ? r->output : "the report",
            strerror(-result));
    return 1;
}
