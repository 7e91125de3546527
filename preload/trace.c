/* SPDX-License-Identifier: MIT
 *
 * Owns the store of call stacks: a tree, in which stacks share the frames that they have in common
 * from the outermost on. A stack is named by the node of its innermost frame.
 *
 *   space.traces: | 16 reserved | node | node | ...       an id is a node's index
 *   node:         | return address 47, retired when 17 | first child 30, flag | next sibling 30, flag |
 *
 *   parent -> child -> child -> ... 8 -> fan of 16     a child beyond the eighth is in the list of one
 *     ^________________________________|  |  |         fan node, which its address's hash names; that
 *                                         v  v         list may end in a fan, too
 *
 * The idea: a program has few different stacks and many allocations, so finding is lock-free and
 * inserting takes LOCK_TRACES. Nodes that are made one after the other are neighbours in memory, and
 * so are those of stacks that come one after the other: a recursion that comes again reads what it
 * made in the same order. (A hash table would read a random place for each frame, and has buckets.)
 * The last child leads back to the parent, so a node needs 16 bytes.
 *
 * Invariants: 1. A node never moves and never goes away; its address never changes. 2. Behind the last
 * node of a list stands its holder: the parent, or the fan node, behind which stands the parent. So who
 * follows siblings comes to an end, and to the parent, also while the list grows. 3. A list grows at its
 * end; what was found is found again. 4. A retired node is never matched again by an address, so
 * neither is what hangs below it: a module loaded later at the same address gets new nodes.
 *
 * A frame that is not retired belongs to what is mapped there now, a retired one to what was mapped
 * when it was retired, so the time need not be noted before. After 2^17 unloadings it is no longer
 * known.
 *
 * Runs in malloc, before any other lock. On lack of memory for a node recording stops (log.h). */
#include "trace.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include "lock.h"
#include "log.h"
#include "module.h"
#include "space.h"
#include "sys.h"

enum { TIME_BITS = 17, TIME_MOST = (1 << TIME_BITS) - 1 };
enum { ID_FIRST = 16, ID_BITS = RECORD_TRACE_BITS, ID_MASK = (1 << ID_BITS) - 1 };
enum { CACHE_LINE = 64 };
enum { LIST_MOST = 8, FAN_BITS = 4, FAN = 1 << FAN_BITS };

/* Flags of a link: in `child`, the node was the innermost of a stack; in `sibling`, it is the last of its
 * list, and the link that to the list's holder. */
#define IS_STACK ((uint32_t)1 << ID_BITS)
#define IS_LAST ((uint32_t)2 << ID_BITS)

struct node {
    uint64_t frame; /* return address << TIME_BITS | 1 + module_now() when retired, or 0 */
    uint32_t child;
    uint32_t sibling;
};

static const uint64_t FAN_FRAME = TIME_MOST; /* no frame; no program retires address 0 */

static uint32_t outermost;      /* frames: the first of their list */
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

static uint32_t *children_of(uint32_t id)
{
    return id ? &node_of(id)->child : &outermost;
}

/* The node that a link leads to within its list, or 0. */
static uint32_t next_of(uint32_t link)
{
    return link & IS_LAST ? 0 : link & ID_MASK;
}

/* Which node of a fan has a frame in its list; the next time it is asked, by other bits of the hash.
 * Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4). */
static uint32_t fan_place(uint64_t frame, unsigned *level)
{
    unsigned shift = 64 - FAN_BITS * (1 + (*level)++ % (64 / FAN_BITS));
    return (uint32_t)(frame * 0x9e3779b97f4a7c15u >> shift) & (FAN - 1);
}

