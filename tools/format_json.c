/* SPDX-License-Identifier: MIT
 *
 * Owns the formats json and jsonl. json is one document, described by leakgc-report.schema.json; jsonl has
 * the same objects, each on a line of its own with a member `type`: first `report`, then `module`, `scan` and
 * `site`, at last `end`. Members are added, never taken away nor changed in meaning, within one VERSION.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>

#include "format.h"
#include "json.h"

enum { VERSION = 1 };

static void put_total(struct json *j, const char *key, const struct model_total *total)
{
    json_open(j, key, '{');
    json_number(j, "bytes", total->bytes);
    json_number(j, "blocks", total->blocks);
    json_close(j, '}');
}

static void put_left_out(struct json *j, const char *key, size_t sites,
                         const struct model_total *total)
{
    json_open(j, key, '{');
    json_number(j, "sites", sites);
    json_number(j, "bytes", total->bytes);
    json_number(j, "blocks", total->blocks);
    json_close(j, '}');
}

/* --- The report as a whole -------------------------------------------------------------------- */

static void put_process(struct json *j, const struct model *m)
{
    json_open(j, "process", '{');
    json_text(j, "program", m->program);
    json_open(j, "arguments", '[');
    for (size_t i = 0; i < m->argument_count; i++)
        json_text(j, NULL, m->arguments[i]);
    json_close(j, ']');
    json_number(j, "pid", (uint64_t)m->pid);
    json_text(j, "host", m->host);
    json_number(j, "started", m->start_s);
    json_close(j, '}');
}

