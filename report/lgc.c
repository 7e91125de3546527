/* SPDX-License-Identifier: MIT
 *
 * Owns what a report file says (lgc_file.h has its bytes, tools/lgc.h its grammar). All sites are in it,
 * whatever the thresholds; these are written too, and applied by who reads it.
 *
 * The idea: sites come in the order of the report, each after those of its frames that no site before it had,
 * so a file that is cut has the most important ones whole. A frame is named by its trace's id; one bit for
 * each id says whether it was written. Nothing is collected: memory is that bitmap, two sections, a record.
 *
 * Runs in ordinary context and in the thread of our own, under LOCK_CHECK; scratch memory. */
#include "lgc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

#include "../preload/clock.h"
#include "../preload/fmt.h"
#include "../preload/init.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/sys.h"
#include "../preload/trace.h"
#include "history.h"
#include "lgc_file.h"
#include "sink.h"
#include "suspects.h"
#include "symbols.h"
#include "text.h"

#define DEFAULT_PATTERN "leakgc.%e.%p.lgc"
#ifndef LEAKGC_VERSION
#define LEAKGC_VERSION "unknown"
#endif

enum { FLAG_TRAMPOLINE = 1, FLAG_SEVERAL_THREADS = 1, ARGUMENTS_MOST = 4096 };

struct writer {
    struct lgc_file file;
    struct lgc_section frames, sites; /* filled side by side */
    struct lgc_section other;         /* one after the other */
    struct lgc_record record;
    struct sink text;
    uint64_t *seen; /* bit: the trace of this id was written */
    size_t frame_count, module_count;
    lgc_known_fn *known;
};

/* --- Whether ---------------------------------------------------------------------------------- */

static bool wanted;

static bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && !strcmp(text + n - m, suffix);
}

void lgc_init(void)
{
    bool by_suffix = has_suffix(options.report, ".lgc");
    wanted = !strcmp(options.format, "lgc") || (!*options.format && by_suffix);
    if (!*options.format || !strcmp(options.format, "text") || !strcmp(options.format, "lgc"))
        return;
    wanted = by_suffix;
    log_say("there is no format '%s'; using %s", options.format, wanted ? "lgc" : "text");
}

bool lgc_wanted(void)
{
    return wanted;
}

static bool is_stream(const char *target)
{
    return !strcmp(target, "stderr") || !strcmp(target, "stdout");
}

const char *lgc_text_target(void)
{
    return wanted && !is_stream(options.report) ? "stderr" : options.report;
}

/* --- The report as a whole -------------------------------------------------------------------- */

static void add_info(struct writer *w, const char *key, const char *value)
{
    lgc_text(&w->record, key);
    lgc_text(&w->record, value);
    lgc_add(&w->file, &w->other, &w->record);
}

static void add_info_number(struct writer *w, const char *key, uint64_t value)
{
    char text[32];
    fmt(text, sizeof text, "%lu", value);
    add_info(w, key, text);
}

static void add_process(struct writer *w)
{
    struct utsname names;
    uint64_t now = sys_unix_seconds();
    uint64_t uptime_ms = clock_uptime_ms();
    add_info(w, "version", LEAKGC_VERSION);
    add_info(w, "program", init_program_path());
    add_info(w, "host", uname(&names) ? "" : names.nodename);
    add_info_number(w, "pid", (uint64_t)sys_getpid());
    add_info_number(w, "started", now - uptime_ms / 1000);
    add_info_number(w, "written", now);
    add_info_number(w, "uptime_ms", uptime_ms);
}

static void add_arguments(struct writer *w)
{
    char text[ARGUMENTS_MOST + 1];
    int fd = sys_open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC, 0);
    ssize_t n = fd < 0 ? -1 : sys_read(fd, text, ARGUMENTS_MOST);
    if (fd >= 0)
        sys_close(fd);
    if (n <= 0)
        return;
    text[n] = '\0';
    for (const char *at = text; at < text + n; at += strlen(at) + 1)
        add_info(w, "argument", at);
}

static void add_options(struct writer *w)
{
    add_info_number(w, "kinds", options.kinds);
    add_info_number(w, "min_bytes", options.min_bytes);
    add_info_number(w, "min_blocks", options.min_blocks);
    add_info_number(w, "max_sites", options.max_sites);
    add_info_number(w, "details", options.details);
}

static void add_this_scan(struct writer *w, bool live)
{
    const struct scan_fact *f = history_at(history_count() - 1);
    add_info_number(w, "live", live);
    add_info_number(w, "scan", f->id.number);
    add_info_number(w, "begun_ms", f->id.begun_ms);
    add_info(w, "cause", f->cause);
}

