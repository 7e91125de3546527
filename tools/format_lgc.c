/* SPDX-License-Identifier: MIT
 *
 * Owns the format lgc: a report file again (grammar in lgc.h), with the names that were found. All sites are in it;
 * what is shown of them is only noted, as the library does.
 *
 * The number of a frame is its place in the model, so callers stand before those they call.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crc32.h"
#include "format.h"
#include "lgc.h"
#include "mem.h"

enum { SECTION_BYTES = 1 << 16 };

struct bytes {
    uint8_t *data;
    size_t count, capacity;
};

struct writer {
    FILE *out;
    const char *type;             /* of the section */
    struct bytes record, section; /* one is added to the other when it is complete */
};

/* --- Bytes ------------------------------------------------------------------------------------ */

static void put_bytes(struct bytes *b, const void *data, size_t count)
{
    b->data = mem_grow(b->data, b->count + count, &b->capacity, 1);
    if (count)
        memcpy(b->data + b->count, data, count);
    b->count += count;
}

static void put_number(struct bytes *b, uint64_t number)
{
    uint8_t coded[10];
    size_t count = 0;
    for (; number >= 0x80; number >>= 7)
        coded[count++] = (uint8_t)(number | 0x80);
    coded[count++] = (uint8_t)number;
    put_bytes(b, coded, count);
}

static void put_text(struct bytes *b, const char *text)
{
    size_t count = text ? strlen(text) : 0;
    put_number(b, count);
    put_bytes(b, text, count);
}

static void put_total(struct bytes *b, const struct model_total *total)
{
    put_number(b, total->bytes);
    put_number(b, total->blocks);
}

static void put_moment(struct bytes *b, const struct model_moment *moment)
{
    put_number(b, moment->scan);
    put_number(b, moment->ms);
}

/* --- Sections --------------------------------------------------------------------------------- */

static void put32(FILE *out, uint32_t number, uint8_t *copy)
{
    for (unsigned i = 0; i < 4; i++)
        copy[i] = (uint8_t)(number >> 8 * i);
    fwrite(copy, 1, 4, out);
}

static void put_header(FILE *out)
{
    uint8_t header[16] = LGC_MAGIC;
    fwrite(header, 1, 8, out);
    put32(out, LGC_VERSION, header + 8);
    put32(out, crc32_of(header, 12), header + 12);
}

static void end_section(struct writer *w)
{
    uint8_t header[16];
    struct bytes *payload = &w->section;
    if (!payload->count)
        return;
    memcpy(header, w->type, 4);
    fwrite(header, 1, 4, w->out);
    put32(w->out, (uint32_t)payload->count, header + 4);
    put32(w->out, crc32_of(payload->data, payload->count), header + 8);
    put32(w->out, crc32_of(header, 12), header + 12);
    fwrite(payload->data, 1, payload->count, w->out);
    payload->count = 0;
}

static void begin_section(struct writer *w, const char *type)
{
    end_section(w);
    w->type = type;
}

static void end_record(struct writer *w)
{
    if (w->section.count > SECTION_BYTES)
        end_section(w);
    put_number(&w->section, w->record.count);
    put_bytes(&w->section, w->record.data, w->record.count);
    w->record.count = 0;
}

/* --- Records ---------------------------------------------------------------------------------- */

static void put_info(struct writer *w, const char *key, const char *value)
{
    put_text(&w->record, key);
    put_text(&w->record, value);
    end_record(w);
}

static void put_info_number(struct writer *w, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof(text), "%" PRIu64, value);
    put_info(w, key, text);
}

static void put_infos(struct writer *w, const struct model *m)
{
    begin_section(w, "INFO");
    put_info(w, "version", m->version);
    put_info(w, "program", m->program);
    put_info(w, "host", m->host);
    put_info_number(w, "pid", (uint64_t)m->pid);
    put_info_number(w, "started", m->start_s);
    put_info_number(w, "written", m->end_s);
    put_info_number(w, "uptime_ms", m->uptime_ms);
    put_info_number(w, "live", m->is_live);
    put_info_number(w, "scan", m->scan);
    put_info_number(w, "begun_ms", m->begun_ms);
    put_info(w, "cause", m->cause);
    put_info_number(w, "kinds", m->filter.kinds);
    put_info_number(w, "min_bytes", m->filter.min_bytes);
    put_info_number(w, "min_blocks", m->filter.min_blocks);
    put_info_number(w, "max_sites", m->filter.max_sites);
    put_info_number(w, "details", m->details);
    for (size_t i = 0; i < m->doubt_count; i++)
        put_info(w, "doubt", m->doubts[i]);
    for (size_t i = 0; i < m->argument_count; i++)
        put_info(w, "argument", m->arguments[i]);
}

static void put_processes(struct writer *w, const struct model *m)
{
    begin_section(w, "PROC");
    for (size_t i = 0; i < m->process_count; i++) {
        put_text(&w->record, m->processes[i].program);
        put_text(&w->record, m->processes[i].host);
        put_number(&w->record, (uint64_t)m->processes[i].pid);
        put_number(&w->record, m->processes[i].start_s);
        put_number(&w->record, m->processes[i].end_s);
        end_record(w);
    }
}

