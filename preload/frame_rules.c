/* SPDX-License-Identifier: MIT
 *
 * Owns the table of frame rules.
 *
 *   slots[hash(pc)] (pc, rule), (pc, rule), ...      open addressing, linear probing, at most half full
 *
 * The idea: a program has few call sites on its way to malloc, so the call frame information of each
 * is interpreted once (eh_frame.c) and found by one probe from then on. Readers take no lock: a slot's
 * rule is stored before its pc, and neither moves. A table that is full is followed by one of twice
 * the size; the old one stays, for who reads it still.
 *
 * Code outside all modules (made at run time) can be replaced without a word: its rule, always the
 * guess, is not stored.
 *
 * Runs in malloc. Lock: LOCK_RULES to insert. */
#include "frame_rules.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "eh_frame.h"
#include "lock.h"
#include "meta.h"
#include "sys.h"
#include "verify.h"

enum { SLOTS_FIRST = 512 };

static uint64_t
    no_rules[(sizeof(struct rule_table) + sizeof(struct rule_slot)) / 8]; /* an empty slot */
struct rule_table *frame_rules = (struct rule_table *)(void *)no_rules;
static bool made_code; /* code outside all modules was seen */
uint32_t frame_rules_generation = 1;

/* Of glibc 2.35 and later: which module has this address, without a lock. Without it all stacks are
 * libunwind's. */
#pragma weak _dl_find_object

static struct rule look_up(uintptr_t pc, bool *ret_in_module)
{
    struct dl_find_object found;
    struct rule rule = {.kind = RULE_OTHER};
    *ret_in_module = true;
    if (!_dl_find_object)
        return rule;
    *ret_in_module = !_dl_find_object((void *)(pc - 1), &found);
    if (!*ret_in_module) {
        rule.kind = RULE_GUESS;
        __atomic_store_n(&made_code, true, __ATOMIC_RELAXED);
    } else if (found.dlfo_eh_frame)
        rule = eh_frame_rule((uintptr_t)found.dlfo_eh_frame, (uintptr_t)found.dlfo_map_start,
                             (uintptr_t)found.dlfo_map_end, pc - 1);
    return rule;
}

/* The pc's slot, or the empty one where it belongs. */
static struct rule_slot *slot_of(struct rule_table *t, uintptr_t pc)
{
    size_t i = frame_rule_hash(pc) & t->mask;
    for (;; i = (i + 1) & t->mask) {
        uintptr_t there = __atomic_load_n(&t->slots[i].pc, __ATOMIC_ACQUIRE);
        if (there == pc || !there)
            return &t->slots[i];
    }
}

static struct rule_table *bigger_locked(struct rule_table *old)
{
    size_t count = old->mask ? (old->mask + 1) * 2 : SLOTS_FIRST;
    struct rule_table *t = meta_alloc_zeroed(sizeof *t + count * sizeof *t->slots);
    if (!t)
        return NULL;
    t->mask = count - 1;
    for (size_t i = 0; i <= old->mask; i++)
        if (old->slots[i].pc && old->slots[i].rule.kind != RULE_UNKNOWN) {
            *slot_of(t, old->slots[i].pc) = old->slots[i];
            t->used++;
        }
    __atomic_store_n(&frame_rules, t, __ATOMIC_RELEASE);
    return t;
}

static void insert_locked(uintptr_t pc, struct rule rule)
{
    struct rule_table *t = frame_rules;
    if (t->used >= t->mask / 2 && !(t = bigger_locked(t)))
        return; /* no memory: it will be looked up again */
    struct rule_slot *s = slot_of(t, pc);
    t->used += s->pc == 0;
    __atomic_store(&s->rule, &rule, __ATOMIC_RELAXED);
    __atomic_store_n(&s->pc, pc, __ATOMIC_RELEASE);
}

struct rule frame_rule_far(uintptr_t pc)
{
    struct rule_table *t = __atomic_load_n(&frame_rules, __ATOMIC_ACQUIRE);
    struct rule rule = {.kind = RULE_UNKNOWN};
    struct rule_slot *s = slot_of(t, pc);
    if (__atomic_load_n(&s->pc, __ATOMIC_RELAXED) == pc)
        __atomic_load(&s->rule, &rule, __ATOMIC_RELAXED);
    if (rule.kind != RULE_UNKNOWN)
        return rule;
    bool in_module;
    rule = look_up(pc, &in_module);
    if (in_module) {
        rule = verify_break(rule);
        lock_take(LOCK_RULES);
        insert_locked(pc, rule);
        lock_release(LOCK_RULES);
    }
    return rule;
}

void frame_rules_new_code(void)
{
    if (__atomic_load_n(&made_code, __ATOMIC_RELAXED))
        __atomic_add_fetch(&frame_rules_generation, 1, __ATOMIC_RELEASE);
}

void frame_rules_forget(uintptr_t begin, uintptr_t end)
{
    struct rule unknown = {.kind = RULE_UNKNOWN};
    lock_take(LOCK_RULES);
    for (size_t i = 0; i <= frame_rules->mask; i++)
        if (frame_rules->slots[i].pc - begin < end - begin)
            __atomic_store(&frame_rules->slots[i].rule, &unknown, __ATOMIC_RELAXED);
    __atomic_add_fetch(&frame_rules_generation, 1, __ATOMIC_RELEASE);
    lock_release(LOCK_RULES);
}
