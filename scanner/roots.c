/* SPDX-License-Identifier: MIT
 *
 * Owns what is a root.
 *
 *   kind       what                                                              switch
 *   registers  of stopped threads; of the caller of exit                         use_registers
 *   stacks     [sp, end) of each thread; its alternate signal stack;             use_stacks
 *              arguments of starting threads, results of finished ones that nobody has joined yet
 *   tls        static TLS, control block and pthread keys of each thread         use_tls
 *   globals    segments of modules, as far as they were written                  use_globals
 *   mapped     every other private mapping, as far as it was written             use_mapped
 *   kernel     data of epoll entries, values of timers                           use_kernel
 *   user       regions that the program registered                               use_root_regions
 *   (always)   blocks with RECORD_ROOT: the loader's (dynamic TLS among them), ignored ones; in
 *              a child of fork those of threads that it does not have
 *
 * Not roots: the cage, our own memory, the part of a stack below its pointer, stacks of threads
 * that have ended (glibc keeps them mapped for reuse), shared mappings.
 *
 * How: everything special (stacks, TLS, what is ours) is treated first and noted in a list of
 * ranges; then the rest of every mapping is a global or mapped root. A thread on a stack that is
 * not its own (sigaltstack, swapcontext) has its whole stack scanned.
 *
 * Threads are looked at while they stand still, mappings also while the program runs. Memory is read
 * through copies (mark_range_safe): a file behind a mapping may have been truncated. */
#include "roots.h"

#include <signal.h>
#include <string.h>

#include "../preload/control.h"
#include "../preload/ending.h"
#include "../preload/ghost.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "../preload/thread.h"
#include "../preload/trace.h"
#include "kernel.h"
#include "user_roots.h"

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

static void done(struct roots *g, uintptr_t begin, uintptr_t end)
{
    if (begin < end && g->done.count < g->done.most)
        g->done.range[g->done.count++] = (struct range){begin, end};
}

/* --- Threads ---------------------------------------------------------------------------------- */

struct frame { /* what is known of one living thread */
    uintptr_t control;
    uintptr_t stack_begin, stack_end; /* 0, 0: not known */
    uintptr_t sp;                     /* 0: not known */
};

static void find_bounds(struct roots *g, struct frame *f, bool is_main)
{
    const struct map *map = NULL;
    for (size_t i = 0; is_main && i < g->maps->count; i++)
        if (g->maps->map[i].is_main_stack)
            map = &g->maps->map[i];
    if (!map && f->sp && !space_in_cage(f->sp))
        map = maps_find(g->maps, f->sp);
    if (map) {
        f->stack_begin = map->begin;
        f->stack_end = map->end;
    }
}

static void mark_tls(struct roots *g, uintptr_t begin, uintptr_t end)
{
    if (options.use_tls)
        mark_range_safe(g->m, begin, end);
    done(g, begin, end);
}

/* Marks a part of a stack, without libc's frames above main. */
static void mark_frames(struct roots *g, uintptr_t from, uintptr_t to)
{
    struct start_frames start = start_frames;
    if (start.begin >= from && start.begin < start.end && start.end <= to) {
        mark_range_safe(g->m, from, start.begin);
        from = start.end;
    }
    mark_range_safe(g->m, from, to);
}

/* Marks a stack from `from`, without the TLS that may lie at its top. */
static void mark_stack(struct roots *g, const struct frame *f, uintptr_t from, uintptr_t tls_begin,
                       uintptr_t tls_end)
{
    uintptr_t end = f->stack_end;
    if (options.use_stacks) {
        if (tls_begin >= from && tls_begin < end) {
            mark_range_safe(g->m, from, tls_begin);
            mark_range_safe(g->m, tls_end, end);
        } else {
            mark_frames(g, from, end);
        }
    }
    done(g, f->stack_begin, end);
}