static void put_totals(struct writer *w, const struct model *m)
{
    begin_section(w, "TOTL");
    for (unsigned k = 0; k < MODEL_KINDS; k++) {
        put_number(&w->record, k);
        put_total(&w->record, &m->total[k]);
        end_record(w);
    }
}

static void put_build_id(struct bytes *b, const char *hex)
{
    size_t count = strlen(hex) / 2;
    put_number(b, count);
    for (size_t i = 0; i < count; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        put_bytes(b, &(uint8_t){(uint8_t)byte}, 1);
    }
}

static void put_modules(struct writer *w, const struct model *m)
{
    begin_section(w, "MODU");
    for (size_t i = 0; i < m->module_count; i++) {
        const struct model_module *module = &m->modules[i];
        /* A slot that no sound record filled has no range, which readers don't accept. */
        bool is_empty = module->begin >= module->end;
        put_number(&w->record, i);
        put_number(&w->record, is_empty ? 0 : module->begin);
        put_number(&w->record, is_empty ? 1 : module->end);
        put_number(&w->record, module->bias);
        put_number(&w->record, module->loaded);
        put_number(&w->record, module->unloaded == MODEL_STILL ? 0 : module->unloaded);
        put_build_id(&w->record, module->build_id);
        put_text(&w->record, module->path);
        end_record(w);
    }
}

static void put_scans(struct writer *w, const struct model *m)
{
    begin_section(w, "SCAN");
    for (size_t i = 0; i < m->scan_count; i++) {
        const struct model_scan *scan = &m->scans[i];
        put_number(&w->record, scan->number);
        put_text(&w->record, scan->cause);
        put_text(&w->record, scan->method);
        put_text(&w->record, scan->result);
        put_number(&w->record, scan->uptime_ms);
        put_number(&w->record, scan->stop_us);
        put_number(&w->record, scan->mark_us);
        put_total(&w->record, &scan->live);
        put_total(&w->record, &scan->lost);
        put_total(&w->record, &scan->leaked);
        put_total(&w->record, &scan->new);
        end_record(w);
    }
}

static void put_frames(struct writer *w, const struct model *m)
{
    begin_section(w, "FRAM");
    for (size_t i = 0; i < m->frame_count; i++) {
        const struct model_frame *f = &m->frames[i];
        put_number(&w->record, i + 1);
        put_number(&w->record, f->caller ? (uint64_t)(f->caller - m->frames) + 1 : 0);
        put_number(&w->record, f->pc);
        put_number(&w->record, f->module ? (uint64_t)(f->module - m->modules) + 1 : 0);
        put_number(&w->record, f->is_trampoline);
        end_record(w);
    }
}

static void put_names(struct writer *w, const struct model *m)
{
    begin_section(w, "NAME");
    for (size_t i = 0; i < m->frame_count; i++) {
        const struct model_frame *f = &m->frames[i];
        if (!f->line_count)
            continue;
        put_number(&w->record, i + 1);
        put_number(&w->record, f->line_count);
        for (uint32_t j = 0; j < f->line_count; j++) {
            put_text(&w->record, f->lines[j].function);
            put_text(&w->record, f->lines[j].file);
            put_number(&w->record, f->lines[j].line);
            put_number(&w->record, f->lines[j].column);
        }
        end_record(w);
    }
}

static void put_site(struct bytes *b, const struct model *m, const struct model_site *s)
{
    put_number(b, s->kind);
    put_number(b, s->stack ? (uint64_t)(s->stack - m->frames) + 1 : 0);
    put_number(b, s->bytes);
    put_number(b, s->blocks);
    put_total(b, &s->indirect);
    put_number(b, s->first_ms);
    put_number(b, s->last_ms);
    put_number(b, s->thread);
    put_number(b, s->several_threads);
    put_moment(b, &s->reachable);
    put_moment(b, &s->lost);
    put_moment(b, &s->told);
    put_total(b, &s->told_total);
    put_total(b, &s->now_total);
}

static int write_lgc(const struct model *m, FILE *out, const struct format_options *options)
{
    struct writer w = {.out = out};
    (void)options;
    put_header(out);
    put_infos(&w, m);
    put_processes(&w, m);
    put_totals(&w, m);
    put_modules(&w, m);
    put_scans(&w, m);
    put_frames(&w, m);
    put_names(&w, m);
    begin_section(&w, "SITE");
    for (size_t i = 0; i < m->site_count; i++) {
        put_site(&w.record, m, &m->sites[i]);
        end_record(&w);
    }
    begin_section(&w, "DONE");
    put_number(&w.record, m->site_count);
    put_number(&w.record, m->frame_count);
    put_number(&w.record, m->module_count);
    end_record(&w);
    end_section(&w);
    free(w.record.data);
    free(w.section.data);
    return ferror(out) ? -EIO : 0;
}

const struct format lgc_format = {
    .name = "lgc",
    .suffix = ".lgc",
    .write = write_lgc,
};
