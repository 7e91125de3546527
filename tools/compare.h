/* SPDX-License-Identifier: MIT
 *
 * Two reports, stack by stack. Sites belong together when their stacks have one signature
 * (model_stack_signature), whatever their kinds: those that share it are summed.
 *
 *     struct comparison c;
 *     compare(&before, &after, &filter, &c);
 *     ... c.stacks[i] ...
 *     compare_done(&c);
 *
 * In both models the kinds that count are selected, without thresholds, and named; they stay until the end. */
#ifndef LEAKGC_TOOLS_COMPARE_H
#define LEAKGC_TOOLS_COMPARE_H

#include "model.h"

/* In the order in which they are shown. Bytes decide; where they are equal, blocks. */
enum compare_class {
    COMPARE_NEW,
    COMPARE_GROWN,
    COMPARE_SHRUNK,
    COMPARE_GONE,
    COMPARE_UNCHANGED,
    COMPARE_CLASSES
};

struct compare_side {
    struct model_total total;
    uint32_t kinds; /* bits 1 << kind */
};

struct compare_stack {
    uint64_t signature;
    const struct model_frame *stack; /* as it is after, or, of what is gone, before */
    struct compare_side before, after;
    enum compare_class class;
};

struct compare_sum {
    size_t stacks;
    struct model_total before, after;
};

struct comparison {
    struct compare_stack *stacks; /* by class, then by how much they changed, then by signature */
    size_t count;                 /* thresholds are applied */
    struct compare_sum sum[COMPARE_CLASSES];
    struct compare_sum total, below; /* all of these; what is below the thresholds */
};

/* The larger of before and after is what the thresholds look at; kinds and max_sites do nothing here. */
void compare(const struct model *before, const struct model *after,
             const struct model_filter *filter, struct comparison *ret);
void compare_done(struct comparison *c);

/* "new", "grown", "shrunk", "gone", "unchanged". */
const char *compare_class_name(enum compare_class class);

#endif
