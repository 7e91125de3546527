/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of call stacks (stack_cache.h).
 *
 * The idea: an unwinder is a function of some words of the stack. A remembered result with these words
 * is proven by comparing them, which costs two loads a frame and no step that waits for the one
 * before. Where the words differ from some frame outwards, the frames before it are proven all the
 * same. So entries form a tree:
 *
 *   root    (base, first pc)             -> entry: words w0 w1 w2 w3 ...
 *   branch  (that entry and 2, v)        -> entry: words w0 w1 v  x3 ...   proven up to v already
 *
 * One pass over the stack follows branches, from each entry to the one that shares the most with what
 * is there; at the last, where no branch leads on, the walk is taken up at the frame that has changed.
 *
 * Memory: an index and an arena. What the arena can't hold empties it; if it was full soon
 * (FULL_SOON_NS) it is doubled. The words lie on the thread's own stack above its stack pointer, so
 * they can be read whenever the key (base) is the same.
 *
 * Invariants: 1. index entries point to whole entries below c->used, or are 0. 2. arena unit 0 is an
 * entry whose key is no address. 3. a branch's entry has its parent's words up to the branching.
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
    FULL_SOON_NS = 20 * 1000 * 1000,
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

void stack_cache_init(struct stack_cache *c)
{
    c->index_shift = 63;
    step();
    c->index = no_index;
    step();
    c->arena = (char *)&no_entry;
    c->used = c->size = 0;
}

static size_t index_bytes(size_t arena_bytes)
{
    return arena_bytes / BYTES_PER_INDEX * sizeof(uint32_t);
}

void stack_cache_done(struct stack_cache *c)
{
    struct stack_cache old = *c;
    size_t bytes = (size_t)old.size * STACK_UNIT;
    stack_cache_init(c);
    step();
    if (bytes) {
        meta_free(old.index, index_bytes(bytes));
        meta_free(old.arena, bytes);
    }
}

static void empty(struct stack_cache *c)
{
    memset(c->index, 0, index_bytes((size_t)c->size * STACK_UNIT));
    memset(c->arena, 0, sizeof(struct stack_entry));
    c->used = UNIT_FIRST;
    c->generation = __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED);
    c->emptied_ns = sys_now_coarse();
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
    stack_cache_done(c);
    c->arena = arena;
    c->size = (uint32_t)(bytes / STACK_UNIT);
    step();
    c->index = index;
    step();
    c->index_shift = 64 - (uint32_t)__builtin_ctzl(bytes / BYTES_PER_INDEX);
}

/* Room for `units` more: false when there is no memory, or the entry is larger than the arena. */
static bool make_room(struct stack_cache *c, size_t units)
{
    size_t bytes = (size_t)c->size * STACK_UNIT;
    if (c->used + units <= c->size && bytes)
        return true;
    bool soon = bytes && sys_now_coarse() - c->emptied_ns < FULL_SOON_NS;
    size_t wanted = !bytes ? ARENA_FIRST : soon && bytes < ARENA_MOST ? 2 * bytes : bytes;
    if (wanted != bytes)
        replace(c, wanted);
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

/* Sets the walk to the last return address before word `upto` of the entry; the words from there on
 * will be read again. */
static void set_forward(struct walk *w, const struct stack_entry *e, size_t upto)
{
    while (upto && e->word[upto - 1].bp_at == WALK_NO_RETURN)
        upto--;
    memcpy(w->word, e->word, upto * sizeof *w->word);
    w->words = upto;
    for (size_t i = 0; i < upto; i++)
        if (e->word[i].bp_at != WALK_NO_RETURN)
            walk_add_frame(w, e->word[i].value);
    if (!upto)
        return;
    struct walk_word last = w->word[upto - 1];
    w->pc = last.value;
    w->sp = w->base + last.offset + sizeof(uintptr_t);
    w->bp_at = last.bp_at;
    w->uses_bp = e->bp_mask != 0; /* at worst one comparison too many */
}

record stack_cache_follow(const struct stack_cache *c, const uintptr_t *frame,
                          const struct stack_entry *e, size_t at)
{
    uintptr_t base = (uintptr_t)(frame + 1);
    if (!e) {
        e = find(c, base, frame[1]);
        if (!e || ((e->first_bp ^ frame[0]) & e->bp_mask) ||
            c->generation != __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED))
            return 0;
    }
    for (;;) {
        at = stack_compare(e, base, at);
        if (at == e->words)
            return e->record;
        e = find(c, branch_key(c, e, at), *(const uintptr_t *)(base + e->word[at].offset));
        if (!e || ((e->first_bp ^ frame[0]) & e->bp_mask))
            return 0;
    }
}

record stack_cache_look(struct stack_cache *c, struct walk *w, struct stack_place *ret)
{
    uintptr_t base = w->base;
    const struct stack_entry *last = NULL;
    size_t at = 0;
    *ret = (struct stack_place){.key = base, .key_value = w->first_pc};
    if (unlikely(c->generation != __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED))) {
        if (c->size)
            empty(c);
        return 0;
    }
    for (;;) {
        const struct stack_entry *e = find(c, ret->key, ret->key_value);
        if (!e || ((e->first_bp ^ w->first_bp) & e->bp_mask))
            break;
        last = e;
        at = stack_compare(e, base, at);
        if (at == e->words)
            return e->record;
        ret->key = branch_key(c, e, at);
        ret->key_value = *(const uintptr_t *)(base + e->word[at].offset);
    }
    if (last)
        set_forward(w, last, at);
    return 0;
}

void stack_cache_learn(struct stack_cache *c, const struct walk *w, const struct stack_place *place,
                       record bits)
{
    size_t words = (w->words / STACK_STEP + (w->words % STACK_STEP > 0 || !w->words)) * STACK_STEP;
    size_t bytes = sizeof(struct stack_entry) + words * sizeof(struct walk_word);
    struct stack_place at = *place;
    uint32_t before = c->used;
    if (!w->repeatable || !make_room(c, bytes / STACK_UNIT))
        return;
    if (c->used < before) /* emptied: the entry that it branched from is gone */
        at = (struct stack_place){.key = w->base, .key_value = w->first_pc};
    uint32_t unit = c->used;
    struct stack_entry *e = (void *)(c->arena + (size_t)unit * STACK_UNIT);
    *e = (struct stack_entry){.key = at.key,
                              .key_value = at.key_value,
                              .first_bp = w->first_bp,
                              .bp_mask = w->uses_bp ? ~(uintptr_t)0 : 0,
                              .record = bits,
                              .words = words};
    memcpy(e->word, w->word, w->words * sizeof *w->word);
    for (size_t i = w->words; i < words; i++)
        e->word[i] = (struct walk_word){.value = w->first_pc, .bp_at = WALK_NO_RETURN};
    c->used += (uint32_t)(bytes / STACK_UNIT);
    step();
    size_t i = stack_hash(c, at.key, at.key_value);
    const struct stack_entry *there = stack_entry_at(c, c->index[i]);
    if (c->index[i] && (there->key != at.key || there->key_value != at.key_value))
        c->index[i ^ 1] = c->index[i];
    c->index[i] = unit;
}
