/* SPDX-License-Identifier: MIT
 *
 * Owns the store of call stacks.
 *
 *   buckets[hash] -> trace -> trace -> 0          ids are offsets into space.traces, in units of
 *   space.traces: | header pc pc pc | header pc ... |          8 bytes, so an id is its place
 *
 * The idea: a program has few different stacks and many allocations, so finding is lock-free and
 * inserting takes LOCK_TRACES. Traces never move and never go away. When a module is unloaded,
 * traces that name it are retired: a module loaded later at the same address gets new ones, and
 * the retired ones still print with the module as it was (module_time).
 *
 * Runs in malloc, before any other lock. On lack of memory recording stops (log.h). */
#include "trace.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

#include "lock.h"
#include "log.h"
#include "module.h"
#include "space.h"

enum { BUCKET_BITS = 16, ID_FIRST = 16 };

static uint32_t buckets[1 << BUCKET_BITS];
static uintptr_t next_trace;
static size_t count;
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

const struct trace *trace_get(uint32_t id)
{
    return id < ID_FIRST ? NULL : (const struct trace *)(space.traces.begin + (uint64_t)id * 8);
}

size_t trace_count(void)
{
    return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

/* Multilinear hashing (Carter, Wegman, 1979): products that do not wait for one another. */
static uint32_t hash_of(const uintptr_t *pc, size_t frames)
{
    uint64_t factor = 0x9e3779b97f4a7c15u;
    uint64_t h = frames;
    for (size_t i = 0; i < frames; i++, factor += 0x3c6ef372fe94f82au)
        h += pc[i] * factor;
    return (uint32_t)(h >> 32);
}

static uint32_t find(uint32_t id, uint32_t hash, const uintptr_t *pc, size_t frames)
{
    while (id) {
        const struct trace *t = trace_get(id);
        if (t->hash == hash && t->frames == frames &&
            !__atomic_load_n(&t->retired, __ATOMIC_RELAXED) &&
            !memcmp(t->pc, pc, frames * sizeof *pc))
            return id;
        id = t->next;
    }
    return 0;
}

static uint32_t insert_locked(uint32_t *bucket, uint32_t hash, const uintptr_t *pc, size_t frames)
{
    size_t bytes = sizeof(struct trace) + frames * sizeof *pc;
    if (!next_trace)
        next_trace = space.traces.begin + ID_FIRST * 8;
    if (bytes > space.traces.end - next_trace || !space_grow(&space.traces, next_trace + bytes))
        return 0;
    struct trace *t = (struct trace *)next_trace;
    next_trace += bytes;
    t->next = *bucket;
    t->hash = hash;
    t->frames = (uint16_t)frames;
    t->retired = false;
    t->of_loader = frames && trace_in_loader(pc[0]);
    t->module_time = module_now();
    memcpy(t->pc, pc, frames * sizeof *pc);
    count++;
    uint32_t id = (uint32_t)(((uintptr_t)t - space.traces.begin) / 8);
    __atomic_store_n(bucket, id, __ATOMIC_RELEASE);
    return id;
}

uint32_t trace_intern(const uintptr_t *pc, size_t frames)
{
    uint32_t hash = hash_of(pc, frames);
    uint32_t *bucket = &buckets[hash & ((1 << BUCKET_BITS) - 1)];
    uint32_t id = find(__atomic_load_n(bucket, __ATOMIC_ACQUIRE), hash, pc, frames);
    if (id)
        return id;
    lock_take(LOCK_TRACES);
    id = find(*bucket, hash, pc, frames);
    if (!id)
        id = insert_locked(bucket, hash, pc, frames);
    lock_release(LOCK_TRACES);
    if (!id)
        log_stop_recording("no memory for call stacks");
    return id;
}

static struct trace *next_of(const struct trace *t)
{
    uintptr_t at = t ? (uintptr_t)t + sizeof *t + t->frames * sizeof *t->pc
                     : space.traces.begin + ID_FIRST * 8;
    return at < next_trace ? (struct trace *)at : NULL;
}

void trace_retire(uintptr_t begin, uintptr_t end)
{
    lock_take(LOCK_TRACES);
    for (struct trace *t = next_of(NULL); t; t = next_of(t))
        for (size_t i = 0; i < t->frames; i++)
            if (t->pc[i] - begin < end - begin)
                __atomic_store_n(&t->retired, true, __ATOMIC_RELAXED);
    lock_release(LOCK_TRACES);
}

bool trace_any(bool (*test)(const struct trace *, void *), void *arg)
{
    bool found = false;
    lock_take(LOCK_TRACES);
    for (struct trace *t = next_of(NULL); t && !found; t = next_of(t))
        found = test(t, arg);
    lock_release(LOCK_TRACES);
    return found;
}
