/* SPDX-License-Identifier: MIT
 *
 * Owns the question whether a stack meets a suppression.
 *
 * LeakSanitizer's pattern has to be part of the name of the function, of the file or of the module of any
 * frame. So the first of them that a frame meets is a property of the frame.
 *
 * Valgrind's patterns stand for the innermost frames one after the other, `...` for any number. Stacks
 * here begin with the caller of malloc, Valgrind's with malloc itself: if the first pattern is met by a
 * name of the malloc family, it may stand for that.
 *
 * Stacks have most of their frames in common. What was found out about a frame is kept by its number, two bits
 * for each pattern: "known" and "meets". So there are frames times patterns comparisons of texts at most,
 * and the rest is looking at bits.
 *
 * Runs in ordinary context; scratch memory. Without memory for the bits it is slower, and right. */
#include "suppress_match.h"

#include <string.h>

#include "glob.h"
#include "table.h"

enum { PATTERNS_IN_WORD = 32 };
static const size_t known_bytes_most = (size_t)256 << 20;
#define MEETS_NONE UINT32_MAX

void matcher_init(struct matcher *m, const struct suppressions *list, uint32_t frames)
{
    *m = (struct matcher){.list = list, .frames = frames};
    m->row = list->patterns / PATTERNS_IN_WORD + 1;
    if (!frames)
        return;
    if (m->row <= known_bytes_most / sizeof(uint64_t) / frames)
        m->known = scratch_alloc(frames * m->row * sizeof(uint64_t));
    m->first = scratch_alloc(frames * sizeof *m->first);
}

/* --- One frame ---------------------------------------------------------------------------------- */

static bool is_met(const struct pattern *p, const char *text)
{
    return text && glob_matches(p->glob, text, p->flags);
}

/* The whole path, or what is behind its last slash. */
static bool is_met_by_file(const struct pattern *p, const struct symbols_frame *f)
{
    const char *slash = f->file ? strrchr(f->file, '/') : NULL;
    if (p->line && p->line != f->line)
        return false;
    return is_met(p, f->file) || (slash && is_met(p, slash + 1));
}

static bool compare(const struct pattern *p, const struct symbols_frame *f)
{
    switch (p->kind) {
    case PATTERN_FUN:
        return is_met(p, f->linkage) || is_met(p, f->function);
    case PATTERN_OBJ:
        return is_met(p, f->module);
    case PATTERN_SRC:
        return is_met_by_file(p, f);
    default:
        return is_met(p, f->module) || is_met(p, f->function) || is_met(p, f->linkage) ||
               is_met(p, f->file);
    }
}

static bool meets(const struct matcher *m, const struct pattern *p, const struct symbols_frame *f)
{
    if (!m->known || f->id >= m->frames)
        return compare(p, f);
    uint64_t *word = &m->known[f->id * m->row + p->id / PATTERNS_IN_WORD];
    unsigned shift = 2 * (p->id % PATTERNS_IN_WORD);
    if (!(*word >> shift & 1))
        *word |= (uint64_t)(compare(p, f) ? 3 : 1) << shift;
    return *word >> shift & 2;
}

static uint32_t find_first_leak(const struct suppressions *list, const struct symbols_frame *f)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].pattern->kind == PATTERN_LEAK && compare(list->item[i].pattern, f))
            return (uint32_t)i + 1;
    return MEETS_NONE;
}

static uint32_t first_leak(const struct matcher *m, const struct symbols_frame *f)
{
    if (!m->first || f->id >= m->frames)
        return find_first_leak(m->list, f);
    if (!m->first[f->id])
        m->first[f->id] = find_first_leak(m->list, f);
    return m->first[f->id];
}

/* --- A stack ------------------------------------------------------------------------------------- */

/* Later frames only get fewer: so `...` may take as few as it can. */
static bool follow(const struct matcher *m, const struct pattern *p, const struct pattern *end,
                   const struct stack *s)
{
    const struct pattern *after_rest = NULL;
    size_t resume = 0;
    size_t at = 0;
    while (p < end) {
        if (p->kind == PATTERN_REST) {
            after_rest = ++p;
            resume = at;
        } else if (at == s->count) {
            return false;
        } else if (meets(m, p, &s->frame[at])) {
            p++;
            at++;
        } else if (after_rest) {
            p = after_rest;
            at = ++resume;
        } else {
            return false;
        }
    }
    return true;
}

/* Whether the pattern may be the frame of malloc, or of Valgrind's own library that has it. */
static bool is_of_malloc(const struct pattern *p)
{
    static const char *const names[] = {"malloc",
                                        "calloc",
                                        "realloc",
                                        "memalign",
                                        "posix_memalign",
                                        "aligned_alloc",
                                        "valloc",
                                        "pvalloc",
                                        "reallocarray",
                                        "_Znwm",
                                        "_Znam",
                                        "operator new(unsigned long)",
                                        "operator new[](unsigned long)"};
    if (p->kind == PATTERN_OBJ)
        return is_met(p, "/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so");
    for (size_t i = 0; p->kind == PATTERN_FUN && i < sizeof names / sizeof *names; i++)
        if (is_met(p, names[i]))
            return true;
    return false;
}

static bool stack_meets(const struct matcher *m, const struct suppression *s,
                        const struct stack *stack)
{
    const struct pattern *end = s->pattern + s->count;
    return follow(m, s->pattern, end, stack) ||
           (s->count > 1 && is_of_malloc(s->pattern) && follow(m, s->pattern + 1, end, stack));
}

long matcher_find(const struct matcher *m, const struct stack *s, enum loss_kind kind)
{
    uint32_t leak = MEETS_NONE;
    for (size_t i = 0; i < s->count && kind != LOSS_REACHABLE; i++) { /* they are about leaks */
        uint32_t first = first_leak(m, &s->frame[i]);
        leak = first < leak ? first : leak;
    }
    for (size_t i = 0; i < m->list->count && i + 1 <= leak; i++) {
        const struct suppression *one = &m->list->item[i];
        if (!(one->kinds >> kind & 1))
            continue;
        if (i + 1 == leak || (one->pattern->kind != PATTERN_LEAK && stack_meets(m, one, s)))
            return (long)i;
    }
    return -1;
}

/* --- Without names -------------------------------------------------------------------------------- */

bool suppress_needs_names(const struct suppressions *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->item[i].count; k++)
            if (list->item[i].pattern[k].kind != PATTERN_OBJ &&
                list->item[i].pattern[k].kind != PATTERN_REST)
                return true;
    return false;
}

long suppress_find_module(const struct suppressions *list, const char *path)
{
    const struct symbols_frame f = {.module = path, .id = SYMBOLS_NO_ID};
    uint32_t first = find_first_leak(list, &f);
    return first == MEETS_NONE ? -1 : (long)first - 1;
}
