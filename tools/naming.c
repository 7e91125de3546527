/* SPDX-License-Identifier: MIT
 *
 * Owns the way from the addresses of a report to names: a request to the symbolizer (watch.h) with each
 * address once, and its answers, taken apart.
 *
 * Runs in ordinary context. */
#include "naming.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "mem.h"
#include "modfile.h"
#include "request.h"
#include "watch.h"

struct asking {
    struct model *m;
    struct model_frame **frames; /* to be named, by module and address */
    size_t count;
};

/* --- Asking ----------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const struct model_frame *a = *(struct model_frame *const *)left;
    const struct model_frame *b = *(struct model_frame *const *)right;
    if (a->module != b->module)
        return a->module < b->module ? -1 : 1;
    return a->address == b->address ? 0 : a->address < b->address ? -1 : 1;
}

static bool is_same(const struct asking *asking, size_t i)
{
    return i > 0 && compare(&asking->frames[i - 1], &asking->frames[i]) == 0;
}

static void collect(struct asking *asking)
{
    struct model *m = asking->m;
    bool *was_seen = mem_zeroed(m->frame_count, sizeof(*was_seen));
    asking->frames = mem_zeroed(m->frame_count, sizeof(*asking->frames));
    for (size_t i = 0; i < m->shown_count; i++)
        for (const struct model_frame *f = m->shown[i]->stack; f && !was_seen[f - m->frames];
             f = f->caller) {
            was_seen[f - m->frames] = true;
            if (f->module && !f->line_count)
                asking->frames[asking->count++] = &m->frames[f - m->frames];
        }
    free(was_seen);
    if (asking->count)
        qsort(asking->frames, asking->count, sizeof(*asking->frames), compare);
}

static void set_build_id(struct request_module *module, const char *hex)
{
    module->build_id_bytes = strlen(hex) / 2;
    if (!module->build_id_bytes)
        return;
    module->build_id = mem_zeroed(module->build_id_bytes, 1);
    for (size_t i = 0; i < module->build_id_bytes; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        module->build_id[i] = (uint8_t)byte;
    }
}

struct missing {
    size_t count;
    const char *first;
};

static void tell_other(const struct model_module *module, const char *who)
{
    fprintf(stderr, "%s: ", who);
    format_put_clean(stderr, module->path);
    fputs(": the file here is another one than the process had loaded (its build id differs); no "
          "names from it\n",
          stderr);
}

static void tell_missing(const struct missing *missing, const char *who)
{
    bool several = missing->count > 1;
    if (!missing->count)
        return;
    fprintf(stderr, "%s: no file for %zu module%s (%s", who, missing->count, several ? "s" : "",
            several ? "such as " : "");
    format_put_clean(stderr, missing->first);
    fputs("); see --sysroot and --debug-path\n", stderr);
}

static void add_module(struct request *request, size_t number, struct model_module *module,
                       const struct naming *naming, const char *who, struct missing *missing)
{
    struct request_module *asked = &request->modules[number];
    asked->start = module->begin;
    asked->end = module->end;
    asked->bias = module->bias;
    asked->path = modfile_find(module, naming->sysroot, naming->debug_path);
    set_build_id(asked, module->build_id);
    if (module->names == NAMES_OTHER_FILE)
        tell_other(module, who);
    else if (module->names == NAMES_NO_FILE && *module->path == '/' && !missing->count++)
        missing->first = module->path;
}

/* Modules of which a frame is to be named; the others stay empty. */
static void add_modules(const struct asking *asking, struct request *request,
                        const struct naming *naming, const char *who)
{
    struct model *m = asking->m;
    struct missing missing = {0};
    request->modules = mem_zeroed(m->module_count, sizeof(*request->modules));
    request->module_count = m->module_count;
    for (size_t i = 0; i < asking->count; i++) {
        size_t number = (size_t)(asking->frames[i]->module - m->modules);
        if (i == 0 || asking->frames[i - 1]->module != asking->frames[i]->module)
            add_module(request, number, &m->modules[number], naming, who, &missing);
    }
    tell_missing(&missing, who);
}

static void add_pcs(const struct asking *asking, struct request *request)
{
    request->pcs = mem_zeroed(asking->count, sizeof(*request->pcs));
    for (size_t i = 0; i < asking->count; i++) {
        const struct model_frame *f = asking->frames[i];
        size_t number = (size_t)(f->module - asking->m->modules);
        struct request_pc *pc = &request->pcs[request->pc_count];
        if (is_same(asking, i))
            continue;
        request->pc_count++;
        pc->module = request->modules[number].path ? (uint32_t)number : REQUEST_NO_MODULE;
        pc->addr = f->address;
    }
}

/* --- Answers ---------------------------------------------------------------------------------- */

/* Cuts a field off at the tab, NULL when it is `-` or there is none. */
static const char *next_field(char **rest)
{
    char *field = *rest;
    char *tab = field ? strchr(field, '\t') : NULL;
    if (tab)
        *tab = 0;
    *rest = tab ? tab + 1 : NULL;
    return field && strcmp(field, "-") != 0 ? field : NULL;
}

static const char *keep(struct model *m, const char *text)
{
    return text ? model_text(m, text, strlen(text)) : NULL;
}

static uint32_t to_number(const char *text)
{
    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/* `f<TAB>FUNCTION<TAB>FILE<TAB>LINE<TAB>COLUMN` */
static void take_line(struct model *m, struct model_line *line, char *text)
{
    char *rest = text + 2;
    line->function = keep(m, next_field(&rest));
    line->file = keep(m, next_field(&rest));
    line->line = to_number(next_field(&rest));
    line->column = to_number(next_field(&rest));
}

static void take_block(struct model *m, struct model_frame *f, char **lines, size_t count)
{
    f->lines = model_alloc(m, count, sizeof(*f->lines));
    for (size_t i = 0; i < count; i++)
        take_line(m, &f->lines[i], lines[i]);
    f->line_count = (uint32_t)count;
    if (count == 1 && !f->lines->function && !f->lines->file)
        f->line_count = 0;
}

static void take_answers(const struct asking *asking, char *text)
{
    char **lines = NULL;
    size_t count = 0, capacity = 0, next = 0;
    for (char *line = text, *end; next < asking->count && (end = strchr(line, '\n'));
         line = end + 1) {
        *end = 0;
        if (strncmp(line, "f\t", 2) == 0) {
            lines = mem_grow(lines, count, &capacity, sizeof(*lines));
            lines[count++] = line;
        } else if (strcmp(line, ".") == 0) {
            struct model_frame *first = asking->frames[next];
            take_block(asking->m, first, lines, count);
            for (next++; next < asking->count && is_same(asking, next); next++) {
                asking->frames[next]->lines = first->lines;
                asking->frames[next]->line_count = first->line_count;
            }
            count = 0;
        }
    }
    free(lines);
}

void naming_resolve(struct model *m, const struct naming *naming, const char *who)
{
    struct asking asking = {.m = m};
    struct request request = {0};
    char *text = NULL;
    size_t bytes = 0;
    collect(&asking);
    add_modules(&asking, &request, naming, who);
    add_pcs(&asking, &request);
    FILE *answers = open_memstream(&text, &bytes);
    if (answers && request.pc_count) {
        int result = watch_answers(&request, naming->debug_path, naming->timeout_seconds, answers);
        if (result != 0)
            fprintf(stderr, "%s: finding names: %s\n", who, strerror(-result));
    }
    if (answers && fclose(answers) == 0)
        take_answers(&asking, text);
    free(text);
    free(asking.frames);
    request_done(&request);
}
