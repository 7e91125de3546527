/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of a report, the signatures of its sites, and which of them are shown.
 *
 * Runs in ordinary context. */
#include "model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* --- Memory ----------------------------------------------------------------------------------- */

enum { CHUNK_BYTES = 64 << 10 };

struct model_chunk {
    struct model_chunk *next;
    size_t used, bytes;
    _Alignas(16) char data[];
};

void *model_alloc(struct model *m, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return mem_zeroed(SIZE_MAX, SIZE_MAX); /* says so and ends */
    bytes = (bytes + 15) & ~(size_t)15;
    if (!m->chunks || m->chunks->bytes - m->chunks->used < bytes) {
        size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        struct model_chunk *chunk = mem_zeroed(1, sizeof(*chunk) + room);
        chunk->next = m->chunks;
        chunk->bytes = room;
        m->chunks = chunk;
    }
    void *p = m->chunks->data + m->chunks->used;
    m->chunks->used += bytes;
    return p;
}

char *model_text(struct model *m, const char *text, size_t bytes)
{
    char *copy = model_alloc(m, bytes + 1, 1);
    memcpy(copy, text, bytes);
    return copy;
}

/* A list of `count` texts with one more; it has room for a power of 2. */
static const char **append(struct model *m, const char **list, size_t count, const char *text)
{
    if ((count & (count - 1)) == 0) {
        const char **longer = model_alloc(m, count ? 2 * count : 1, sizeof(*longer));
        if (count)
            memcpy(longer, list, count * sizeof(*longer));
        list = longer;
    }
    list[count] = model_text(m, text, strlen(text));
    return list;
}

void model_add_doubt(struct model *m, const char *text)
{
    m->doubts = append(m, m->doubts, m->doubt_count, text);
    m->doubt_count++;
}

void model_add_argument(struct model *m, const char *text)
{
    m->arguments = append(m, m->arguments, m->argument_count, text);
    m->argument_count++;
}

void model_done(struct model *m)
{
    for (struct model_chunk *chunk = m->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *m = (struct model){0};
}

/* --- Words ------------------------------------------------------------------------------------ */

static const char *const kind_names[MODEL_KINDS] = {"definite", "indirect", "possible", "reachable",
                                                    "suppressed"};

const char *model_kind_name(enum model_kind kind)
{
    return kind_names[kind];
}

static int parse_kind(const char *word, size_t length, uint32_t *kinds)
{
    if (length == 3 && strncmp(word, "all", 3) == 0) {
        *kinds |= (1u << MODEL_SUPPRESSED) - 1;
        return 0;
    }
    for (int k = 0; k < MODEL_KINDS; k++)
        if (strlen(kind_names[k]) == length && strncmp(word, kind_names[k], length) == 0) {
            *kinds |= 1u << k;
            return 0;
        }
    return -EINVAL;
}

int model_kinds_parse(const char *text, uint32_t *ret_kinds)
{
    *ret_kinds = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        int result = parse_kind(text, length, ret_kinds);
        if (result != 0 || !text[length])
            return result;
        text += length + 1;
    }
}

uint64_t model_offset(const struct model_frame *f)
{
    return f->pc - (f->module ? f->module->bias : 0);
}

const char *model_basename(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool model_is_c_library(const struct model_frame *f)
{
    static const char *const names[] = {"libc.so.", "libc-", "libpthread", "ld-linux"};
    const char *name = f->module ? model_basename(f->module->path) : "";
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* --- Signatures ------------------------------------------------------------------------------- */

/* Fowler, Noll and Vo's hash, 64 bits, form 1a; a NUL ends each text. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (;; text++) {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
        if (!*text)
            return hash;
    }
}

static bool is_function(const struct model_frame *f, const char *name)
{
    const char *outer = f->line_count ? f->lines[f->line_count - 1].function : NULL;
    return outer && strcmp(outer, name) == 0;
}

/* The first frame that does not count any more: below main, or of the C runtime to the end. */
static const struct model_frame *find_end(const struct model_frame *stack)
{
    const struct model_frame *end = NULL;
    bool in_runtime = false;
    for (const struct model_frame *f = stack; f; f = f->caller) {
        bool is_runtime = f != stack && (model_is_c_library(f) || is_function(f, "_start"));
        if (is_runtime && !in_runtime)
            end = f;
        in_runtime = is_runtime;
        if (is_function(f, "main"))
            return f->caller;
    }
    return in_runtime ? end : NULL;
}

static uint64_t hash_nameless(uint64_t hash, const struct model_frame *f)
{
    char offset[32];
    snprintf(offset, sizeof(offset), "+%" PRIx64, f->module ? model_offset(f) : 0);
    hash = hash_text(hash, f->module ? model_basename(f->module->path) : "");
    return hash_text(hash, offset);
}

#define NO_TEXT 0xcbf29ce484222325u

static uint64_t hash_stack(uint64_t hash, const struct model_frame *stack)
{
    const struct model_frame *end = find_end(stack);
    size_t signed_count = 0;
    for (const struct model_frame *f = stack; f != end; f = f->caller) {
        size_t count = f->line_count ? f->line_count : 1;
        for (size_t i = 0; i < count; i++) {
            if (signed_count++ == MODEL_SIGNED)
                return hash;
            const char *name = f->line_count ? f->lines[i].function : NULL;
            hash = name ? hash_text(hash, name) : hash_nameless(hash, f);
        }
    }
    return hash;
}

static uint64_t sign(const struct model_site *s)
{
    return hash_stack(hash_text(NO_TEXT, model_kind_name(s->kind)), s->stack);
}

void model_sign(struct model *m)
{
    for (size_t i = 0; i < m->shown_count; i++)
        m->sites[m->shown[i] - m->sites].signature = sign(m->shown[i]);
}

uint64_t model_stack_signature(const struct model_frame *stack)
{
    return hash_stack(NO_TEXT, stack);
}

/* --- What is shown ---------------------------------------------------------------------------- */

static void add(struct model_total *total, const struct model_site *s)
{
    total->bytes += s->bytes;
    total->blocks += s->blocks;
}

void model_select(struct model *m, const struct model_filter *filter)
{
    m->shown = model_alloc(m, m->site_count, sizeof(*m->shown));
    m->shown_count = m->below_sites = m->beyond_sites = 0;
    m->shown_total = m->below = m->beyond = (struct model_total){0};
    for (size_t i = 0; i < m->site_count; i++) {
        const struct model_site *s = &m->sites[i];
        if (!(filter->kinds >> s->kind & 1))
            continue;
        if (s->bytes < filter->min_bytes || s->blocks < filter->min_blocks) {
            add(&m->below, s);
            m->below_sites++;
            continue;
        }
        add(&m->shown_total, s);
        if (filter->max_sites && m->shown_count >= filter->max_sites) {
            add(&m->beyond, s);
            m->beyond_sites++;
        } else {
            m->shown[m->shown_count++] = s;
        }
    }
}
