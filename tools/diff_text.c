/* SPDX-License-Identifier: MIT
 *
 * Owns the text form of a comparison: a section for each class that has something to show, a line for each stack,
 * below it the whole stack where it is new or grown, or the place in it where one should look; the totals at the
 * end.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "diff_write.h"
#include "format.h"
#include "place.h"

#define RED "\x1b[31m"
#define GREEN "\x1b[32m"
#define PLAIN "\x1b[0m"

/* "24", or "10 -> 24" where it changed. */
static void put_change(FILE *out, uint64_t before, uint64_t after)
{
    if (before != after) {
        format_put_grouped(out, before);
        fputs(" -> ", out);
    }
    format_put_grouped(out, after);
}

static void put_delta(FILE *out, uint64_t before, uint64_t after)
{
    putc(before > after ? '-' : '+', out);
    format_put_grouped(out, before > after ? before - after : after - before);
}

static void put_totals(FILE *out, const struct model_total *before, const struct model_total *after)
{
    put_change(out, before->bytes, after->bytes);
    fputs(" bytes in ", out);
    put_change(out, before->blocks, after->blocks);
    fputs(" blocks (", out);
    put_delta(out, before->bytes, after->bytes);
    fputs(" bytes, ", out);
    put_delta(out, before->blocks, after->blocks);
    fputs(" blocks)", out);
}

static void put_kinds(FILE *out, uint32_t kinds)
{
    const char *before = "";
    for (enum model_kind k = 0; k < MODEL_KINDS; k++)
        if (kinds >> k & 1) {
            fprintf(out, "%s%s", before, model_kind_name(k));
            before = ", ";
        }
}

static void put_place(FILE *out, const struct model_frame *stack)
{
    struct model_site site = {.stack = stack};
    struct place place = place_of_site(&site);
    if (!place.frame) {
        fputs("    (no stack was recorded)\n", out);
        return;
    }
    char *name = place_name(place);
    fprintf(out, "    in %s", name);
    free(name);
    if (place.line && place.line->file && place.line->line) {
        putc(' ', out);
        format_put_clean(out, place.line->file);
        fprintf(out, ":%" PRIu32, place.line->line);
    }
    putc('\n', out);
}

static void put_stack(FILE *out, const struct compare_stack *s)
{
    put_totals(out, &s->before.total, &s->after.total);
    fputs(", ", out);
    put_kinds(out, s->after.kinds ? s->after.kinds : s->before.kinds);
    fputs(":\n", out);
    if (s->class == COMPARE_NEW || s->class == COMPARE_GROWN)
        format_put_stack(out, s->stack);
    else
        put_place(out, s->stack);
    putc('\n', out);
}

static void put_headline(const struct diff_view *view, FILE *out, enum compare_class class)
{
    static const char *const titles[] = {"New", "Grown", "Shrunk", "Gone"};
    const struct compare_sum *sum = &view->comparison->sum[class];
    if (view->has_colour)
        fputs(class == COMPARE_NEW || class == COMPARE_GROWN ? RED : GREEN, out);
    fprintf(out, "%s: %zu site(s), ", titles[class], sum->stacks);
    put_totals(out, &sum->before, &sum->after);
    fputs(view->has_colour ? PLAIN "\n\n" : "\n\n", out);
}

static void put_stacks(const struct diff_view *view, FILE *out)
{
    const struct comparison *c = view->comparison;
    struct compare_sum beyond = {0};
    enum compare_class last = COMPARE_UNCHANGED;
    size_t shown = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct compare_stack *s = &c->stacks[i];
        if (s->class == COMPARE_UNCHANGED || !(view->only >> s->class & 1))
            continue;
        if (view->max_sites && shown++ >= view->max_sites) {
            beyond.stacks++;
            continue;
        }
        if (s->class != last)
            put_headline(view, out, s->class);
        last = s->class;
        put_stack(out, s);
    }
    if (beyond.stacks)
        fprintf(out, "... and %zu more site(s) (max_sites)\n\n", beyond.stacks);
}

static void put_doubts(const struct diff_report *report, FILE *out)
{
    for (size_t i = 0; i < report->model->doubt_count; i++) {
        fputs("leakgc: incomplete: ", out);
        format_put_clean(out, report->path);
        fputs(": ", out);
        format_put_clean(out, report->model->doubts[i]);
        putc('\n', out);
    }
}

int diff_write_text(const struct diff_view *view, FILE *out)
{
    const struct comparison *c = view->comparison;
    put_doubts(&view->before, out);
    put_doubts(&view->after, out);
    put_stacks(view, out);
    if (c->below.stacks)
        fprintf(out, "... and %zu site(s) below the thresholds (min_bytes, min_blocks)\n\n",
                c->below.stacks);
    fputs("SUMMARY: leakgc: ", out);
    for (enum compare_class k = 0; k < COMPARE_CLASSES; k++)
        fprintf(out, "%zu %s%s", c->sum[k].stacks, compare_class_name(k),
                k == COMPARE_UNCHANGED ? "; " : ", ");
    put_totals(out, &c->total.before, &c->total.after);
    fputs(".\n", out);
    return ferror(out) ? -EIO : 0;
}
