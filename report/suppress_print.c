/* SPDX-License-Identifier: MIT
 *
 * Owns the words about suppressions: LeakSanitizer's table of those that were used, Valgrind's form of
 * new ones. Runs in ordinary context. */
#include "suppress_print.h"

#include <string.h>

#include "../preload/log.h"
#include "../preload/options.h"

void suppress_print_used(struct sink *out, const struct suppressions *list)
{
    static const char line[] = "-----------------------------------------------------";
    size_t used = 0;
    for (size_t i = 0; i < list->count; i++)
        used += list->item[i].blocks > 0;
    if (!used || !options.print_suppressions)
        return;
    sink_print(out, "%s\nSuppressions used:\n  count      bytes template\n", line);
    for (size_t i = 0; i < list->count; i++) {
        const struct suppression *s = &list->item[i];
        if (s->blocks)
            sink_print(out, "%7zu %10zu %s\n", s->blocks, s->bytes, s->name);
    }
    sink_print(out, "%s\n\n", line);
}

void suppress_tell_unused(const struct suppressions *list)
{
    if (options.print_suppressions < 2 && !options.verbose)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (!list->item[i].used)
            log_say("suppression not used: %s (%s:%u)", list->item[i].name, list->item[i].file,
                    list->item[i].line);
}

/* --- New ones ------------------------------------------------------------------------------------ */

struct generation {
    struct sink *out;
    size_t frames;
    const char *first; /* the innermost function that has a name */
};

static const char *name_of(const struct symbols_frame *f)
{
    return f->linkage ? f->linkage : f->function;
}

static bool find_first(const struct symbols_frame *f, void *arg)
{
    struct generation *g = arg;
    g->first = f->function;
    return !g->first;
}

/* Valgrind's stacks begin with malloc itself, and in C++ with operator new, where ours do too. */
static bool print_frame(const struct symbols_frame *f, void *arg)
{
    struct generation *g = arg;
    const char *name = name_of(f);
    if (!g->frames++ && (!name || strncmp(name, "_Zn", 3) != 0))
        sink_print(g->out, "   fun:*alloc*\n");
    if (name)
        sink_print(g->out, "   fun:%s\n", name);
    else
        sink_print(g->out, "   obj:%s\n", f->module ? f->module : "*");
    return !f->function || strcmp(f->function, "main") != 0;
}

void suppress_generate(struct sink *out, const struct symbols *symbols, const struct site *s)
{
    struct generation g = {.out = out};
    symbols_visit(symbols, s->key.trace, find_first, &g);
    if (!s->key.trace)
        return;
    sink_print(out, "{\n   leak from %s\n   Memcheck:Leak\n   match-leak-kinds: %s\n",
               g.first ? g.first : "code without names", loss_kind_name(s->key.kind));
    symbols_visit(symbols, s->key.trace, print_frame, &g);
    sink_print(out, "}\n");
}
