/* SPDX-License-Identifier: MIT
 *
 * Owns the JSON form of a comparison, described by leakgc-diff.schema.json. Members are added, never taken away nor
 * changed in meaning, within one VERSION.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>

#include "diff_write.h"
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

static void put_sum(struct json *j, const char *key, const struct compare_sum *sum)
{
    json_open(j, key, '{');
    json_number(j, "sites", sum->stacks);
    put_total(j, "before", &sum->before);
    put_total(j, "after", &sum->after);
    json_close(j, '}');
}

static void put_report(struct json *j, const char *key, const struct diff_report *report)
{
    const struct model *m = report->model;
    json_open(j, key, '{');
    json_text(j, "file", report->path);
    json_text(j, "program", m->program);
    json_number(j, "pid", (uint64_t)m->pid);
    json_text(j, "host", m->host);
    json_number(j, "started", m->start_s);
    json_number(j, "written", m->end_s);
    json_bool(j, "complete", !m->doubt_count);
    json_open(j, "doubts", '[');
    for (size_t i = 0; i < m->doubt_count; i++)
        json_text(j, NULL, m->doubts[i]);
    json_close(j, ']');
    json_close(j, '}');
}

static void put_side(struct json *j, const char *key, const struct compare_side *side)
{
    json_open(j, key, '{');
    json_number(j, "bytes", side->total.bytes);
    json_number(j, "blocks", side->total.blocks);
    json_open(j, "kinds", '[');
    for (enum model_kind k = 0; k < MODEL_KINDS; k++)
        if (side->kinds >> k & 1)
            json_text(j, NULL, model_kind_name(k));
    json_close(j, ']');
    json_close(j, '}');
}

static void put_stack(struct json *j, const struct compare_stack *s)
{
    char signature[17];
    snprintf(signature, sizeof(signature), "%016" PRIx64, s->signature);
    json_open(j, NULL, '{');
    json_text(j, "change", compare_class_name(s->class));
    json_text(j, "stack_signature", signature);
    put_side(j, "before", &s->before);
    put_side(j, "after", &s->after);
    format_json_stack(j, NULL, s->stack);
    json_close(j, '}');
}

static void put_stacks(const struct diff_view *view, struct json *j)
{
    const struct comparison *c = view->comparison;
    size_t wanted = 0;
    json_open(j, "sites", '[');
    for (size_t i = 0; i < c->count; i++) {
        const struct compare_stack *s = &c->stacks[i];
        if (s->class == COMPARE_UNCHANGED || !(view->only >> s->class & 1))
            continue;
        if (!view->max_sites || wanted < view->max_sites)
            put_stack(j, s);
        wanted++;
    }
    json_close(j, ']');
    json_number(j, "beyond_max_sites",
                view->max_sites && wanted > view->max_sites ? wanted - view->max_sites : 0);
}

int diff_write_json(const struct diff_view *view, FILE *out)
{
    const struct comparison *c = view->comparison;
    struct json j = {.out = out, .is_indented = true};
    json_open(&j, NULL, '{');
    json_text(&j, "format", "leakgc-diff");
    json_number(&j, "version", VERSION);
    json_bool(&j, "failed", view->has_failed);
    put_report(&j, "before", &view->before);
    put_report(&j, "after", &view->after);
    json_open(&j, "totals", '{');
    for (enum compare_class k = 0; k < COMPARE_CLASSES; k++)
        put_sum(&j, compare_class_name(k), &c->sum[k]);
    put_sum(&j, "all", &c->total);
    put_sum(&j, "below_thresholds", &c->below);
    json_close(&j, '}');
    put_stacks(view, &j);
    json_close(&j, '}');
    putc('\n', out);
    return ferror(out) ? -EIO : 0;
}