static void mark_thread(struct roots *g, struct frame *f, bool is_main)
{
    uintptr_t tls_end = f->control + libc_control.bytes;
    uintptr_t tls_begin = tls_end - libc_control.tls_bytes;
    if (!f->stack_end)
        find_bounds(g, f, is_main);
    bool on_own_stack = f->sp >= f->stack_begin && f->sp < f->stack_end;
    if (on_own_stack && options.use_stacks && options.use_tls && f->control && tls_begin >= f->sp &&
        tls_end <= f->stack_end) { /* nearly always: one read does for all */
        mark_range_safe(g->m, f->sp, f->stack_end);
        done(g, f->stack_begin, f->stack_end);
        return;
    }
    if (f->control)
        mark_tls(g, tls_begin, tls_end);
    if (!f->stack_end)
        return;
    mark_stack(g, f, on_own_stack ? f->sp : f->stack_begin, tls_begin, tls_end);
    if (!on_own_stack && f->sp && options.use_stacks) {
        struct block b; /* a stack in the heap: in use, although nothing may point to its start */
        if (alloc_find(f->sp, &b))
            mark_block(g->m, &b, true);
    }
}

/* Only the kernel may know where it is. */
static void mark_signal_stack(struct roots *g, uintptr_t begin)
{
    struct block b;
    if (options.use_stacks && alloc_find(begin, &b))
        mark_block(g->m, &b, true);
}

static void mark_registers(struct roots *g, const uintptr_t *word, size_t count)
{
    mark_range(g->m, (uintptr_t)word, (uintptr_t)(word + count));
}

static struct thread *entry_of(int tid, uintptr_t control);

static void mark_stopped(struct roots *g, const struct stopped *s)
{
    const struct thread *t = s->entry;
    if (!t || t->state == THREAD_STARTING) /* what it says of its stack may be half written */
        t = entry_of(s->tid, s->control);
    struct frame f = {.control = s->control};
    if (t) {
        f.control = t->handle;
        f.stack_begin = t->stack_begin;
        f.stack_end = t->stack_end;
    }
    if (!s->missed) {
        f.sp = s->regs.sp - RED_ZONE;
        mark_signal_stack(g, s->regs.signal_stack);
        if (options.use_registers) {
            mark_registers(g, s->regs.general, s->regs.count);
            for (size_t i = 0; i < s->regs.vectors; i++)
                mark_registers(g, s->regs.vector[i].word, s->regs.vector[i].count);
        }
    }
    mark_thread(g, &f, s->tid == g->stop->process);
}

/* The calling thread: its stack counts from where the program left it (ending.h). */
static void mark_self(struct roots *g)
{
    const struct thread *t = thread_self_or_null();
    struct frame f = {.control = (uintptr_t)pthread_self(),
                      .sp = (uintptr_t)__builtin_frame_address(0)};
    if (t) {
        f.stack_begin = t->stack_begin;
        f.stack_end = t->stack_end;
    }
    const struct ending *left = asking.known && asking.tid == sys_gettid() ? &asking : &ending;
    if (left->known && left->tid == sys_gettid()) {
        f.sp = left->sp;
        for (size_t i = 0; options.use_registers && i < ENDING_REGISTERS; i++)
            mark_word(g->m, left->registers[i]);
    }
    if (options.use_registers)
        mark_word(g->m, regs_own_base());
    stack_t signal_stack;
    if (!sys_sigaltstack(&signal_stack) && !(signal_stack.ss_flags & SS_DISABLE))
        mark_signal_stack(g, (uintptr_t)signal_stack.ss_sp);
    mark_thread(g, &f, sys_gettid() == sys_getpid());
}

struct search {
    int tid;
    uintptr_t control;
    struct thread *found;
};

static bool search_entry(struct thread *t, void *arg)
{
    struct search *s = arg;
    if (t->state != THREAD_STARTING && t->state != THREAD_GONE && t->tid == s->tid)
        s->found = t;
    else if (t->state != THREAD_STARTING && s->control && t->handle == s->control)
        s->found = s->found ? s->found : t;
    return true;
}

static struct thread *entry_of(int tid, uintptr_t control)
{
    struct search s = {.tid = tid, .control = control};
    thread_all_locked(search_entry, &s);
    return s.found;
}

static bool is_alive(const struct roots *g, const struct thread *t)
{
    if (t->handle == pthread_self())
        return true;
    for (const struct stopped *s = g->stop->threads; s; s = s->next)
        if (s->control == t->handle || s->tid == t->tid)
            return true;
    return false;
}

