/* SPDX-License-Identifier: MIT
 *
 * Owns the text format: word for word what the library itself writes (report/text.c, report/symbols.c and
 * report/live_report.c there). tests/tools/test_report.py compares the two. Beyond that, the processes of
 * merged reports.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>

#include "format.h"

static const char *const leads[MODEL_KINDS] = {
    "Direct leak of", "Indirect leak of", "Possible leak of", "Still reachable:", "Suppressed:"};

static void put_tenths(FILE *out, uint64_t ms)
{
    fprintf(out, "%" PRIu64 ".%" PRIu64, ms / 1000, ms / 100 % 10);
}

void format_put_grouped(FILE *out, uint64_t number)
{
    if (number >= 1000) {
        format_put_grouped(out, number / 1000);
        fprintf(out, ",%03" PRIu64, number % 1000);
    } else {
        fprintf(out, "%" PRIu64, number);
    }
}

static void put_objects(FILE *out, uint64_t bytes, uint64_t blocks)
{
    fprintf(out, "%" PRIu64 " byte(s) in %" PRIu64 " object(s)", bytes, blocks);
}

/* --- Stacks ----------------------------------------------------------------------------------- */

static void put_module(FILE *out, const struct model_frame *f)
{
    if (!f->module) {
        fputs(" (<unknown module>)\n", out);
        return;
    }
    fputs(" (", out);
    format_put_clean(out, f->module->path);
    fprintf(out, "+0x%" PRIx64 ")\n", model_offset(f));
}

static void put_line(FILE *out, unsigned number, const struct model_frame *f,
                     const struct model_line *line)
{
    fprintf(out, "    #%u 0x%" PRIx64, number, f->pc);
    if (line->function)
        fprintf(out, " in %s", line->function);
    if (!line->file || !line->line)
        put_module(out, f);
    else if (!line->column)
        fprintf(out, " %s:%" PRIu32 "\n", line->file, line->line);
    else
        fprintf(out, " %s:%" PRIu32 ":%" PRIu32 "\n", line->file, line->line, line->column);
}

void format_put_stack(FILE *out, const struct model_frame *stack)
{
    static const struct model_line unknown;
    unsigned number = 0;
    for (const struct model_frame *f = stack; f; f = f->caller) {
        for (uint32_t i = 0; i < f->line_count; i++)
            put_line(out, number++, f, &f->lines[i]);
        if (!f->line_count)
            put_line(out, number++, f, &unknown);
    }
    if (!number)
        fputs("    (no stack was recorded)\n", out);
}

/* --- Sites ------------------------------------------------------------------------------------ */

static void put_details(FILE *out, const struct model *m, const struct model_site *s)
{
    uint64_t age_ms = m->uptime_ms > s->last_ms ? m->uptime_ms - s->last_ms : 0;
    fprintf(out, "    by thread T%" PRIu32 "%s, ", s->thread,
            s->several_threads ? " and others" : "");
    put_tenths(out, s->first_ms);
    fputs(" s to ", out);
    put_tenths(out, s->last_ms);
    fputs(" s after start (", out);
    put_tenths(out, age_ms);
    fputs(" s ago)\n", out);
}

static void put_moment(FILE *out, const struct model_moment *moment, const char *after)
{
    fprintf(out, "scan %" PRIu32 " (", moment->scan);
    put_tenths(out, moment->ms);
    fprintf(out, " s%s)", after);
}

static void put_history(FILE *out, const struct model_site *s)
{
    if (!s->lost.scan)
        return;
    fputs("    the first was ", out);
    if (s->reachable.scan) {
        fputs("reachable at ", out);
        put_moment(out, &s->reachable, " after start");
        fputs(", ", out);
    }
    fputs("lost at ", out);
    put_moment(out, &s->lost, s->reachable.scan ? "" : " after start");
    putc('\n', out);
    if (!s->told.scan)
        return;
    fputs("    grown since ", out);
    put_moment(out, &s->told, "");
    fputs(": from ", out);
    put_objects(out, s->told_total.bytes, s->told_total.blocks);
    fputs(" to ", out);
    put_objects(out, s->now_total.bytes, s->now_total.blocks);
    putc('\n', out);
}

