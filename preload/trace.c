/* SPDX-License-Identifier: MIT
 *
 * Owns the store of call stacks: a tree, in which stacks share the frames that they have in common
 * from the outermost on. A stack is named by the node of its innermost frame.
 *
 *   space.traces: | 16 reserved | node | node | ...       an id is a node's index
 *   node:         | return address 47, retired when 17 | parent 32 | next 30, flags 2 |
 *   table:        bucket[hash of (address, parent)] -> node -> node -> 0
 *
 * The idea: a program has few different stacks and many allocations, so finding is lock-free and
 * inserting takes LOCK_TRACES. A new stack needs only the nodes of its innermost frames, about five
 * of 16 bytes; stored whole, with its header, it would need 200 bytes. The table doubles when there
 * are as many nodes as buckets.
 *
 * Invariants: 1. A node never moves and never goes away; its address and parent never change.
 * 2. A chain is in the order of ids. (The outermost frames, met by every stack, come first.) So who
 * follows one while nodes are hung into another table comes to an end, and may only fail to find,
 * after which it looks again under the lock. 3. A retired node is never matched again by an address, so
 * neither is what hangs below it: a module loaded later at the same address gets new nodes.
 *
 * A frame that is not retired belongs to what is mapped there now, a retired one to what was mapped
 * when it was retired, so the time need not be noted before. After 2^17 unloadings it is no longer
 * known.
 *
 * Runs in malloc, before any other lock. On lack of memory for a node recording stops (log.h); on
 * lack of memory for a table chains grow. */
#include "trace.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include "lock.h"
#include "log.h"
#include "meta.h"
#include "module.h"
#include "space.h"
#include "sys.h"

enum { TIME_BITS = 17, TIME_MOST = (1 << TIME_BITS) - 1 };
enum { BUCKET_BITS_FIRST = 9, ID_FIRST = 16, ID_BITS = RECORD_TRACE_BITS };
enum { NEXT_MASK = (1 << ID_BITS) - 1, IS_STACK = 1 << ID_BITS };

struct node {
    uint64_t frame;  /* return address << TIME_BITS | 1 + module_now() when retired, or 0 */
    uint32_t parent; /* the calling frame, or 0 */
    uint32_t next;   /* in the bucket; IS_STACK when it was the innermost frame of a stack */
};

struct table {
    uint32_t *bucket;
    unsigned shift; /* of a 64-bit hash, to the bucket's index */
};

static uint32_t first_buckets[1 << BUCKET_BITS_FIRST];
static struct table first_table = {first_buckets, 64 - BUCKET_BITS_FIRST};
static struct table *table = &first_table;
static uint32_t ids = ID_FIRST; /* below it all are taken */
static size_t stacks;
static uintptr_t loader_begin, loader_end;

void trace_init(void)
{
    const ElfW(Ehdr) *loader = (const void *)getauxval(AT_BASE);
    if (!loader)
        return;
    loader_begin = (uintptr_t)loader;
    const ElfW(Phdr) *segment = (const void *)(loader_begin + loader->e_phoff);
    for (int i = 0; i < loader->e_phnum; i++)
        if (segment[i].p_type == PT_LOAD)
            loader_end = loader_begin + segment[i].p_vaddr + segment[i].p_memsz;
}

bool trace_in_loader(uintptr_t pc)
{
    return pc - loader_begin < loader_end - loader_begin;
}

size_t trace_count(void)
{
    return __atomic_load_n(&stacks, __ATOMIC_RELAXED);
}

static struct node *node_of(uint32_t id)
{
    return (struct node *)space.traces.begin + id;
}

static uintptr_t pc_of(uint32_t id)
{
    return __atomic_load_n(&node_of(id)->frame, __ATOMIC_RELAXED) >> TIME_BITS;
}

static uint64_t frame_of(uintptr_t pc)
{
    return (uint64_t)pc << TIME_BITS;
}

static size_t buckets_of(struct table t)
{
    return (size_t)1 << (64 - t.shift);
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4). */
static uint32_t *bucket_of(struct table t, uint64_t frame, uint32_t parent)
{
    return &t.bucket[(frame + parent) * 0x9e3779b97f4a7c15u >> t.shift];
}

/* `all` and the table are the caller's copies: they stay in registers from frame to frame. */
__attribute__((always_inline)) static inline uint32_t find(struct table t, const struct node *all,
                                                           uint64_t frame, uint32_t parent)
{
    uint32_t id = __atomic_load_n(bucket_of(t, frame, parent), __ATOMIC_ACQUIRE);
    while (id) {
        const struct node *n = all + id;
        if (likely(__atomic_load_n(&n->frame, __ATOMIC_RELAXED) == frame && n->parent == parent))
            break;
        id = __atomic_load_n(&n->next, __ATOMIC_ACQUIRE) & NEXT_MASK;
    }
    return id;
}

static void hang_locked(struct table t, uint32_t id)
{
    struct node *n = node_of(id);
    uint32_t *link = bucket_of(t, n->frame, n->parent);
    __atomic_store_n(&n->next, n->next & IS_STACK, __ATOMIC_RELEASE);
    while (*link & NEXT_MASK)
        link = &node_of(*link & NEXT_MASK)->next;
    __atomic_store_n(link, *link | id, __ATOMIC_RELEASE);
}

/* The old table stays, for who reads it still, but not its pages: read as zero they say that
 * nothing is found. */