/* Threads that are not there yet, or not any more. */
static bool mark_absent(struct thread *t, void *arg)
{
    struct roots *g = arg;
    if (t->state == THREAD_STARTING) {
        if (options.use_stacks)
            mark_word(g->m, (uintptr_t)t->argument);
        return true;
    }
    if (is_alive(g, t))
        return true;
    if (t->state == THREAD_RUNNING) { /* it has started since the others were looked at */
        if (g->beside)
            done(g, t->stack_begin, t->stack_end);
        return true;
    }
    if (t->state == THREAD_FINISHED && options.use_stacks)
        mark_word(g->m, (uintptr_t)t->result);
    uintptr_t words[3]; /* still libc's? the memory may have been unmapped and mapped again */
    bool is_cached = sys_peek(words, (const void *)t->handle, sizeof words) == sizeof words &&
                     words[0] == t->handle && words[2] == t->handle;
    if (is_cached && !t->own_stack)
        done(g, t->stack_begin, t->stack_end);
    return true;
}

/* The main thread called pthread_exit: the memory of its stack is still there. */
static void drop_dead_main_stack(struct roots *g)
{
    bool alive = sys_gettid() == g->stop->process;
    for (const struct stopped *s = g->stop->threads; s; s = s->next)
        alive |= s->tid == g->stop->process;
    for (size_t i = 0; !alive && i < g->maps->count; i++)
        if (g->maps->map[i].is_main_stack)
            done(g, g->maps->map[i].begin, g->maps->map[i].end);
}

/* --- Mappings --------------------------------------------------------------------------------- */