/* The text report's lines, without what they begin with. */
static void add_doubts(struct writer *w, const struct groups *g, const struct scan_result *scan)
{
    static const char lead[] = ": incomplete: ";
    w->text.failed = true; /* it has no file */
    text_doubts(&w->text, g, scan);
    w->text.buf[w->text.used] = '\0';
    for (char *line = w->text.buf, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        char *doubt = strstr(line, lead);
        if (doubt)
            add_info(w, "doubt", doubt + sizeof lead - 1);
    }
}

static void add_totals(struct writer *w, const struct groups *g)
{
    for (int k = 0; k < LOSS_KINDS; k++) {
        lgc_number(&w->record, (uint64_t)k);
        lgc_number(&w->record, g->total[k].bytes);
        lgc_number(&w->record, g->total[k].blocks);
        lgc_add(&w->file, &w->other, &w->record);
    }
}

static void add_modules(struct writer *w)
{
    const struct module *newest = module_first();
    w->module_count = newest ? newest->number + 1 : 0;
    for (const struct module *m = newest; m; m = m->next) {
        lgc_number(&w->record, m->number);
        lgc_number(&w->record, m->begin);
        lgc_number(&w->record, m->end);
        lgc_number(&w->record, m->bias);
        lgc_number(&w->record, m->loaded);
        lgc_number(&w->record, m->unloaded == UINT32_MAX ? 0 : m->unloaded);
        lgc_bytes(&w->record, m->build_id, m->build_id_bytes);
        lgc_text(&w->record, m->path);
        lgc_add(&w->file, &w->other, &w->record);
    }
}

static void put_total(struct lgc_record *r, const struct scan_total *total)
{
    lgc_number(r, total->bytes);
    lgc_number(r, total->blocks);
}

static void add_scans(struct writer *w)
{
    for (size_t i = 0; i < history_count(); i++) {
        const struct scan_fact *f = history_at(i);
        lgc_number(&w->record, f->id.number);
        lgc_text(&w->record, f->cause);
        lgc_text(&w->record, f->method);
        lgc_text(&w->record, f->result);
        lgc_number(&w->record, f->id.begun_ms);
        lgc_number(&w->record, f->stop_us);
        lgc_number(&w->record, f->mark_us);
        put_total(&w->record, &f->live);
        put_total(&w->record, &f->lost);
        put_total(&w->record, &f->leaked);
        put_total(&w->record, &f->new);
        lgc_add(&w->file, &w->other, &w->record);
    }
}

static void begin_section(struct writer *w, const char *type)
{
    lgc_flush(&w->file, &w->other);
    fmt(w->other.type, sizeof w->other.type, "%s", type);
}

/* --- Stacks ----------------------------------------------------------------------------------- */

/* The frame that `id` begins with; ids are written after those of their callers. */
static void add_frame(struct writer *w, uint32_t id)
{
    struct trace_frame f;
    uint32_t caller = id;
    if (!trace_next(&caller, &f))
        return;
    bool trampoline = symbols_is_trampoline(f.pc);
    const struct module *m = module_at(trampoline ? f.pc : f.pc - 1, f.module_time);
    lgc_number(&w->record, id);
    lgc_number(&w->record, caller);
    lgc_number(&w->record, f.pc);
    bool is_written = m && m->number < w->module_count; /* not one that was loaded just now */
    lgc_number(&w->record, is_written ? m->number + 1 : 0);
    lgc_number(&w->record, trampoline ? FLAG_TRAMPOLINE : 0);
    lgc_add(&w->file, &w->frames, &w->record);
    w->frame_count++;
}

static bool see(struct writer *w, uint32_t id)
{
    uint64_t bit = (uint64_t)1 << id % 64;
    bool seen = w->seen[id / 64] & bit;
    w->seen[id / 64] |= bit;
    return seen;
}

static void add_stack(struct writer *w, uint32_t trace)
{
    uint32_t path[TRACE_FRAMES_MOST];
    struct trace_frame f;
    size_t n = 0;
    for (uint32_t id = trace; n < TRACE_FRAMES_MOST; n++) {
        uint32_t at = id;
        if (!trace_next(&id, &f) || see(w, at))
            break;
        path[n] = at;
    }
    while (n > 0)
        add_frame(w, path[--n]);
}

/* One bit for each id up to the highest of a site: callers have lower ones. */
static bool make_bitmap(struct writer *w, const struct groups *g)
{
    uint32_t most = 0;
    for (size_t i = 0; i < g->count; i++)
        most = g->site[i]->key.trace > most ? g->site[i]->key.trace : most;
    w->seen = scratch_alloc((most / 64 + 1) * sizeof *w->seen);
    return w->seen != NULL;
}

