/* SPDX-License-Identifier: MIT
 *
 * Frame rules: for a return address, where its function's frame ends and where the caller's RBP was
 * put. What a call stack of ordinary code needs, and no more (the full virtual unwinding of DWARF 5,
 * section 6.4, restores all registers). */
#ifndef LEAKGC_FRAME_RULES_H
#define LEAKGC_FRAME_RULES_H

#include <stddef.h>
#include <stdint.h>

/* CFA, the canonical frame address: the stack pointer once the function will have returned. */
enum rule_kind {
    RULE_UNKNOWN,   /* not looked up yet */
    RULE_SP,        /* CFA = SP + cfa */
    RULE_BP,        /* CFA = BP + cfa */
    RULE_REALIGNED, /* CFA = word at BP + cfa; the caller's BP = word at BP + 8 * bp */
    RULE_END,       /* the outermost frame */
    RULE_GUESS,     /* no unwind information: a frame that began with push %rbp is assumed */
    RULE_OTHER,     /* more than these can express */
};

struct rule {
    uint8_t kind;
    uint8_t unused;
    int16_t bp;  /* the caller's BP is the word at CFA - 8 * bp; 0: in the register still */
    int32_t cfa; /* bytes */
};

/* The table of the rules found so far (frame_rules.c). */
struct rule_slot {
    uintptr_t pc;
    struct rule rule;
};
struct rule_table {
    size_t mask;
    size_t used;
    struct rule_slot slots[];
};
extern struct rule_table *frame_rules;

static inline size_t frame_rule_hash(uintptr_t pc)
{
    return (pc * 0x9e3779b97f4a7c15u) >> 32;
}

/* What frame_rule does for an address that is not at its first place in the table. */
struct rule frame_rule_far(uintptr_t return_address);

/* The rule of the code at a return address. Lock-free once it was asked before. Runs in malloc,
 * with no lock of ours held. */
static inline struct rule frame_rule(uintptr_t pc)
{
    const struct rule_table *t = __atomic_load_n(&frame_rules, __ATOMIC_ACQUIRE);
    const struct rule_slot *s = &t->slots[frame_rule_hash(pc) & t->mask];
    struct rule rule;
    if (__builtin_expect(__atomic_load_n(&s->pc, __ATOMIC_ACQUIRE) != pc, 0))
        return frame_rule_far(pc);
    __atomic_load(&s->rule, &rule, __ATOMIC_RELAXED);
    if (__builtin_expect(rule.kind == RULE_UNKNOWN, 0))
        return frame_rule_far(pc);
    return rule;
}

/* Code in [begin, end) was unloaded: its rules are forgotten, and frame_rules_generation counts one
 * up, so that who keeps conclusions from rules can throw them away. */
void frame_rules_forget(uintptr_t begin, uintptr_t end);
extern uint32_t frame_rules_generation;

/* Modules may be loaded from now on, where code outside all modules was before: counts
 * frame_rules_generation up if there was any. */
void frame_rules_new_code(void);

#endif
