/* SPDX-License-Identifier: MIT
 *
 * Owns the comparison of two reports (compare.h): the sites of both, sorted by signature, so that what belongs
 * together stands together.
 *
 * Runs in ordinary context. */
#include "compare.h"

#include <stdlib.h>

#include "mem.h"

struct entry {
    uint64_t signature;
    const struct model_site *site;
    size_t place; /* in its report */
    bool is_after;
};

const char *compare_class_name(enum compare_class class)
{
    static const char *const names[COMPARE_CLASSES] = {"new", "grown", "shrunk", "gone",
                                                       "unchanged"};
    return names[class];
}

/* --- What belongs together -------------------------------------------------------------------- */

static int order(uint64_t a, uint64_t b)
{
    return a == b ? 0 : a < b ? -1 : 1;
}

/* Within a signature what is after comes first: the first one's stack is shown. */
static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int result = order(a->signature, b->signature);
    if (result == 0)
        result = b->is_after - a->is_after;
    return result ? result : order(a->place, b->place);
}

static void collect(const struct model *m, bool is_after, struct entry *entries)
{
    for (size_t i = 0; i < m->shown_count; i++)
        entries[i] = (struct entry){.signature = model_stack_signature(m->shown[i]->stack),
                                    .site = m->shown[i],
                                    .place = i,
                                    .is_after = is_after};
}

static void add(struct model_total *total, struct model_total more)
{
    total->bytes += more.bytes;
    total->blocks += more.blocks;
}

static void add_site(struct compare_side *side, const struct model_site *s)
{
    add(&side->total, (struct model_total){s->bytes, s->blocks});
    side->kinds |= 1u << s->kind;
}

static enum compare_class classify(const struct compare_stack *s)
{
    if (!s->before.kinds)
        return COMPARE_NEW;
    if (!s->after.kinds)
        return COMPARE_GONE;
    int change = order(s->before.total.bytes, s->after.total.bytes);
    if (change == 0)
        change = order(s->before.total.blocks, s->after.total.blocks);
    return change < 0 ? COMPARE_GROWN : change > 0 ? COMPARE_SHRUNK : COMPARE_UNCHANGED;
}

/* The stack that `entries` begins with; how many of the entries are of it. */
static size_t take_stack(const struct entry *entries, size_t count, struct compare_stack *ret)
{
    size_t taken = 0;
    *ret = (struct compare_stack){.signature = entries->signature, .stack = entries->site->stack};
    for (; taken < count && entries[taken].signature == ret->signature; taken++)
        add_site(entries[taken].is_after ? &ret->after : &ret->before, entries[taken].site);
    ret->class = classify(ret);
    return taken;
}

/* --- The order of showing --------------------------------------------------------------------- */

static uint64_t difference(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

static int compare_stacks(const void *left, const void *right)
{
    const struct compare_stack *a = left, *b = right;
    const struct model_total *a0 = &a->before.total, *a1 = &a->after.total;
    const struct model_total *b0 = &b->before.total, *b1 = &b->after.total;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    int result = order(difference(b0->bytes, b1->bytes), difference(a0->bytes, a1->bytes));
    if (result == 0)
        result = order(difference(b0->blocks, b1->blocks), difference(a0->blocks, a1->blocks));
    return result ? result : order(a->signature, b->signature);
}

static bool is_below(const struct compare_stack *s, const struct model_filter *filter)
{
    const struct model_total *a = &s->before.total, *b = &s->after.total;
    return (a->bytes < filter->min_bytes && b->bytes < filter->min_bytes) ||
           (a->blocks < filter->min_blocks && b->blocks < filter->min_blocks);
}

static void add_stack(struct compare_sum *sum, const struct compare_stack *s)
{
    sum->stacks++;
    add(&sum->before, s->before.total);
    add(&sum->after, s->after.total);
}

void compare(const struct model *before, const struct model *after,
             const struct model_filter *filter, struct comparison *ret)
{
    size_t count = before->shown_count + after->shown_count;
    struct entry *entries = mem_zeroed(count, sizeof(*entries));
    *ret = (struct comparison){.stacks = mem_zeroed(count, sizeof(*ret->stacks))};
    collect(before, false, entries);
    collect(after, true, entries + before->shown_count);
    qsort(entries, count, sizeof(*entries), compare_entries);
    for (size_t i = 0; i < count;) {
        struct compare_stack *s = &ret->stacks[ret->count];
        i += take_stack(entries + i, count - i, s);
        if (is_below(s, filter)) {
            add_stack(&ret->below, s);
            continue;
        }
        add_stack(&ret->sum[s->class], s);
        add_stack(&ret->total, s);
        ret->count++;
    }
    qsort(ret->stacks, ret->count, sizeof(*ret->stacks), compare_stacks);
    free(entries);
}

void compare_done(struct comparison *c)
{
    free(c->stacks);
    *c = (struct comparison){0};
}