/* --- Sites ------------------------------------------------------------------------------------ */

static void put_moment(struct lgc_record *r, uint32_t scan, uint64_t ms)
{
    lgc_number(r, scan);
    lgc_number(r, ms);
}

/* What the process's own reports know. */
static struct known_site known_here(const struct site *s)
{
    const struct known_site *k = suspects_site(s->key.trace);
    return k ? *k : (struct known_site){0};
}

static void put_history(struct lgc_record *r, const struct known_site *k)
{
    put_moment(r, k->reachable.number, k->reachable.begun_ms);
    put_moment(r, k->lost.number, k->lost.begun_ms);
    put_moment(r, k->scan, k->reported_ms);
    lgc_number(r, k->reported_bytes);
    lgc_number(r, k->reported_blocks);
    lgc_number(r, k->bytes);
    lgc_number(r, k->blocks);
}

static void add_site(struct writer *w, const struct site *s)
{
    uint32_t innermost = s->key.trace;
    struct trace_frame f;
    struct lgc_record *r = &w->record;
    struct known_site k = w->known(s);
    add_stack(w, s->key.trace);
    lgc_number(r, s->key.kind);
    lgc_number(r, trace_next(&innermost, &f) ? s->key.trace : 0);
    lgc_number(r, s->bytes);
    lgc_number(r, s->blocks);
    lgc_number(r, s->carried.bytes);
    lgc_number(r, s->carried.blocks);
    lgc_number(r, clock_stamp_ms(s->oldest));
    lgc_number(r, clock_stamp_ms(s->youngest));
    lgc_number(r, s->thread);
    lgc_number(r, s->several_threads ? FLAG_SEVERAL_THREADS : 0);
    if (k.lost.number && s->key.kind <= LOSS_INDIRECT)
        put_history(r, &k);
    if (lgc_is_full(&w->sites, r))
        lgc_flush(&w->file, &w->frames); /* frames before the sites that need them */
    lgc_add(&w->file, &w->sites, r);
}

static void add_sites(struct writer *w, const struct groups *g)
{
    for (size_t i = 0; i < g->count; i++)
        add_site(w, g->site[i]);
    lgc_flush(&w->file, &w->frames);
    lgc_flush(&w->file, &w->sites);
}

/* --- The file --------------------------------------------------------------------------------- */

static void add_all(struct writer *w, const struct groups *g, const struct scan_result *scan,
                    bool live)
{
    begin_section(w, "INFO");
    add_process(w);
    add_this_scan(w, live);
    add_options(w);
    add_doubts(w, g, scan);
    add_arguments(w);
    begin_section(w, "TOTL");
    add_totals(w, g);
    begin_section(w, "MODU");
    add_modules(w);
    begin_section(w, "SCAN");
    add_scans(w);
    lgc_flush(&w->file, &w->other);
    add_sites(w, g);
    begin_section(w, "DONE");
    lgc_number(&w->record, g->count);
    lgc_number(&w->record, w->frame_count);
    lgc_number(&w->record, w->module_count);
    lgc_add(&w->file, &w->other, &w->record);
    lgc_flush(&w->file, &w->other);
}

static struct writer *make_writer(const struct groups *g, lgc_known_fn *known)
{
    struct writer *w = scratch_alloc(sizeof *w);
    if (!w || !make_bitmap(w, g))
        return NULL;
    memcpy(w->frames.type, "FRAM", 5);
    memcpy(w->sites.type, "SITE", 5);
    w->known = known;
    return w;
}

int lgc_write_to(int fd, const struct groups *g, const struct scan_result *scan,
                 lgc_known_fn *known)
{
    struct writer *w = make_writer(g, known);
    if (!w)
        return -ENOMEM;
    lgc_file_begin(&w->file, fd);
    add_all(w, g, scan, true);
    return lgc_file_end(&w->file);
}

bool lgc_write(const struct groups *g, const struct scan_result *scan, bool live)
{
    static unsigned number;
    bool is_default = is_stream(options.report);
    struct writer *w = make_writer(g, known_here);
    if (!w) {
        log_say("no report file: no memory for it");
        return false;
    }
    int error = lgc_file_open(&w->file, is_default ? DEFAULT_PATTERN : options.report, ++number);
    if (!error) {
        add_all(w, g, scan, live);
        error = lgc_file_close(&w->file);
    }
    if (error)
        log_say("report file '%s' can't be written (%s)", w->file.path, strerrorname_np(-error));
    else if (is_default)
        log_say("the report is in %s", w->file.path);
    else
        log_verbose("the report is in %s", w->file.path);
    return !error;
}
