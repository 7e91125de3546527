/* SPDX-License-Identifier: MIT
 *
 * Owns which blocks are suppressed.
 *
 * The scan leaves an array of blocks that may be leaks, in order of address. With the world running:
 *   1 each stack that is new among them is compared with the suppressions (suppress_match.c); what comes
 *     of it is kept for as long as the process lives: ids of stacks are never used again
 *   2 blocks whose stacks meet a suppression are suppressed, and what they reach is, by the same
 *   3 what the leaders carry that are left is counted anew
 *
 * What is lost is not changed by anybody, so it can be looked at while the program runs; through
 * copies, for who was thought to be lost may be freed and unmapped meanwhile. A word is a pointer as it is
 * for the marker: with the same mask, at every byte if that is wanted, not in slots of weak references.
 *
 * Invariants: 1. The figures of the suppressions add up to those of the suppressed blocks. 2. Blocks that
 * the program itself reaches are quiet only by their own stack, or through one of their like that is
 * suppressed: a leak that points to the program's live data does not take that along.
 *
 * Runs in ordinary context and in the thread of our own, under LOCK_CHECK. */
#include "suppress.h"

#include <errno.h>
#include <string.h>

#include "../preload/ghost.h"
#include "../preload/lock.h"
#include "../preload/log.h"
#include "../preload/meta.h"
#include "../preload/sys.h"
#include "../scanner/maps.h"
#include "../scanner/weak.h"
#include "suppress_match.h"

static struct suppressions list;
static struct symbols symbols;

/* Defined by the program, if it likes. */
extern const char *__lsan_default_suppressions(void) __attribute__((weak));

/* --- Reading ----------------------------------------------------------------------------------- */

void suppress_init(void)
{
    suppress_read(&list, options.suppressions);
}

void suppress_ask_program(void)
{
    static bool asked;
    if (asked || !__lsan_default_suppressions)
        return;
    asked = true;
    const char *said = __lsan_default_suppressions();
    size_t bytes = said ? strlen(said) : 0;
    char *text = bytes ? meta_alloc(bytes + 1) : NULL;
    if (!text)
        return;
    memcpy(text, said, bytes + 1);
    lock_take(LOCK_CHECK);
    suppress_parse(&list, text, bytes, "__lsan_default_suppressions");
    lock_release(LOCK_CHECK);
}

bool suppress_is_on(void)
{
    return list.count > 0;
}

const struct suppressions *suppress_list(void)
{
    return &list;
}

struct symbols suppress_take_symbols(void)
{
    struct symbols taken = symbols;
    symbols_init(&symbols);
    return taken;
}

/* --- Rulings ----------------------------------------------------------------------------------- */

/* Of a stack, and a kind of loss. */
struct ruling {
    uint32_t key;   /* 0: free */
    uint32_t index; /* 1 + the suppression's number, or one of these */
};
#define RULING_OPEN UINT32_MAX
#define RULING_NONE 0

enum { RULINGS_LEAST = 1024 };

/* Open addressing, at most half full. */
static struct ruling *rulings;
static size_t ruling_count, ruling_room;

static uint32_t key_of(const struct candidate *c)
{
    return record_trace(c->record) << 2 | c->kind;
}

static struct ruling *probe(uint32_t key)
{
    size_t at = key * 0x9e3779b97f4a7c15u >> 32 & (ruling_room - 1);
    while (rulings[at].key && rulings[at].key != key)
        at = (at + 1) & (ruling_room - 1);
    return &rulings[at];
}

static bool grow(void)
{
    struct ruling *old = rulings;
    size_t room = ruling_room;
    struct ruling *more = meta_alloc_zeroed((room ? 2 * room : RULINGS_LEAST) * sizeof *rulings);
    if (!more)
        return false;
    rulings = more;
    ruling_room = room ? 2 * room : RULINGS_LEAST;
    for (size_t i = 0; i < room; i++)
        if (old[i].key)
            *probe(old[i].key) = old[i];
    meta_free(old, room * sizeof *old);
    return true;
}

