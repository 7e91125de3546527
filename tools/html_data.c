/* SPDX-License-Identifier: MIT
 *
 * Owns the JSON that the script of the HTML report reads. It is made for that script alone and changes with it; the
 * format json is for everybody else. Stacks share their frames, and texts are kept once, so a thousand sites
 * of thirty frames need less than a megabyte.
 *
 *   strings   texts; numbers of them below are from 1, 0: none
 *   frames    [caller, pc, module's path, offset, calls], outermost first; caller from 1, 0: none
 *   calls     [function, file, line, column, own, source, short name] each, inlined ones first; source from 1, 0:
 *             none; short name 0: the function's
 *   sources   [number of the first line, changed since the program started, text]
 *   sites     as the rows of the table, in that order; frame from 1, 0: no stack
 *   scans     [number, cause, at_ms, live bytes, lost bytes, leaked bytes, result]
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "html_source.h"
#include "json.h"
#include "mem.h"

/* Of source lines on one page. */
enum { SOURCE_BYTES_MOST = 512 << 10 };

struct text {
    const char *text;
    size_t number;
};

struct call {
    const char *file;
    uint32_t line;
    size_t source;
};

struct writer {
    const struct model *m;
    struct json j;
    char **names; /* short names, for free() */
    size_t name_count, name_capacity;
    void *texts;    /* tree of struct text */
    void *calls;    /* tree of struct call: those with a source */
    size_t *frames; /* number of each frame of the model, from 1; 0: not on the page */
    size_t text_count, source_count;
};

/* --- Texts ------------------------------------------------------------------------------------ */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(((const struct text *)left)->text, ((const struct text *)right)->text);
}

/* Their number, from 1; a new one is written. NULL: 0. */
static size_t number_of(struct writer *w, const char *string)
{
    if (!string)
        return 0;
    struct text *text = mem_zeroed(1, sizeof(*text));
    text->text = string;
    struct text **found = tsearch(text, &w->texts, compare_texts);
    if (!found || *found != text) {
        free(text);
        return found ? (*found)->number : 0;
    }
    text->number = ++w->text_count;
    json_text(&w->j, NULL, string);
    return text->number;
}

/* The short form of a name, if it differs. */
static void add_short_name(struct writer *w, const char *name)
{
    char *text = name ? html_short_name(name) : NULL;
    if (!text || strcmp(text, name) == 0) {
        free(text);
        return;
    }
    size_t count = w->text_count;
    if (number_of(w, text) <= count) {
        free(text);
        return;
    }
    w->names = mem_grow(w->names, w->name_count, &w->name_capacity, sizeof(*w->names));
    w->names[w->name_count++] = text;
}

static size_t find_text(const struct writer *w, const char *string)
{
    struct text wanted = {.text = string};
    struct text **found = string ? tfind(&wanted, &w->texts, compare_texts) : NULL;
    return found ? (*found)->number : 0;
}

static void put_strings(struct writer *w)
{
    json_open(&w->j, "strings", '[');
    for (size_t i = 0; i < w->m->frame_count; i++) {
        const struct model_frame *f = &w->m->frames[i];
        if (!w->frames[i])
            continue;
        if (f->module)
            number_of(w, f->module->path);
        for (uint32_t k = 0; k < f->line_count; k++) {
            number_of(w, f->lines[k].function);
            add_short_name(w, f->lines[k].function);
            number_of(w, f->lines[k].file);
        }
    }
    json_close(&w->j, ']');
}

/* --- Source lines ----------------------------------------------------------------------------- */