/* `all` is the caller's copy: it stays in a register from frame to frame. */
__attribute__((always_inline)) static inline uint32_t find(const struct node *all, uint64_t frame,
                                                           uint32_t parent)
{
    unsigned level = 0;
    const uint32_t *first = parent ? &all[parent].child : &outermost;
    uint32_t id = next_of(__atomic_load_n(first, __ATOMIC_ACQUIRE));
    while (id) {
        const struct node *n = all + id;
        uint64_t there = __atomic_load_n(&n->frame, __ATOMIC_RELAXED);
        if (likely(there == frame))
            break;
        const uint32_t *link = &n->sibling;
        if (unlikely(there == FAN_FRAME))
            link = &n[fan_place(frame, &level)].child;
        id = next_of(__atomic_load_n(link, __ATOMIC_ACQUIRE));
    }
    return id;
}

/* Nodes with this frame at the end of a list, to which `link` belongs; the first one's id, or 0. */
static uint32_t add_locked(uint32_t *link, uint32_t holder, uint64_t frame, uint32_t count)
{
    uint32_t id = ids;
    if (id + count - 1 > ID_MASK || !space_grow(&space.traces, (uintptr_t)node_of(id + count)))
        return 0;
    for (; ids < id + count; ids++)
        *node_of(ids) = (struct node){.frame = frame, .sibling = holder | IS_LAST};
    __atomic_store_n(link, (*link & IS_STACK) | id, __ATOMIC_RELEASE);
    return id;
}

/* The frame's node, called by `parent`; 0: no memory. */
static uint32_t find_or_add_locked(uint64_t frame, uint32_t parent)
{
    uint32_t *link = children_of(parent), holder = parent, id;
    unsigned level = 0, length = 0;
    for (;;) {
        id = next_of(*link);
        if (!id && length < LIST_MOST)
            return add_locked(link, holder, frame, 1);
        if (!id && !(id = add_locked(link, holder, FAN_FRAME, FAN)))
            return 0;
        struct node *n = node_of(id);
        if (n->frame == frame)
            return id;
        link = &n->sibling;
        length++;
        if (n->frame == FAN_FRAME) {
            holder = id + fan_place(frame, &level);
            link = children_of(holder);
            length = 0;
        }
    }
}

static void set_stack_locked(uint32_t id)
{
    uint32_t child = node_of(id)->child;
    if (child & IS_STACK)
        return;
    __atomic_store_n(&node_of(id)->child, child | IS_STACK, __ATOMIC_RELEASE);
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
    const struct node *all = node_of(0);
    for (; frames > 0; frames--) {
        uint32_t found = find(all, frame_of(pc[frames - 1]), id);
        if (unlikely(!found))
            return insert(id, pc, frames, ret);
        /* Often the next stack goes on with the sibling, or with what was made after this one. */
        uint32_t sibling = __atomic_load_n(&all[found].sibling, __ATOMIC_RELAXED);
        __builtin_prefetch(all + (sibling & ID_MASK));
        id = ret[frames - 1] = found;
    }
    __builtin_prefetch(all + id + CACHE_LINE / sizeof *all);
    if (id && !(__atomic_load_n(&all[id].child, __ATOMIC_RELAXED) & IS_STACK))
        return insert(id, pc, 0, ret);
    return true;
}

uint32_t trace_intern(const uintptr_t *pc, size_t frames)
{
    uint32_t trace[frames + 1];
    trace[0] = 0;
    return trace_extend(0, pc, frames, trace) ? trace[0] : 0;
}

static uint32_t parent_of(uint32_t id)
{
    for (;;) {
        uint32_t link = __atomic_load_n(&node_of(id)->sibling, __ATOMIC_ACQUIRE);
        id = link & ID_MASK;
        if (link & IS_LAST && __atomic_load_n(&node_of(id)->frame, __ATOMIC_RELAXED) != FAN_FRAME)
            return id;
    }
}

uint32_t trace_cut(uint32_t id, size_t frames)
{
    uint64_t frame[frames];
    uint32_t at = id, cut = 0;
    size_t n = 0;
    for (; n < frames && at >= ID_FIRST; at = parent_of(at))
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
    *id = parent_of(*id);
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
        found = node_of(id)->child & IS_STACK && test(id, arg);
    lock_release(LOCK_TRACES);
    return found;
}