/* The ruling, open if there was none; NULL: no memory, or there is no stack. */
static struct ruling *ruling_of(const struct candidate *c)
{
    uint32_t key = key_of(c);
    if (!record_trace(c->record))
        return NULL;
    if (2 * (ruling_count + 1) > ruling_room && !grow())
        return NULL;
    struct ruling *v = probe(key);
    if (!v->key) {
        *v = (struct ruling){key, RULING_OPEN};
        ruling_count++;
    }
    return v;
}

/* The memory is left: the thread that had it may have been changing it. */
void suppress_after_fork(void)
{
    rulings = NULL;
    ruling_count = ruling_room = 0;
    symbols_init(&symbols);
}

/* --- Judging stacks ------------------------------------------------------------------------------ */

struct judge {
    struct stack stack;
    long found; /* by a module alone */
};

static bool put_frame(const struct symbols_frame *f, void *arg)
{
    struct judge *j = arg;
    j->stack.frame[j->stack.count++] = *f;
    return j->stack.count < STACK_FRAMES_MOST;
}

static bool look_at_module(const struct symbols_frame *f, void *arg)
{
    struct judge *j = arg;
    long found = f->module ? suppress_find_module(&list, f->module) : -1;
    if (found >= 0 && (j->found < 0 || found < j->found))
        j->found = found;
    return true;
}

static void visit_stack(struct judge *j, uint32_t key,
                        bool (*visit)(const struct symbols_frame *, void *))
{
    j->stack.count = 0;
    j->found = -1;
    symbols_visit(&symbols, key >> 2, visit, j);
}

/* Modules are known without the helper: what they settle is not asked. */
static void judge_by_modules(struct judge *j)
{
    for (size_t i = 0; i < ruling_room; i++) {
        struct ruling *v = &rulings[i];
        if (!v->key || v->index != RULING_OPEN)
            continue;
        visit_stack(j, v->key, look_at_module);
        if (j->found >= 0 && list.item[j->found].kinds >> (v->key & 3) & 1)
            v->index = (uint32_t)j->found + 1;
        else
            symbols_want(&symbols, v->key >> 2);
    }
}

/* Our own thread had no time for the names: somebody waits for the end of its scan. */
static bool is_given_up(void)
{
    return symbols.error && sys_gettid() == ghost_tid() && ghost_is_hurried();
}

/* Our own thread can't ask the loader (symbols.c). */
static void tell_lack_of_names(void)
{
    static bool told[2];
    bool live = sys_gettid() == ghost_tid();
    if (told[live])
        return;
    told[live] = true;
    log_say("no names from the helper (%s): %ssuppressions are compared with those of %s",
            symbols.error == -ECANCELED ? "symbolize=0" : strerrorname_np(-symbols.error),
            live ? "while the program runs, " : "", live ? "modules" : "dynamic symbols");
}

static void judge_stacks(void)
{
    struct matcher matcher;
    struct judge *j = scratch_alloc(sizeof *j);
    bool needs_names = suppress_needs_names(&list);
    if (!j)
        return;
    symbols.linkage = true;
    judge_by_modules(j);
    if (needs_names && symbols.count)
        symbols_resolve(&symbols);
    if (symbols.error && !is_given_up())
        tell_lack_of_names();
    matcher_init(&matcher, &list, symbols.names);
    for (size_t i = 0; i < ruling_room; i++) {
        struct ruling *v = &rulings[i];
        if (!v->key || v->index != RULING_OPEN)
            continue;
        visit_stack(j, v->key, put_frame);
        v->index = (uint32_t)(matcher_find(&matcher, &j->stack, v->key & 3) + 1);
    }
}

/* A helper that failed once may do its work the next time. */
static void reopen(void)
{
    for (size_t i = 0; i < ruling_room; i++)
        if (rulings[i].index == RULING_NONE)
            rulings[i].index = RULING_OPEN;
}

/* --- What is reached ------------------------------------------------------------------------------ */