/* Only of a merged report. */
static void put_processes(struct json *j, const struct model *m)
{
    if (!m->process_count)
        return;
    json_open(j, "processes", '[');
    for (size_t i = 0; i < m->process_count; i++) {
        const struct model_process *p = &m->processes[i];
        json_open(j, NULL, '{');
        json_text(j, "program", p->program);
        json_number(j, "pid", (uint64_t)p->pid);
        json_text(j, "host", p->host);
        json_number(j, "started", p->start_s);
        json_number(j, "written", p->end_s);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_filter(struct json *j, const struct model *m)
{
    put_total(j, "shown", &m->shown_total);
    json_open(j, "left_out", '{');
    put_left_out(j, "below_thresholds", m->below_sites, &m->below);
    put_left_out(j, "beyond_max_sites", m->beyond_sites, &m->beyond);
    json_close(j, '}');
}

static void put_report(struct json *j, const struct model *m)
{
    json_text(j, "format", "leakgc-report");
    json_number(j, "version", VERSION);
    json_text(j, "leakgc", m->version);
    put_process(j, m);
    put_processes(j, m);
    json_number(j, "written", m->end_s);
    json_number(j, "uptime_ms", m->uptime_ms);
    json_bool(j, "live", m->is_live);
    json_text(j, "cause", m->cause);
    json_number(j, "scan", m->scan);
    json_bool(j, "complete", !m->doubt_count);
    json_open(j, "doubts", '[');
    for (size_t i = 0; i < m->doubt_count; i++)
        json_text(j, NULL, m->doubts[i]);
    json_close(j, ']');
    json_open(j, "totals", '{');
    for (enum model_kind k = 0; k < MODEL_KINDS; k++)
        put_total(j, model_kind_name(k), &m->total[k]);
    json_close(j, '}');
    put_filter(j, m);
}

/* --- Modules and scans ------------------------------------------------------------------------ */

static void put_module(struct json *j, const struct model *m, size_t number)
{
    static const char *const names[] = {"not asked", "found", "no file", "other file"};
    const struct model_module *module = &m->modules[number];
    json_number(j, "module", number);
    json_text(j, "path", module->path);
    json_text(j, "build_id", *module->build_id ? module->build_id : NULL);
    json_address(j, "begin", module->begin);
    json_address(j, "end", module->end);
    json_address(j, "bias", module->bias);
    json_bool(j, "unloaded", module->unloaded != MODEL_STILL);
    json_text(j, "symbols", names[module->names]);
}

static void put_scan(struct json *j, const struct model_scan *scan)
{
    json_number(j, "scan", scan->number);
    json_text(j, "cause", scan->cause);
    json_text(j, "method", scan->method);
    json_text(j, "result", scan->result);
    json_number(j, "at_ms", scan->uptime_ms);
    json_number(j, "stop_us", scan->stop_us);
    json_number(j, "mark_us", scan->mark_us);
    put_total(j, "live", &scan->live);
    put_total(j, "lost", &scan->lost);
    put_total(j, "leaked", &scan->leaked);
    put_total(j, "new", &scan->new);
}

/* --- Sites ------------------------------------------------------------------------------------ */

static void put_line(struct json *j, const struct model_line *line)
{
    json_open(j, NULL, '{');
    json_text(j, "function", line->function);
    json_text(j, "file", line->file);
    if (line->line)
        json_number(j, "line", line->line);
    if (line->column)
        json_number(j, "column", line->column);
    json_close(j, '}');
}

static void put_frame(struct json *j, const struct model *m, const struct model_frame *f)
{
    json_open(j, NULL, '{');
    json_address(j, "pc", f->pc);
    if (f->module) {
        if (m)
            json_number(j, "module", (size_t)(f->module - m->modules));
        json_text(j, "path", f->module->path);
        json_address(j, "offset", model_offset(f));
    }
    json_open(j, "lines", '[');
    for (uint32_t i = 0; i < f->line_count; i++)
        put_line(j, &f->lines[i]);
    json_close(j, ']');
    json_close(j, '}');
}

void format_json_stack(struct json *j, const struct model *m, const struct model_frame *stack)
{
    json_open(j, "frames", '[');
    for (const struct model_frame *f = stack; f; f = f->caller)
        put_frame(j, m, f);
    json_close(j, ']');
}

static void put_moment(struct json *j, const char *key, const struct model_moment *moment)
{
    if (!moment->scan)
        return;
    json_open(j, key, '{');
    json_number(j, "scan", moment->scan);
    json_number(j, "at_ms", moment->ms);
    json_close(j, '}');
}

static void put_history(struct json *j, const struct model_site *s)
{
    if (!s->lost.scan)
        return;
    json_open(j, "history", '{');
    put_moment(j, "reachable", &s->reachable);
    put_moment(j, "lost", &s->lost);
    put_moment(j, "told", &s->told);
    if (s->told.scan)
        put_total(j, "told_total", &s->told_total);
    put_total(j, "now_total", &s->now_total);
    json_close(j, '}');
}

static void put_site(struct json *j, const struct model *m, const struct model_site *s)
{
    char signature[17];
    snprintf(signature, sizeof(signature), "%016" PRIx64, s->signature);
    json_text(j, "signature", signature);
    json_text(j, "kind", model_kind_name(s->kind));
    json_number(j, "bytes", s->bytes);
    json_number(j, "blocks", s->blocks);
    if (s->kind == MODEL_DEFINITE)
        put_total(j, "indirect", &s->indirect);
    json_number(j, "first_ms", s->first_ms);
    json_number(j, "last_ms", s->last_ms);
    json_number(j, "thread", s->thread);
    json_bool(j, "several_threads", s->several_threads);
    put_history(j, s);
    format_json_stack(j, m, s->stack);
}

/* --- json ------------------------------------------------------------------------------------- */

static int write_json(const struct model *m, FILE *out, const struct format_options *options)
{
    struct json j = {.out = out, .is_indented = true};
    (void)options;
    json_open(&j, NULL, '{');
    put_report(&j, m);
    json_open(&j, "sites", '[');
    for (size_t i = 0; i < m->shown_count; i++) {
        json_open(&j, NULL, '{');
        put_site(&j, m, m->shown[i]);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_open(&j, "modules", '[');
    for (size_t i = 0; i < m->module_count; i++) {
        json_open(&j, NULL, '{');
        put_module(&j, m, i);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_open(&j, "scans", '[');
    for (size_t i = 0; i < m->scan_count; i++) {
        json_open(&j, NULL, '{');
        put_scan(&j, &m->scans[i]);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    putc('\n', out);
    return ferror(out) ? -EIO : 0;
}

const struct format json_format = {
    .name = "json",
    .suffix = ".json",
    .write = write_json,
};

/* --- jsonl ------------------------------------------------------------------------------------ */

static void open_line(struct json *j, const char *type)
{
    j->has_member = false;
    json_open(j, NULL, '{');
    json_text(j, "type", type);
}

static void close_line(struct json *j)
{
    json_close(j, '}');
    putc('\n', j->out);
}

static int write_jsonl(const struct model *m, FILE *out, const struct format_options *options)
{
    struct json j = {.out = out};
    (void)options;
    open_line(&j, "report");
    put_report(&j, m);
    close_line(&j);
    for (size_t i = 0; i < m->module_count; i++) {
        open_line(&j, "module");
        put_module(&j, m, i);
        close_line(&j);
    }
    for (size_t i = 0; i < m->scan_count; i++) {
        open_line(&j, "scan");
        put_scan(&j, &m->scans[i]);
        close_line(&j);
    }
    for (size_t i = 0; i < m->shown_count; i++) {
        open_line(&j, "site");
        put_site(&j, m, m->shown[i]);
        close_line(&j);
    }
    open_line(&j, "end");
    json_number(&j, "sites", m->shown_count);
    close_line(&j);
    return ferror(out) ? -EIO : 0;
}

const struct format jsonl_format = {
    .name = "jsonl",
    .suffix = ".jsonl",
    .write = write_jsonl,
};
