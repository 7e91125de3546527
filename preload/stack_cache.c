/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of call stacks (stack_cache.h).
 *
 * The idea: an unwinder is a function of some words of the stack. A remembered result with these words
 * is proven by comparing them, which costs two loads a frame and no step that waits for the one
 * before. Stacks that agree up to some word form a tree:
 *
 *   root    (base, first pc)             -> entry: words w0 w1 w2 w3 ...
 *   branch  (that entry and 2, v)        -> entry: words x3 x4 ...         w0 w1 v are proven already
 *
 * One pass over the stack follows branches, from each entry to the one that shares the most with what
 * is there. What is not remembered is walked, as far as it differs from the last walk (last_stack.c).
 *
 * Memory: an index and an arena. What the arena can't hold empties it. Unless there were plenty of hits it
 * is doubled, up to ARENA_MOST. Where stacks seldom come again (a parser that recurses), an entry for each is
 * written in vain, and cold ones are read in vain: then it is small again, and only one stack in `every`
 * is learned, until that would pay; and branches that were followed in vain often are followed seldom.
 * A thread tells the next ones when it ends whether it paid: most threads live too short to find out.
 * The words lie on the thread's own stack above its stack pointer, so they can be read whenever the key
 * (base) is the same.
 *
 * Invariants: 1. index entries point to whole entries below c->used, or are 0. 2. arena unit 0 is an
 * entry whose key is no address. 3. a branch's entry goes on where the word that is its key differs from
 * its parent's.
 *
 * Runs in malloc, by the owning thread, without locks. */
#include "stack_cache.h"

#include <string.h>

#include "assert.h"
#include "meta.h"

enum {
    ARENA_FIRST = 32 << 10, /* bytes */
    ARENA_MOST = 2 << 20,
    BYTES_PER_INDEX = 32, /* of the arena */
    HITS_WORTH = 3,       /* for each walk: fewer, and learning does not pay */
    HITS_PLENTY = 64,     /* more, and a larger arena would not either */
    EVERY_MOST = 64,
    EVERY_SHORT = 16,     /* of threads that live no longer than those for which it did not pay */
    LEARNED_TELLING = 64, /* so many tell whether it did */
    MISSED_MOST = 16,     /* so often in a row in vain, and it is looked for only */
    LOOK_EVERY = 16,      /* once in so many */
    UNIT_FIRST = sizeof(struct stack_entry) / STACK_UNIT, /* behind the entry without key */
};
_Static_assert(sizeof(struct stack_entry) % STACK_UNIT == 0, "entries are placed in units");

/* What a thread has until its first walk. */
static uint32_t no_index[2];
static struct stack_entry no_entry;

/* A signal handler that comes between two steps finds whole entries or none. */
static void step(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Of a new thread: what the last ones found out. */
static uint32_t every_first = 1;

static uint64_t past; /* stack_cache_past */

uint64_t stack_cache_past(void)
{
    return __atomic_load_n(&past, __ATOMIC_RELAXED);
}

static void detach(struct stack_cache *c)
{
    c->index_shift = 63;
    step();
    c->index = no_index;
    step();
    c->arena = (char *)&no_entry;
    c->used = c->size = 0;
}

void stack_cache_init(struct stack_cache *c)
{
    detach(c);
    c->hits = c->earlier = 0;
    c->learned = c->passed = 0;
    c->every = __atomic_load_n(&every_first, __ATOMIC_RELAXED);
    c->missed = c->every > 1 ? MISSED_MOST : 0;
}

static size_t index_bytes(size_t arena_bytes)
{
    return arena_bytes / BYTES_PER_INDEX * sizeof(uint32_t);
}

static void give_back(struct stack_cache *c)
{
    struct stack_cache old = *c;
    size_t bytes = (size_t)old.size * STACK_UNIT;
    detach(c);
    step();
    if (bytes) {
        meta_free(old.index, index_bytes(bytes));
        meta_free(old.arena, bytes);
    }
}

static bool pays(const struct stack_cache *c)
{
    return c->hits >= (uint64_t)c->learned * c->every * HITS_WORTH;
}

void stack_cache_done(struct stack_cache *c)
{
    if (c->learned >= LEARNED_TELLING)
        __atomic_store_n(&every_first, pays(c) ? 1 : EVERY_SHORT, __ATOMIC_RELAXED);
    give_back(c);
    __atomic_fetch_add(&past, stack_cache_count(c), __ATOMIC_RELAXED);
    stack_cache_init(c);
}

static void empty(struct stack_cache *c)
{
    memset(c->index, 0, index_bytes((size_t)c->size * STACK_UNIT));
    memset(c->arena, 0, sizeof(struct stack_entry));
    c->used = UNIT_FIRST;
    c->earlier += c->hits;
    c->hits = 0;
    c->learned = 0;
    c->generation = __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED);
}