enum { WINDOW_BYTES = 16 << 10, LARGE_BYTES = 256 << 10 };
#define BY_LEADER UINT32_MAX

struct closure {
    struct candidate *block; /* ascending by address */
    size_t count;
    uint32_t *by; /* 1 + the suppression that each is quiet by; BY_LEADER: carried; 0: neither */
    size_t *work;
    size_t work_count;
    uint32_t owner; /* for `by` of what is found */
    uint32_t reach; /* highest kind that is followed */
    size_t leader;
    uintptr_t window_begin, window_end; /* in `window` is a copy of */
    uintptr_t window[WINDOW_BYTES / sizeof(uintptr_t)];
};

/* One past the end counts for C++ `new T[0]`, whose block is a lone count. */
static size_t find_block(const struct closure *c, uintptr_t word)
{
    size_t low = 0;
    size_t high = c->count;
    if (!space_in_cage(word))
        return c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->block[middle].begin <= word)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return c->count;
    const struct candidate *b = &c->block[low - 1];
    bool inside = word - b->begin < (b->bytes ? b->bytes : 1);
    bool empty_array = b->bytes == sizeof(uintptr_t) && word - b->begin == b->bytes;
    return inside || empty_array ? low - 1 : c->count;
}

static void account(struct closure *c, const struct candidate *b)
{
    if (c->owner == BY_LEADER) {
        c->block[c->leader].carried.bytes += b->bytes;
        c->block[c->leader].carried.blocks++;
    } else {
        list.item[c->owner - 1].bytes += b->bytes;
        list.item[c->owner - 1].blocks++;
        list.item[c->owner - 1].used = true;
    }
}

static void follow_word(struct closure *c, uintptr_t at, uintptr_t word)
{
    size_t i = find_block(c, word & options.pointer_mask);
    if (i == c->count || c->by[i] || c->block[i].kind > c->reach || weak_is_slot(at))
        return;
    c->by[i] = c->owner;
    account(c, &c->block[i]);
    c->work[c->work_count++] = i;
}

static bool load_window(struct closure *c, uintptr_t at)
{
    uintptr_t begin = at & ~(uintptr_t)(SYS_PAGE - 1);
    if (at >= c->window_begin && at + sizeof(uintptr_t) <= c->window_end)
        return true;
    ssize_t got = sys_peek(c->window, (const void *)begin, sizeof c->window);
    c->window_begin = begin;
    c->window_end = begin + (got > 0 ? (size_t)got & ~(sizeof(uintptr_t) - 1) : 0);
    return at + sizeof(uintptr_t) <= c->window_end;
}

/* Pages that can't be read are passed over. */
static void follow_words(uintptr_t begin, uintptr_t end, void *arg)
{
    struct closure *c = arg;
    size_t step = options.unaligned ? 1 : sizeof(uintptr_t);
    while (begin + sizeof(uintptr_t) <= end) {
        if (!load_window(c, begin)) {
            begin = (begin & ~(uintptr_t)(SYS_PAGE - 1)) + SYS_PAGE;
            continue;
        }
        uintptr_t stop = end < c->window_end ? end : c->window_end;
        for (; begin + sizeof(uintptr_t) <= stop; begin += step) {
            uintptr_t word;
            memcpy(&word, (char *)c->window + (begin - c->window_begin), sizeof word);
            follow_word(c, begin, word);
        }
    }
}

static void flood_from(struct closure *c, size_t i)
{
    c->work[c->work_count++] = i;
    while (c->work_count) {
        const struct candidate *b = &c->block[c->work[--c->work_count]];
        uintptr_t end = b->begin + b->bytes;
        if (b->bytes > LARGE_BYTES)
            maps_present(b->begin, end, PAGES_ALL, follow_words, c);
        else
            follow_words(b->begin, end, c);
    }
}

/* Those that match themselves are theirs, whoever reaches them. */
static void suppress_matching(struct closure *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct ruling *v = ruling_of(&c->block[i]);
        if (!v || v->index == RULING_NONE || v->index == RULING_OPEN)
            continue;
        c->by[i] = c->owner = v->index;
        account(c, &c->block[i]);
    }
}

