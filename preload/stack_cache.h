/* SPDX-License-Identifier: MIT
 *
 * Each thread's memory of call stacks: what a walk found, with all the words of the stack that it
 * depends on. If the words still hold, the walk would find the same, and need not be done. */
#ifndef LEAKGC_STACK_CACHE_H
#define LEAKGC_STACK_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame_rules.h"
#include "last_stack.h"
#include "record.h"
#include "sys.h"
#include "walk.h"

/* A few of the words on which a remembered stack depends: their offsets from the base, in bytes, and
 * their values. */
enum { STACK_STEP = 4, STACK_UNIT = 16 };
struct stack_step {
    uint32_t offset[STACK_STEP];
    uintptr_t value[STACK_STEP];
};

/* One remembered stack. The last step is filled up with the return address of malloc, which holds by
 * the key. */
struct stack_entry {
    uintptr_t key, key_value; /* root: base and first pc; branch: see stack_cache.c */
    uintptr_t first_bp;
    uintptr_t bp_mask; /* ~0: first_bp has to match; 0: it does not matter */
    record record;     /* RECORD_LIVE, trace, and RECORD_ROOT where it applies */
    uint64_t steps;
    struct stack_step step[];
};

/* index[hash(key)] is the place of an entry in the arena, in units; 0: none, an entry without key. */
struct stack_cache {
    uint32_t *index;
    char *arena;
    uint32_t index_shift;   /* 64 - log2 of the index's length */
    uint32_t generation;    /* frame_rules_generation when it was filled */
    uint32_t used, size;    /* of the arena, in units */
    uint32_t learned;       /* since it was emptied */
    uint32_t every, passed; /* one stack in so many is learned; those that were not */
    uint32_t missed;        /* so often was followed in vain since the last time that was not */
    uint64_t hits;          /* since it was emptied */
    uint64_t earlier;       /* before; and stacks that were walked */
};

static inline size_t stack_hash(const struct stack_cache *c, uintptr_t key, uintptr_t value)
{
    return ((value ^ key << 17) * 0x9e3779b97f4a7c15u) >> c->index_shift;
}

static inline const struct stack_entry *stack_entry_at(const struct stack_cache *c, uint32_t unit)
{
    return (const struct stack_entry *)(const void *)(c->arena + (size_t)unit * STACK_UNIT);
}

static inline bool stack_holds(const struct stack_step *s, size_t i, uintptr_t base)
{
    return likely(*(const uintptr_t *)(base + s->offset[i]) == s->value[i]);
}

/* As far as the quick look came. */
struct stack_hint {
    const struct stack_entry *entry;
    const struct stack_step *step; /* the first of the entry that differs; NULL: another entry */
};

/* The record bits of the call stack of the function of ours whose frame this is (walk_begin), if it
 * is remembered and still holds; 0: stack_cache_follow may find more. Changes nothing but a
 * count, so a signal handler may come between. */
__attribute__((always_inline)) static inline record
stack_cache_find(struct stack_cache *c, const uintptr_t *frame, struct stack_hint *ret)
{
    uintptr_t base = (uintptr_t)(frame + 1);
    uintptr_t pc = frame[1];
    const struct stack_entry *e = stack_entry_at(c, c->index[stack_hash(c, base, pc)]);
    *ret = (struct stack_hint){e, NULL};
    if (unlikely(e->key != base || e->key_value != pc || ((e->first_bp ^ frame[0]) & e->bp_mask) ||
                 c->generation != __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED)))
        return 0;
    const struct stack_step *step = e->step;
    const struct stack_step *end = step + e->steps;
    do { /* a branch each: loads and comparisons overlap, and none is taken */
        if (!stack_holds(step, 0, base) || !stack_holds(step, 1, base) ||
            !stack_holds(step, 2, base) || !stack_holds(step, 3, base)) {
            ret->step = step;
            return 0;
        }
    } while (++step < end);
    c->hits++;
    return e->record;
}

/* The rest of it, where it has found nothing. */
record stack_cache_follow(struct stack_cache *c, const uintptr_t *frame, struct stack_hint hint);

/* Remembers the last stack, if that is worth it; the call was at `frame`. Owner only, not from a signal
 * handler that interrupted a walk. */
void stack_cache_learn(struct stack_cache *c, const struct last_stack *last, const uintptr_t *frame,
                       record bits);

/* An empty cache without memory; and back to that. */
void stack_cache_init(struct stack_cache *c);
void stack_cache_done(struct stack_cache *c);

/* Stacks that were asked for: allocations, to within those of signal handlers. stack_cache_past: of the threads
 * that are done. */
static inline uint64_t stack_cache_count(const struct stack_cache *c)
{
    return __atomic_load_n(&c->hits, __ATOMIC_RELAXED) +
           __atomic_load_n(&c->earlier, __ATOMIC_RELAXED);
}
uint64_t stack_cache_past(void);

#endif
