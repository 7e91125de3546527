/* SPDX-License-Identifier: MIT
 *
 * Owns the format openmetrics: gauges that OpenMetrics 1.0 and Prometheus's text format (0.0.4) read alike, so
 * that node_exporter's textfile collector takes them, which knows the latter only: no types but gauge, no
 * timestamps. Reports of several processes can lie side by side: each sample says whose it is.
 *
 * A time series must not be there twice: sites with the same signature are added up.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "format.h"
#include "mem.h"
#include "place.h"
#include "utf8.h"

/* --- Lines ------------------------------------------------------------------------------------ */

struct metric {
    const char *name, *unit, *help; /* unit: NULL, or what the name ends with */
};

static void put_metric(FILE *out, const struct metric *metric)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", metric->name, metric->help, metric->name);
    if (metric->unit)
        fprintf(out, "# UNIT %s %s\n", metric->name, metric->unit);
}

static void put_label(FILE *out, const char *label, const char *text)
{
    fprintf(out, ",%s=\"", label);
    for (struct utf8 c; (c = utf8_next(&text)).length;) {
        if (*c.bytes == '\n')
            fputs("\\n", out);
        else if (utf8_is_control(c))
            fputs(UTF8_REPLACEMENT, out);
        else
            fprintf(out, "%s%.*s", *c.bytes == '"' || *c.bytes == '\\' ? "\\" : "", (int)c.length,
                    c.bytes);
    }
    putc('"', out);
}

/* A sample up to its closing brace. */
static void open_sample(FILE *out, const struct metric *metric, const struct model *m)
{
    fprintf(out, "%s{pid=\"%d\"", metric->name, m->pid);
    put_label(out, "program", m->program);
}

static void put_value(FILE *out, uint64_t value)
{
    fprintf(out, "} %" PRIu64 "\n", value);
}

static void put_single(FILE *out, const struct metric *metric, const struct model *m,
                       uint64_t value)
{
    put_metric(out, metric);
    open_sample(out, metric, m);
    put_value(out, value);
}

/* --- The report ------------------------------------------------------------------------------- */

static void put_report(FILE *out, const struct model *m)
{
    static const struct metric start = {"leakgc_process_start_time_seconds", "seconds",
                                        "When the process started, since 1970."};
    static const struct metric end = {"leakgc_report_time_seconds", "seconds",
                                      "When the report was written, since 1970."};
    static const struct metric complete = {
        "leakgc_report_complete", NULL, "1 if nothing was missed in the search for leaks, else 0."};
    put_single(out, &start, m, m->start_s);
    put_single(out, &end, m, m->end_s);
    put_single(out, &complete, m, !m->doubt_count);
}

static void put_totals(FILE *out, const struct model *m)
{
    static const struct metric metrics[] = {
        {"leakgc_kind_bytes", "bytes", "Bytes in blocks that were not freed, by kind of leak."},
        {"leakgc_kind_blocks", "blocks", "Blocks that were not freed, by kind of leak."}};
    for (int i = 0; i < 2; i++) {
        put_metric(out, &metrics[i]);
        for (int k = 0; k < MODEL_KINDS; k++) {
            open_sample(out, &metrics[i], m);
            put_label(out, "kind", model_kind_name((enum model_kind)k));
            put_value(out, i ? m->total[k].blocks : m->total[k].bytes);
        }
    }
}

/* Seconds from microseconds, exactly. */
static void put_time(FILE *out, const struct metric *metric, const struct model *m, uint64_t us)
{
    put_metric(out, metric);
    open_sample(out, metric, m);
    fprintf(out, "} %" PRIu64 ".%06" PRIu64 "\n", us / 1000000, us % 1000000);
}

static void put_scan(FILE *out, const struct model *m)
{
    static const struct metric number = {"leakgc_scan_number", NULL,
                                         "Number of the last scan of the process."};
    static const struct metric stop = {
        "leakgc_scan_stop_seconds", "seconds",
        "The longest time that the last scan made the threads stand still."};
    static const struct metric mark = {"leakgc_scan_mark_seconds", "seconds",
                                       "How long the search of the last scan took."};
    if (!m->scan_count)
        return;
    const struct model_scan *scan = &m->scans[m->scan_count - 1];
    put_single(out, &number, m, scan->number);
    put_time(out, &stop, m, scan->stop_us);
    put_time(out, &mark, m, scan->mark_us);
}

/* --- Sites ------------------------------------------------------------------------------------ */

/* Sites of one kind and signature; what is said of them is of the first. */
struct series {
    const struct model_site *site;
    size_t order;
    struct model_total total;
};

static int compare_signatures(const void *a, const void *b)
{
    const struct series *x = a, *y = b;
    if (x->site->signature != y->site->signature)
        return x->site->signature < y->site->signature ? -1 : 1;
    if (x->site->kind != y->site->kind)
        return x->site->kind < y->site->kind ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int compare_order(const void *a, const void *b)
{
    const struct series *x = a, *y = b;
    return x->order < y->order ? -1 : 1;
}

/* To be freed. */
static struct series *collect(const struct model *m, size_t *ret_count)
{
    struct series *all = mem_zeroed(m->shown_count, sizeof(*all));
    size_t count = 0;
    for (size_t i = 0; i < m->shown_count; i++)
        all[i] = (struct series){m->shown[i], i, {m->shown[i]->bytes, m->shown[i]->blocks}};
    qsort(all, m->shown_count, sizeof(*all), compare_signatures);
    for (size_t i = 0; i < m->shown_count; i++) {
        struct series *last = count ? &all[count - 1] : NULL;
        if (last && last->site->signature == all[i].site->signature &&
            last->site->kind == all[i].site->kind) {
            last->total.bytes += all[i].total.bytes;
            last->total.blocks += all[i].total.blocks;
        } else {
            all[count++] = all[i];
        }
    }
    qsort(all, count, sizeof(*all), compare_order);
    *ret_count = count;
    return all;
}

static void open_series(FILE *out, const struct metric *metric, const struct model *m,
                        const struct model_site *s)
{
    struct place place = place_of_site(s);
    char *name = place.frame ? place_name(place) : mem_string("");
    open_sample(out, metric, m);
    put_label(out, "kind", model_kind_name(s->kind));
    fprintf(out, ",signature=\"%016" PRIx64 "\"", s->signature);
    put_label(out, "function", name);
    put_label(out, "file", place.line && place.line->file ? place.line->file : "");
    free(name);
}

static void put_sites(FILE *out, const struct model *m)
{
    static const struct metric metrics[] = {
        {"leakgc_site_bytes", "bytes", "Bytes in blocks that were not freed, by call stack."},
        {"leakgc_site_blocks", "blocks", "Blocks that were not freed, by call stack."}};
    size_t count;
    struct series *series = collect(m, &count);
    for (int i = 0; i < 2 && count; i++) {
        put_metric(out, &metrics[i]);
        for (size_t k = 0; k < count; k++) {
            open_series(out, &metrics[i], m, series[k].site);
            put_value(out, i ? series[k].total.blocks : series[k].total.bytes);
        }
    }
    free(series);
}

static int write_openmetrics(const struct model *m, FILE *out, const struct format_options *options)
{
    (void)options;
    put_report(out, m);
    put_totals(out, m);
    put_scan(out, m);
    put_sites(out, m);
    fputs("# EOF\n", out);
    return ferror(out) ? -EIO : 0;
}

const struct format openmetrics_format = {
    .name = "openmetrics",
    .suffix = ".prom",
    .write = write_openmetrics,
};