static void suppress_reached(struct closure *c)
{
    for (int reachable = 0; reachable < 2; reachable++)
        for (size_t i = 0; i < c->count; i++) {
            const struct ruling *v = c->by[i] ? ruling_of(&c->block[i]) : NULL;
            if (!v || v->index == RULING_NONE || v->index == RULING_OPEN ||
                (c->block[i].kind == LOSS_REACHABLE) != reachable)
                continue;
            c->owner = v->index;
            c->reach = reachable ? LOSS_REACHABLE : LOSS_POSSIBLE;
            flood_from(c, i);
        }
}

/* As classify.c has it: what two leaders reach counts for the one with the higher address. */
static void carry_anew(struct closure *c)
{
    c->owner = BY_LEADER;
    c->reach = LOSS_INDIRECT;
    for (size_t i = c->count; i-- > 0;) {
        struct candidate *b = &c->block[i];
        if (c->by[i] || b->kind != LOSS_DEFINITE || !b->carried.blocks)
            continue;
        c->by[i] = BY_LEADER;
        b->carried = (struct carried){0, 0};
        c->leader = i;
        flood_from(c, i);
    }
}

/* --- All together --------------------------------------------------------------------------------- */

static bool any_is_open(const struct live *l)
{
    bool open = false;
    for (size_t i = 0; i < l->count; i++) {
        const struct ruling *v = ruling_of(&l->candidate[i]);
        open |= v && v->index == RULING_OPEN;
    }
    return open;
}

static bool any_matches(const struct live *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct ruling *v = ruling_of(&l->candidate[i]);
        if (v && v->index != RULING_NONE && v->index != RULING_OPEN)
            return true;
    }
    return false;
}

static void make_quiet(struct live *l, struct candidate *c)
{
    l->scan.total[c->kind].bytes -= c->bytes;
    l->scan.total[c->kind].blocks--;
    c->kind = LOSS_SUPPRESSED;
    l->scan.total[c->kind].bytes += c->bytes;
    l->scan.total[c->kind].blocks++;
}

static void spread(struct live *l)
{
    struct closure *c = scratch_alloc(sizeof *c);
    uint32_t *by = scratch_alloc((l->count + 1) * sizeof *by);
    size_t *work = scratch_alloc((l->count + 1) * sizeof *work);
    if (!c || !by || !work) {
        log_say("no memory for suppressing leaks");
        return;
    }
    c->block = l->candidate;
    c->count = l->count;
    c->by = by;
    c->work = work;
    maps_present_open();
    suppress_matching(c);
    suppress_reached(c);
    carry_anew(c);
    maps_present_close();
    for (size_t i = 0; i < l->count; i++)
        if (by[i] && by[i] != BY_LEADER)
            make_quiet(l, &l->candidate[i]);
}

void suppress_mark(struct live *l)
{
    symbols_init(&symbols); /* the last scan's are gone with scratch memory */
    for (size_t i = 0; i < list.count; i++)
        list.item[i].bytes = list.item[i].blocks = 0;
    if (!list.count || !l->count)
        return;
    if (any_is_open(l))
        judge_stacks();
    if (any_matches(l))
        spread(l);
    if (is_given_up())
        l->scan.failure = LIVE_GIVEN_UP;
    if (symbols.error)
        reopen();
}

bool suppress_takes(enum loss_kind kind, uint32_t kinds)
{
    return list.count && (kind == LOSS_DEFINITE || kind == LOSS_INDIRECT || kinds >> kind & 1);
}

void suppress_live(struct live *l)
{
    if (l->scan.failure)
        return;
    suppress_mark(l);
    suppress_drop(l);
}

void suppress_drop(struct live *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->candidate[i].kind != LOSS_SUPPRESSED)
            l->candidate[kept++] = l->candidate[i];
    l->count = kept;
}