/* A larger one in place of what is there, which stays when there is no memory. */
static void replace(struct stack_cache *c, size_t bytes)
{
    uint32_t *index = meta_alloc_zeroed(index_bytes(bytes));
    char *arena = index ? meta_alloc(bytes) : NULL;
    if (!arena) {
        meta_free(index, index_bytes(bytes));
        return;
    }
    memset(arena, 0, sizeof(struct stack_entry));
    give_back(c);
    c->arena = arena;
    c->size = (uint32_t)(bytes / STACK_UNIT);
    step();
    c->index = index;
    step();
    c->index_shift = 64 - (uint32_t)__builtin_ctzl(bytes / BYTES_PER_INDEX);
}

/* What size an arena that is full should have, and whether learning goes on paying. */
static size_t wanted_bytes(struct stack_cache *c)
{
    size_t bytes = (size_t)c->size * STACK_UNIT;
    uint64_t walks = (uint64_t)c->learned * c->every;
    if (!bytes)
        return ARENA_FIRST;
    if (pays(c))
        c->every = 1;
    else if (bytes == ARENA_MOST || c->every > 1)
        c->every = c->every < EVERY_MOST ? c->every * 4 : EVERY_MOST;
    if (c->every > 1)
        return ARENA_FIRST;
    return c->hits < walks * HITS_PLENTY && bytes < ARENA_MOST ? 2 * bytes : bytes;
}

/* Room for `units` more: false when there is no memory, or the entry is larger than the arena. */
static bool make_room(struct stack_cache *c, size_t units)
{
    if (c->size && c->used + units <= c->size)
        return true;
    size_t bytes = wanted_bytes(c);
    if (bytes != (size_t)c->size * STACK_UNIT)
        replace(c, bytes);
    if (!c->size)
        return false;
    empty(c);
    return c->used + units <= c->size;
}

/* The second place of a key is the first one's neighbour. */
static const struct stack_entry *find(const struct stack_cache *c, uintptr_t key, uintptr_t value)
{
    size_t i = stack_hash(c, key, value);
    const struct stack_entry *e = stack_entry_at(c, c->index[i]);
    if (likely(e->key == key && e->key_value == value))
        return e;
    e = stack_entry_at(c, c->index[i ^ 1]);
    return e->key == key && e->key_value == value ? e : NULL;
}

/* Key of a branch from an entry at a word; no address has the highest bit. */
static uintptr_t branch_key(const struct stack_cache *c, const struct stack_entry *e, size_t word)
{
    uintptr_t unit = (uintptr_t)((const char *)e - c->arena) / STACK_UNIT;
    return (uintptr_t)1 << 63 | unit << 12 | word;
}

/* The first of the words from `from` on that has changed, or 4 * e->steps. */
static size_t compare(const struct stack_entry *e, uintptr_t base, size_t from)
{
    const struct stack_step *step = e->step + from / STACK_STEP;
    for (; step < e->step + e->steps; step++)
        for (size_t i = 0; i < STACK_STEP; i++)
            if (unlikely(!stack_holds(step, i, base)))
                return (size_t)(step - e->step) * STACK_STEP + i;
    return e->steps * STACK_STEP;
}

/* Where a stack belongs that is not remembered, and how many of its words are proven there. */
struct place {
    uintptr_t key, key_value;
    size_t proven;
};