static void put_site(FILE *out, const struct model *m, const struct model_site *s, bool details)
{
    fprintf(out, "%s ", leads[s->kind]);
    put_objects(out, s->bytes, s->blocks);
    fputs(" allocated from:\n", out);
    format_put_stack(out, s->stack);
    if (s->indirect.blocks) {
        fputs("    and through it ", out);
        put_objects(out, s->indirect.bytes, s->indirect.blocks);
        fputs(" are lost indirectly\n", out);
    }
    if (details)
        put_details(out, m, s);
    if (m->is_live)
        put_history(out, s);
    putc('\n', out);
}

/* --- The report ------------------------------------------------------------------------------- */

static void put_left_out(FILE *out, const struct model *m)
{
    if (m->beyond_sites) {
        fprintf(out, "... and %zu more site(s): ", m->beyond_sites);
        put_objects(out, m->beyond.bytes, m->beyond.blocks);
        fputs(" (max_sites)\n", out);
    }
    if (m->below_sites) {
        fprintf(out, "... and %zu site(s) below the thresholds: ", m->below_sites);
        put_objects(out, m->below.bytes, m->below.blocks);
        fputs(" (min_bytes, min_blocks)\n", out);
    }
    if (m->beyond_sites || m->below_sites)
        putc('\n', out);
}

static void put_headline(FILE *out, const struct model *m)
{
    fputs("\n=================================================================\n", out);
    fprintf(out, "==%d==ERROR: leakgc: detected memory leaks", m->pid);
    if (m->is_live) {
        fprintf(out, " (scan %" PRIu32 ": ", m->scan);
        format_put_clean(out, m->cause);
        fputs(", ", out);
        put_tenths(out, m->begun_ms);
        fputs(" s after start)", out);
    }
    fputs("\n\n", out);
}

static void put_leaks(FILE *out, const struct model *m, bool details)
{
    put_headline(out, m);
    for (size_t i = 0; i < m->shown_count; i++)
        put_site(out, m, m->shown[i], details);
    put_left_out(out, m);
    fprintf(out, "SUMMARY: leakgc: %" PRIu64 " byte(s) leaked in %" PRIu64 " allocation(s).\n",
            m->shown_total.bytes, m->shown_total.blocks);
}

static void put_summary(FILE *out, const struct model *m)
{
    static const char *const names[MODEL_KINDS] = {
        "definitely lost", "indirectly lost", "possibly lost", "still reachable", "suppressed"};
    fprintf(out, "==%d==\n==%d==LEAK SUMMARY:\n", m->pid, m->pid);
    for (int k = 0; k < MODEL_KINDS; k++) {
        fprintf(out, "==%d==   %15s: ", m->pid, names[k]);
        format_put_grouped(out, m->total[k].bytes);
        fputs(" bytes in ", out);
        format_put_grouped(out, m->total[k].blocks);
        fputs(" blocks\n", out);
    }
}

/* Of a merged report; the library's own has none. */
static void put_processes(FILE *out, const struct model *m)
{
    if (!m->process_count)
        return;
    fprintf(out, "==%d==\n==%d==PROCESSES: %zu\n", m->pid, m->pid, m->process_count);
    for (size_t i = 0; i < m->process_count; i++) {
        fprintf(out, "==%d==   %d on ", m->pid, m->processes[i].pid);
        format_put_clean(out, m->processes[i].host);
        fputs(": ", out);
        format_put_clean(out, m->processes[i].program);
        putc('\n', out);
    }
}

static int write_text(const struct model *m, FILE *out, const struct format_options *options)
{
    for (size_t i = 0; i < m->doubt_count; i++) {
        fprintf(out, "==%d==leakgc: incomplete: ", m->pid);
        format_put_clean(out, m->doubts[i]);
        putc('\n', out);
    }
    if (m->shown_total.blocks)
        put_leaks(out, m, options->details);
    else
        fprintf(out, "==%d==leakgc: no leaks\n", m->pid);
    put_summary(out, m);
    put_processes(out, m);
    return ferror(out) ? -EIO : 0;
}

const struct format text_format = {
    .name = "text",
    .suffix = ".txt",
    .write = write_text,
};