/* Shell's sort (Knuth's gaps): libc's qsort may allocate. */
static void sort_ranges(struct ranges *r)
{
    static const size_t gaps[] = {29524, 9841, 3280, 1093, 364, 121, 40, 13, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (size_t gap = gaps[g], i = gap; i < r->count; i++) {
            struct range moving = r->range[i];
            size_t at = i;
            for (; at >= gap && r->range[at - gap].begin > moving.begin; at -= gap)
                r->range[at] = r->range[at - gap];
            r->range[at] = moving;
        }
    r->first = 0;
}

static bool is_global(uintptr_t address)
{
    return module_at(address, module_now()) != NULL;
}

static void mark_page_run(uintptr_t begin, uintptr_t end, void *arg)
{
    mark_range_safe(arg, begin, end);
}

static void mark_piece(struct roots *g, uintptr_t begin, uintptr_t end)
{
    if (begin >= end)
        return;
    bool wanted = is_global(begin) ? options.use_globals : options.use_mapped;
    if (wanted)
        maps_present(begin, end, PAGES_OWN, mark_page_run, g->m);
}

/* A mapping can hold segments of modules and other memory side by side: it is cut at the borders
 * of modules, so that each piece has one kind. */
static void mark_pieces(struct roots *g, uintptr_t begin, uintptr_t end)
{
    if (options.use_globals && options.use_mapped && begin < end) {
        if (g->present)
            mark_page_run(begin, end, g->m);
        else
            maps_present(begin, end, PAGES_OWN, mark_page_run, g->m);
        return;
    }
    while (begin < end) {
        uintptr_t cut = end;
        for (const struct module *m = module_first(); m; m = m->next) {
            if (m->unloaded != UINT32_MAX)
                continue;
            uintptr_t module_end = (m->end + SYS_PAGE - 1) & ~(uintptr_t)(SYS_PAGE - 1);
            if (m->begin > begin && m->begin < cut)
                cut = m->begin;
            if (module_end > begin && module_end < cut)
                cut = module_end;
        }
        mark_piece(g, begin, cut);
        begin = cut;
    }
}

/* What of the range is not done yet; the ranges are sorted, and mostly asked for in their order. */
static void mark_map(struct roots *g, uintptr_t begin, uintptr_t end)
{
    if (begin < g->done.looked_at)
        g->done.first = 0;
    g->done.looked_at = begin;
    while (g->done.first < g->done.count && g->done.range[g->done.first].end <= begin)
        g->done.first++;
    for (size_t i = g->done.first; i < g->done.count && begin < end; i++) {
        const struct range *r = &g->done.range[i];
        if (r->end <= begin)
            continue;
        if (r->begin >= end)
            break;
        mark_pieces(g, begin, r->begin);
        begin = r->end;
    }
    mark_pieces(g, begin, end);
}

static void mark_root_block(const struct block *b, void *arg)
{
    struct mark *m = arg;
    bool of_dead_thread = b->slab->kind == SLAB_SMALL && b->slab->needs_rebuild;
    if (!record_is_root(b->record) && !of_dead_thread)
        return;
    mark_block(m, b, options.use_tls || !trace_is_of_loader(record_trace(b->record)));
}

static bool count_thread(struct thread *t, void *arg)
{
    (void)t;
    ++*(size_t *)arg;
    return true;
}

void roots_mark_blocks(struct mark *m, bool take_lock)
{
    mark_each_root(m, take_lock, mark_root_block, m);
}

bool roots_begin(struct roots *r, size_t threads)
{
    thread_all_locked(count_thread, &threads);
    r->done = (struct ranges){.most = 3 * threads + 8 + r->spare};
    r->done.range = scratch_alloc(r->done.most * sizeof *r->done.range);
    if (!r->done.range)
        return false;
    done(r, space.meta.begin, space.cage.end);
    done(r, (uintptr_t)__ehdr_start, (uintptr_t)_end);
    return true;
}

void roots_mark_stopped(struct roots *r, const struct stop *group)
{
    for (const struct stopped *s = group->threads; s; s = s->next)
        mark_stopped(r, s);
}

void roots_mark_rest(struct roots *r)
{
    thread_all_locked(mark_absent, r);
    kernel_mark(r->m);
    drop_dead_main_stack(r);
    user_roots_mark(r->m);
    sort_ranges(&r->done);
}

bool roots_mark_threads(struct roots *r)
{
    if (!roots_begin(r, r->stop->count + 1))
        return false;
    if (sys_gettid() != ghost_tid())
        mark_self(r);
    roots_mark_stopped(r, r->stop);
    roots_mark_rest(r);
    return true;
}

bool roots_is_untouched(const struct roots *r, uintptr_t begin, uintptr_t end)
{
    for (size_t i = 0; i < r->done.count; i++)
        if (r->done.range[i].begin < end && begin < r->done.range[i].end)
            return false;
    return true;
}

void roots_skip(struct roots *r, uintptr_t begin, uintptr_t end)
{
    done(r, begin, end);
    sort_ranges(&r->done);
}

void roots_mark_mappings(struct roots *r)
{
    for (size_t i = 0; i < r->maps->count; i++) {
        const struct map *map = &r->maps->map[i];
        /* Memory made read-only after it was written counts too: its pages are the program's own. */
        bool written = map->writable || !map->has_file || maps_present_is_open();
        if (map->is_private && map->readable && written && !map->is_special)
            mark_map(r, map->begin, map->end);
    }
}

static void mark_present(uintptr_t begin, uintptr_t end, void *arg)
{
    mark_map(arg, begin, end);
}

/* Pages without a file behind them. The kernel is not even asked about what is done, if that is large. */
void roots_mark_present(struct roots *r)
{
    const uintptr_t end = ((uintptr_t)1 << 47) - SYS_PAGE;
    const size_t large = (size_t)16 << 20;
    uintptr_t at = SYS_PAGE;
    for (size_t i = 0; i < r->done.count; i++) {
        const struct range *d = &r->done.range[i];
        if (d->end <= at || d->end - d->begin < large)
            continue;
        if (d->begin > at)
            maps_present(at, d->begin, PAGES_OWN, mark_present, r);
        at = d->end;
    }
    maps_present(at, end, PAGES_OWN, mark_present, r);
}

bool roots_mark(struct mark *m, const struct maps *maps, const struct stop *stop)
{
    struct roots r = {.m = m, .maps = maps, .stop = stop};
    roots_mark_blocks(m, false);
    if (!roots_mark_threads(&r))
        return false;
    roots_mark_mappings(&r);
    return true;
}