/* From the hint, or without one from the root, follows branches to what is remembered of the stack; 0:
 * nothing is. */
static record follow(const struct stack_cache *c, const uintptr_t *frame, struct stack_hint hint,
                     struct place *ret)
{
    uintptr_t base = (uintptr_t)(frame + 1);
    const struct stack_entry *e = hint.step ? hint.entry : find(c, base, frame[1]);
    size_t at = hint.step ? (size_t)(hint.step - e->step) * STACK_STEP : 0;
    *ret = (struct place){base, frame[1], 0};
    while (e && !((e->first_bp ^ frame[0]) & e->bp_mask)) {
        at = compare(e, base, at);
        if (at == e->steps * STACK_STEP)
            return e->record;
        ret->key = branch_key(c, e, at);
        ret->key_value =
            *(const uintptr_t *)(base + e->step[at / STACK_STEP].offset[at % STACK_STEP]);
        ret->proven += at + 1;
        e = find(c, ret->key, ret->key_value);
        at = 0;
    }
    return 0;
}

static bool is_current(const struct stack_cache *c)
{
    return likely(c->generation == __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED));
}

record stack_cache_follow(struct stack_cache *c, const uintptr_t *frame, struct stack_hint hint)
{
    struct place place;
    if (c->missed >= MISSED_MOST && ++c->missed % LOOK_EVERY)
        return 0;
    record r = is_current(c) ? follow(c, frame, hint, &place) : 0;
    c->hits += r != 0;
    if (r)
        c->missed = 0;
    else if (c->missed < MISSED_MOST)
        c->missed++;
    return r;
}

static size_t steps_for(size_t words)
{
    return words ? (words + STACK_STEP - 1) / STACK_STEP : 1;
}

static size_t units_of(size_t steps)
{
    return (sizeof(struct stack_entry) + steps * sizeof(struct stack_step)) / STACK_UNIT;
}

static void set_index(struct stack_cache *c, const struct place *place, uint32_t unit)
{
    size_t i = stack_hash(c, place->key, place->key_value);
    const struct stack_entry *there = stack_entry_at(c, c->index[i]);
    if (c->index[i] && (there->key != place->key || there->key_value != place->key_value))
        c->index[i ^ 1] = c->index[i];
    c->index[i] = unit;
}

/* The words from `top` down to `end`, inner ones first. */
static void copy_words(struct stack_entry *e, const struct last_word *top,
                       const struct last_word *end, uint32_t base_at, uintptr_t first_pc)
{
    for (size_t i = 0; i < e->steps * STACK_STEP; i++, top--) {
        struct stack_step *s = &e->step[i / STACK_STEP];
        s->offset[i % STACK_STEP] = top >= end ? top->at - base_at : 0;
        s->value[i % STACK_STEP] = top >= end ? top->value : first_pc;
    }
}

void stack_cache_learn(struct stack_cache *c, const struct last_stack *last, const uintptr_t *frame,
                       record bits)
{
    if (likely(c->every > ++c->passed))
        return;
    uintptr_t base = (uintptr_t)(frame + 1);
    const struct last_word *top = last->word + last->words - 1;
    const struct last_word *end = last_stack_needed(last);
    size_t words = top >= end ? (size_t)(top - end) + 1 : 0;
    struct place place;
    c->passed = 0;
    if (c->size && !is_current(c))
        empty(c);
    if (!make_room(c, units_of(steps_for(words))) ||
        follow(c, frame, (struct stack_hint){NULL, NULL}, &place))
        return;
    uint32_t unit = c->used;
    struct stack_entry *e = (void *)(c->arena + (size_t)unit * STACK_UNIT);
    *e = (struct stack_entry){.key = place.key,
                              .key_value = place.key_value,
                              .first_bp = frame[0],
                              .bp_mask = last->uses_bp ? ~(uintptr_t)0 : 0,
                              .record = bits,
                              .steps = steps_for(words - place.proven)};
    copy_words(e, top - place.proven, end, (uint32_t)(base - last->low), frame[1]);
    c->used += (uint32_t)units_of(e->steps);
    c->learned++;
    step();
    set_index(c, &place, unit);
}