static int compare_calls(const void *left, const void *right)
{
    const struct call *a = left, *b = right;
    int order = strcmp(a->file, b->file);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static void put_source(struct writer *w, struct html_source *source, const struct model_line *line)
{
    struct html_snippet snippet;
    struct call *call = mem_zeroed(1, sizeof(*call));
    *call = (struct call){.file = line->file, .line = line->line};
    struct call **found = tsearch(call, &w->calls, compare_calls);
    if (!found || *found != call) {
        free(call);
        return;
    }
    if (!html_source_lines(source, line->file, line->line, &snippet))
        return;
    call->source = ++w->source_count;
    json_open(&w->j, NULL, '[');
    json_number(&w->j, NULL, snippet.first);
    json_number(&w->j, NULL, snippet.is_changed);
    json_text(&w->j, NULL, snippet.text);
    json_close(&w->j, ']');
    free(snippet.text);
}

/* Of the program's own code, the sites of the table's top first: what is left out is at its end. */
static void put_sources(struct writer *w, const struct format_options *options)
{
    struct html_source source = {.root = options->sysroot ? options->sysroot : "",
                                 .newer_s = w->m->start_s,
                                 .bytes_left = options->no_source ? 0 : SOURCE_BYTES_MOST};
    bool *was_seen = mem_zeroed(w->m->frame_count, sizeof(*was_seen));
    json_open(&w->j, "sources", '[');
    for (size_t i = 0; i < html_site_count(w->m); i++)
        for (const struct model_frame *f = w->m->shown[i]->stack; f && !was_seen[f - w->m->frames];
             f = f->caller) {
            was_seen[f - w->m->frames] = true;
            for (uint32_t k = 0; k < f->line_count; k++)
                if (f->lines[k].file && html_is_own(w->m, f, &f->lines[k]))
                    put_source(w, &source, &f->lines[k]);
        }
    json_close(&w->j, ']');
    html_source_done(&source);
    free(was_seen);
}

static size_t find_source(const struct writer *w, const struct model_line *line)
{
    struct call wanted = {.file = line->file, .line = line->line};
    struct call **found = line->file ? tfind(&wanted, &w->calls, compare_calls) : NULL;
    return found ? (*found)->source : 0;
}

/* --- Frames ----------------------------------------------------------------------------------- */

static void number_frames(struct writer *w)
{
    const struct model *m = w->m;
    size_t count = 0;
    w->frames = mem_zeroed(m->frame_count, sizeof(*w->frames));
    for (size_t i = 0; i < html_site_count(m); i++)
        for (const struct model_frame *f = m->shown[i]->stack; f && !w->frames[f - m->frames];
             f = f->caller)
            w->frames[f - m->frames] = 1;
    for (size_t i = 0; i < m->frame_count; i++)
        if (w->frames[i])
            w->frames[i] = ++count;
}

static size_t frame_number(const struct writer *w, const struct model_frame *f)
{
    return f ? w->frames[f - w->m->frames] : 0;
}

static size_t find_short_name(const struct writer *w, const char *name)
{
    char *text = name ? html_short_name(name) : NULL;
    size_t number = text && strcmp(text, name) != 0 ? find_text(w, text) : 0;
    free(text);
    return number;
}

static void put_call(struct writer *w, const struct model_frame *f, const struct model_line *line)
{
    json_open(&w->j, NULL, '[');
    json_number(&w->j, NULL, find_text(w, line->function));
    json_number(&w->j, NULL, find_text(w, line->file));
    json_number(&w->j, NULL, line->line);
    json_number(&w->j, NULL, line->column);
    json_number(&w->j, NULL, html_is_own(w->m, f, line));
    json_number(&w->j, NULL, find_source(w, line));
    json_number(&w->j, NULL, find_short_name(w, line->function));
    json_close(&w->j, ']');
}

static void put_frame(struct writer *w, const struct model_frame *f)
{
    static const struct model_line unknown;
    json_open(&w->j, NULL, '[');
    json_number(&w->j, NULL, frame_number(w, f->caller));
    json_address(&w->j, NULL, f->pc);
    json_number(&w->j, NULL, f->module ? find_text(w, f->module->path) : 0);
    json_address(&w->j, NULL, f->module ? model_offset(f) : 0);
    json_open(&w->j, NULL, '[');
    for (uint32_t i = 0; i < f->line_count; i++)
        put_call(w, f, &f->lines[i]);
    if (!f->line_count)
        put_call(w, f, &unknown);
    json_close(&w->j, ']');
    json_close(&w->j, ']');
}

static void put_frames(struct writer *w)
{
    json_open(&w->j, "frames", '[');
    for (size_t i = 0; i < w->m->frame_count; i++)
        if (w->frames[i])
            put_frame(w, &w->m->frames[i]);
    json_close(&w->j, ']');
}

/* --- Sites and scans -------------------------------------------------------------------------- */

static void put_history(struct json *j, const struct model_site *s)
{
    if (!s->lost.scan)
        return;
    json_number(j, "reachable_scan", s->reachable.scan);
    json_number(j, "reachable_ms", s->reachable.ms);
    json_number(j, "lost_scan", s->lost.scan);
    json_number(j, "lost_ms", s->lost.ms);
    json_number(j, "told_scan", s->told.scan);
    json_number(j, "told_ms", s->told.ms);
    json_number(j, "told_bytes", s->told_total.bytes);
    json_number(j, "now_bytes", s->now_total.bytes);
}

static void put_site(struct writer *w, const struct model_site *s)
{
    char signature[17];
    struct json *j = &w->j;
    snprintf(signature, sizeof(signature), "%016" PRIx64, s->signature);
    json_open(j, NULL, '{');
    json_number(j, "kind", s->kind);
    json_number(j, "bytes", s->bytes);
    json_number(j, "blocks", s->blocks);
    json_number(j, "indirect_bytes", s->indirect.bytes);
    json_number(j, "indirect_blocks", s->indirect.blocks);
    json_number(j, "first_ms", s->first_ms);
    json_number(j, "last_ms", s->last_ms);
    json_number(j, "thread", s->thread);
    json_bool(j, "several_threads", s->several_threads);
    json_text(j, "signature", signature);
    json_number(j, "frame", frame_number(w, s->stack));
    put_history(j, s);
    json_close(j, '}');
}

static void put_scan(struct json *j, const struct model_scan *scan)
{
    json_open(j, NULL, '[');
    json_number(j, NULL, scan->number);
    json_text(j, NULL, scan->cause);
    json_number(j, NULL, scan->uptime_ms);
    json_number(j, NULL, scan->live.bytes);
    json_number(j, NULL, scan->lost.bytes);
    json_number(j, NULL, scan->leaked.bytes);
    json_text(j, NULL, scan->result);
    json_close(j, ']');
}

static void put_report(struct writer *w, const struct format_options *options)
{
    const struct model *m = w->m;
    json_open(&w->j, NULL, '{');
    json_number(&w->j, "started", m->start_s);
    put_strings(w);
    put_sources(w, options);
    put_frames(w);
    json_open(&w->j, "sites", '[');
    for (size_t i = 0; i < html_site_count(m); i++)
        put_site(w, m->shown[i]);
    json_close(&w->j, ']');
    json_open(&w->j, "scans", '[');
    for (size_t i = 0; i < m->scan_count; i++)
        put_scan(&w->j, &m->scans[i]);
    json_close(&w->j, ']');
    json_close(&w->j, '}');
}

/* In JSON, `<` is only ever within a text. */
static void put_escaped(FILE *out, const char *json, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (json[i] == '<')
            fputs("\\u003c", out);
        else
            putc(json[i], out);
}

int html_put_data(const struct model *m, FILE *out, const struct format_options *options)
{
    char *json = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&json, &bytes);
    if (!memory)
        return -errno;
    struct writer w = {.m = m, .j = {.out = memory}};
    number_frames(&w);
    put_report(&w, options);
    int result = fclose(memory) == 0 ? 0 : -errno;
    if (result == 0)
        put_escaped(out, json, bytes);
    tdestroy(w.texts, free);
    for (size_t i = 0; i < w.name_count; i++)
        free(w.names[i]);
    free(w.names);
    tdestroy(w.calls, free);
    free(w.frames);
    free(json);
    return result;
}
