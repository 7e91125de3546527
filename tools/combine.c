/* SPDX-License-Identifier: MIT
 *
 * Owns the making of one report from several (combine.h). Modules, frames and sites are numbered as they come
 * (numbers.h, keys.h), so the time is that of reading.
 *
 * A frame keeps the address that it had where it came first. Of times only the first and last birth stay, and what
 * a living program told of its sites goes: it is of one process.
 *
 * Runs in ordinary context. */
#include "combine.h"

#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "mem.h"
#include "numbers.h"

/* Numbers + 1 stand for "this one", 0 for none. */
struct frame_row {
    struct model_frame frame; /* without caller and module */
    size_t caller, module;
};

struct site_row {
    struct model_site site; /* without the stack */
    size_t frame;
};

struct combine {
    struct model *m;
    struct numbers module_numbers;
    struct keys frame_keys, site_keys;
    struct model_module *modules;
    struct frame_row *frames;
    struct site_row *sites;
    size_t module_count, frame_count, site_count;
    size_t module_capacity, frame_capacity, site_capacity;
    size_t process_capacity; /* of m->processes, which is the heap's until the end */
};

static const char *keep(struct model *m, const char *text)
{
    return text ? model_text(m, text, strlen(text)) : NULL;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static void add(struct model_total *total, const struct model_total *more)
{
    total->bytes = plus(total->bytes, more->bytes);
    total->blocks = plus(total->blocks, more->blocks);
}

/* --- Parts of a report ------------------------------------------------------------------------ */

static size_t add_module(struct combine *c, const struct model_module *module)
{
    bool is_new;
    struct numbers_key key = {.text = module->build_id};
    if (!*module->build_id)
        key = (struct numbers_key){1, module->end - module->begin, module->path};
    size_t number = (size_t)numbers_of(&c->module_numbers, key, &is_new);
    if (!is_new)
        return number;
    c->modules = mem_grow(c->modules, number, &c->module_capacity, sizeof(*c->modules));
    c->modules[number] = *module;
    c->modules[number].path = keep(c->m, module->path);
    c->modules[number].build_id = keep(c->m, module->build_id);
    c->module_count = number + 1;
    return number;
}

static void keep_lines(struct model *m, struct model_frame *f)
{
    struct model_line *lines = model_alloc(m, f->line_count, sizeof(*lines));
    for (uint32_t i = 0; i < f->line_count; i++) {
        lines[i] = f->lines[i];
        lines[i].function = keep(m, f->lines[i].function);
        lines[i].file = keep(m, f->lines[i].file);
    }
    f->lines = lines;
}

/* `row` as it is in its process, but with our numbers; its number. */
static size_t add_frame(struct combine *c, struct frame_row *row)
{
    struct model_frame *f = &row->frame;
    bool is_new;
    struct key key = {{row->caller, row->module, model_offset(f), f->is_trampoline}};
    size_t number = keys_of(&c->frame_keys, key, &is_new);
    if (!is_new && (c->frames[number].frame.line_count || !f->line_count))
        return number;
    if (f->line_count)
        keep_lines(c->m, f);
    if (f->module) {
        uint64_t moved = c->modules[row->module - 1].bias - f->module->bias;
        f->pc += moved;
        f->address += moved;
    }
    c->frames = mem_grow(c->frames, number, &c->frame_capacity, sizeof(*c->frames));
    c->frames[number] = *row;
    if (is_new)
        c->frame_count = number + 1;
    return number;
}

/* What two sites of one kind and stack, of different processes, are together. */
static void join(struct model_site *s, const struct model_site *other)
{
    s->bytes = plus(s->bytes, other->bytes);
    s->blocks = plus(s->blocks, other->blocks);
    add(&s->indirect, &other->indirect);
    s->first_ms = s->first_ms < other->first_ms ? s->first_ms : other->first_ms;
    s->last_ms = s->last_ms > other->last_ms ? s->last_ms : other->last_ms;
    s->several_threads = true;
}

static void add_site(struct combine *c, const struct model_site *s, size_t frame)
{
    bool is_new;
    struct key key = {{s->kind, frame, 0, 0}};
    size_t number = keys_of(&c->site_keys, key, &is_new);
    if (!is_new) {
        join(&c->sites[number].site, s);
        return;
    }
    c->sites = mem_grow(c->sites, number, &c->site_capacity, sizeof(*c->sites));
    c->sites[number] = (struct site_row){.frame = frame};
    struct model_site *site = &c->sites[number].site;
    site->kind = s->kind;
    site->bytes = s->bytes;
    site->blocks = s->blocks;
    site->indirect = s->indirect;
    site->first_ms = s->first_ms;
    site->last_ms = s->last_ms;
    site->thread = s->thread;
    site->several_threads = s->several_threads;
    c->site_count = number + 1;
}

/* --- A report --------------------------------------------------------------------------------- */

static void add_stacks(struct combine *c, const struct model *one)
{
    size_t *modules = mem_zeroed(one->module_count, sizeof(*modules));
    size_t *frames = mem_zeroed(one->frame_count, sizeof(*frames));
    for (size_t i = 0; i < one->module_count; i++)
        modules[i] = add_module(c, &one->modules[i]);
    for (size_t i = 0; i < one->frame_count; i++) {
        struct frame_row row = {.frame = one->frames[i]};
        row.caller = row.frame.caller ? frames[row.frame.caller - one->frames] + 1 : 0;
        row.module = row.frame.module ? modules[row.frame.module - one->modules] + 1 : 0;
        frames[i] = add_frame(c, &row);
    }
    for (size_t i = 0; i < one->site_count; i++) {
        const struct model_frame *stack = one->sites[i].stack;
        add_site(c, &one->sites[i], stack ? frames[stack - one->frames] + 1 : 0);
    }
    free(modules);
    free(frames);
}

static void add_process(struct combine *c, const struct model_process *p)
{
    struct model *m = c->m;
    struct model_process *processes = m->processes;
    processes = mem_grow(processes, m->process_count, &c->process_capacity, sizeof(*processes));
    m->processes = processes;
    processes[m->process_count] = *p;
    processes[m->process_count].program = keep(m, p->program);
    processes[m->process_count].host = keep(m, p->host);
    m->process_count++;
}

static void add_processes(struct combine *c, const struct model *one)
{
    struct model_process process = {one->program, one->host, one->pid, one->start_s, one->end_s};
    for (size_t i = 0; i < one->process_count; i++)
        add_process(c, &one->processes[i]);
    if (!one->process_count)
        add_process(c, &process);
}

/* What is shown is what any of them showed. */
static void join_filters(struct model_filter *filter, const struct model_filter *other)
{
    filter->kinds |= other->kinds;
    filter->min_bytes = filter->min_bytes < other->min_bytes ? filter->min_bytes : other->min_bytes;
    filter->min_blocks =
        filter->min_blocks < other->min_blocks ? filter->min_blocks : other->min_blocks;
    if (!other->max_sites || (filter->max_sites && other->max_sites > filter->max_sites))
        filter->max_sites = other->max_sites;
}

static void add_info(struct model *m, const struct model *one, bool is_first)
{
    if (is_first) {
        m->version = keep(m, one->version);
        m->start_s = one->start_s;
        m->filter = one->filter;
    }
    join_filters(&m->filter, &one->filter);
    m->start_s = m->start_s < one->start_s ? m->start_s : one->start_s;
    m->end_s = m->end_s > one->end_s ? m->end_s : one->end_s;
    m->uptime_ms = m->uptime_ms > one->uptime_ms ? m->uptime_ms : one->uptime_ms;
    m->details |= one->details;
    m->is_damaged |= one->is_damaged;
}

struct combine *combine_begin(struct model *ret)
{
    struct combine *c = mem_zeroed(1, sizeof(*c));
    *ret = (struct model){.version = "", .program = "", .host = "", .cause = "merge"};
    c->m = ret;
    return c;
}

void combine_add(struct combine *c, const struct model *one, bool counts_totals)
{
    add_info(c->m, one, !c->m->process_count && !c->site_count);
    add_stacks(c, one);
    if (!counts_totals)
        return;
    add_processes(c, one);
    for (int k = 0; k < MODEL_KINDS; k++)
        add(&c->m->total[k], &one->total[k]);
}

/* --- The end ---------------------------------------------------------------------------------- */

/* By kind, bytes and blocks descending, then in the order of the frames. */
static int compare_sites(const void *left, const void *right)
{
    const struct model_site *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    if (a->blocks != b->blocks)
        return a->blocks > b->blocks ? -1 : 1;
    return a->stack == b->stack ? 0 : a->stack < b->stack ? -1 : 1;
}

static void sort_sites(struct model *m)
{
    if (m->site_count)
        qsort(m->sites, m->site_count, sizeof(*m->sites), compare_sites);
}

static void place_parts(struct combine *c)
{
    struct model *m = c->m;
    m->modules = model_alloc(m, c->module_count, sizeof(*m->modules));
    m->frames = model_alloc(m, c->frame_count, sizeof(*m->frames));
    m->sites = model_alloc(m, c->site_count, sizeof(*m->sites));
    m->module_count = c->module_count;
    m->frame_count = c->frame_count;
    m->site_count = c->site_count;
    for (size_t i = 0; i < c->module_count; i++)
        m->modules[i] = c->modules[i];
    for (size_t i = 0; i < c->frame_count; i++) {
        const struct frame_row *row = &c->frames[i];
        m->frames[i] = row->frame;
        m->frames[i].caller = row->caller ? &m->frames[row->caller - 1] : NULL;
        m->frames[i].module = row->module ? &m->modules[row->module - 1] : NULL;
    }
    for (size_t i = 0; i < c->site_count; i++) {
        const struct site_row *row = &c->sites[i];
        m->sites[i] = row->site;
        m->sites[i].stack = row->frame ? &m->frames[row->frame - 1] : NULL;
    }
    sort_sites(m);
}

/* What the processes have in common stands for them, else their number. */
static const char *in_common(struct model *m, size_t member, const char *word)
{
    const char *common = NULL;
    struct numbers different = {0};
    for (size_t i = 0; i < m->process_count; i++) {
        bool is_new;
        memcpy(&common, (const char *)&m->processes[i] + member, sizeof(common));
        numbers_of(&different, (struct numbers_key){.text = common}, &is_new);
    }
    if (different.count > 1) {
        char *number = mem_format("%zu %s", (size_t)different.count, word);
        common = keep(m, number);
        free(number);
    }
    numbers_done(&different);
    return common ? common : "";
}

static void place_processes(struct model *m)
{
    size_t count = m->process_count;
    struct model_process *processes = m->processes;
    m->processes = model_alloc(m, count, sizeof(*processes));
    if (count)
        memcpy(m->processes, processes, count * sizeof(*processes));
    free(processes);
    m->program = in_common(m, offsetof(struct model_process, program), "programs");
    m->host = in_common(m, offsetof(struct model_process, host), "hosts");
    m->pid = count == 1 ? m->processes->pid : 0;
}

void combine_end(struct combine *c)
{
    place_parts(c);
    place_processes(c->m);
    numbers_done(&c->module_numbers);
    keys_done(&c->frame_keys);
    keys_done(&c->site_keys);
    free(c->modules);
    free(c->frames);
    free(c->sites);
    free(c);
}

/* --- By names --------------------------------------------------------------------------------- */

static uint64_t number_line(struct numbers *texts, const struct model_line *line)
{
    bool is_new;
    char *text =
        mem_format("%s\n%s", line->function ? line->function : "", line->file ? line->file : "");
    struct numbers_key key = {(uint64_t)line->line << 32 | line->column, 0, text};
    uint64_t number = numbers_of(texts, key, &is_new);
    free(text);
    return number;
}

/* For each frame a number + 1 that those have that read the same, out to the last caller. To be freed. */
static size_t *number_stacks(const struct model *m)
{
    enum { NAMELESS, NAMED };
    size_t *ids = mem_zeroed(m->frame_count, sizeof(*ids));
    struct numbers texts = {0};
    struct keys stacks = {0};
    bool is_new;
    for (size_t i = 0; i < m->frame_count; i++) {
        const struct model_frame *f = &m->frames[i];
        size_t id = f->caller ? ids[f->caller - m->frames] : 0;
        uint64_t module = f->module ? (uint64_t)(f->module - m->modules) + 1 : 0;
        if (!f->line_count)
            id = keys_of(&stacks, (struct key){{id, NAMELESS, module, model_offset(f)}}, &is_new) +
                 1;
        for (uint32_t j = f->line_count; j-- > 0;) {
            uint64_t text = number_line(&texts, &f->lines[j]);
            id = keys_of(&stacks, (struct key){{id, NAMED, text, 0}}, &is_new) + 1;
        }
        ids[i] = id;
    }
    numbers_done(&texts);
    keys_done(&stacks);
    return ids;
}

void combine_names(struct model *m)
{
    size_t *ids = number_stacks(m);
    struct keys known = {0};
    size_t count = 0;
    for (size_t i = 0; i < m->site_count; i++) {
        const struct model_site *s = &m->sites[i];
        bool is_new;
        size_t id = s->stack ? ids[s->stack - m->frames] : 0;
        size_t number = keys_of(&known, (struct key){{s->kind, id, 0, 0}}, &is_new);
        if (is_new)
            m->sites[count++] = *s;
        else
            join(&m->sites[number], s);
    }
    m->site_count = count;
    sort_sites(m);
    keys_done(&known);
    free(ids);
}