static void discard(struct table t)
{
    uintptr_t begin = ((uintptr_t)t.bucket + SYS_PAGE - 1) & ~(uintptr_t)(SYS_PAGE - 1);
    uintptr_t end = (uintptr_t)(t.bucket + buckets_of(t)) & ~(uintptr_t)(SYS_PAGE - 1);
    if (t.bucket != first_buckets && begin < end)
        sys_discard((void *)begin, end - begin);
}

static void enlarge_locked(void)
{
    struct table old = *table;
    struct table *t = meta_alloc_zeroed(sizeof *t + 2 * buckets_of(old) * sizeof *t->bucket);
    if (!t)
        return;
    t->bucket = (uint32_t *)(t + 1);
    t->shift = old.shift - 1;
    for (uint32_t id = ID_FIRST; id < ids; id++)
        hang_locked(*t, id);
    __atomic_store_n(&table, t, __ATOMIC_RELEASE);
    discard(old);
}

static uint32_t add_locked(uint64_t frame, uint32_t parent)
{
    if (ids > NEXT_MASK || !space_grow(&space.traces, (uintptr_t)(node_of(ids) + 1)))
        return 0;
    if (ids >= buckets_of(*table))
        enlarge_locked();
    *node_of(ids) = (struct node){.frame = frame, .parent = parent};
    hang_locked(*table, ids);
    return ids++;
}

/* The frame's node, called by `parent`; 0: no memory. */
static uint32_t find_or_add_locked(uint64_t frame, uint32_t parent)
{
    uint32_t found = find(*table, node_of(0), frame, parent);
    return found ? found : add_locked(frame, parent);
}

static void set_stack_locked(uint32_t id)
{
    uint32_t next = node_of(id)->next;
    if (next & IS_STACK)
        return;
    __atomic_store_n(&node_of(id)->next, next | IS_STACK, __ATOMIC_RELEASE);
    stacks++;
}

/* The rest of a stack: its `frames` innermost frames, called by `id`. */
static bool insert(uint32_t id, const uintptr_t *pc, size_t frames, uint32_t *ret)
{
    bool room = true;
    lock_take(LOCK_TRACES);
    while (room && frames-- > 0) {
        id = ret[frames] = find_or_add_locked(frame_of(pc[frames]), id);
        room = id != 0;
    }
    if (room)
        set_stack_locked(id);
    lock_release(LOCK_TRACES);
    if (!room)
        log_stop_recording("no memory for call stacks");
    return room;
}

bool trace_extend(uint32_t id, const uintptr_t *pc, size_t frames, uint32_t *ret)
{
    const struct table t = *__atomic_load_n(&table, __ATOMIC_ACQUIRE);
    const struct node *all = node_of(0);
    for (; frames > 0; frames--) {
        uint32_t found = find(t, all, frame_of(pc[frames - 1]), id);
        if (unlikely(!found))
            return insert(id, pc, frames, ret);
        id = ret[frames - 1] = found;
    }
    if (id && !(__atomic_load_n(&all[id].next, __ATOMIC_RELAXED) & IS_STACK))
        return insert(id, pc, 0, ret);
    return true;
}

uint32_t trace_intern(const uintptr_t *pc, size_t frames)
{
    uint32_t trace[frames + 1];
    trace[0] = 0;
    return trace_extend(0, pc, frames, trace) ? trace[0] : 0;
}

uint32_t trace_cut(uint32_t id, size_t frames)
{
    uint64_t frame[frames];
    uint32_t at = id, cut = 0;
    size_t n = 0;
    for (; n < frames && at >= ID_FIRST; at = node_of(at)->parent)
        frame[n++] = __atomic_load_n(&node_of(at)->frame, __ATOMIC_RELAXED);
    if (at < ID_FIRST)
        return id;
    lock_take(LOCK_TRACES);
    do
        cut = find_or_add_locked(frame[--n], cut);
    while (cut && n);
    lock_release(LOCK_TRACES);
    return cut ? cut : id;
}

bool trace_next(uint32_t *id, struct trace_frame *ret)
{
    if (*id < ID_FIRST)
        return false;
    const struct node *n = node_of(*id);
    uint64_t frame = __atomic_load_n(&n->frame, __ATOMIC_RELAXED);
    uint32_t time = frame & TIME_MOST;
    ret->pc = frame >> TIME_BITS;
    ret->module_time = !time ? module_now() : time < TIME_MOST ? time - 1 : UINT32_MAX;
    *id = n->parent;
    return true;
}

bool trace_is_of_loader(uint32_t id)
{
    return id >= ID_FIRST && trace_in_loader(pc_of(id));
}

void trace_retire(uintptr_t begin, uintptr_t end)
{
    uint32_t now = module_now();
    uint64_t stamp = now < TIME_MOST ? now + 1 : TIME_MOST;
    lock_take(LOCK_TRACES);
    for (uint32_t id = ID_FIRST; id < ids; id++) {
        uint64_t frame = node_of(id)->frame;
        if (!(frame & TIME_MOST) && pc_of(id) - begin < end - begin)
            __atomic_store_n(&node_of(id)->frame, frame | stamp, __ATOMIC_RELAXED);
    }
    lock_release(LOCK_TRACES);
}

bool trace_any(bool (*test)(uint32_t id, void *), void *arg)
{
    bool found = false;
    lock_take(LOCK_TRACES);
    for (uint32_t id = ID_FIRST; id < ids && !found; id++)
        found = node_of(id)->next & IS_STACK && test(id, arg);
    lock_release(LOCK_TRACES);
    return found;
}
