/* SPDX-License-Identifier: MIT
 *
 * Owns the format pprof: profile.proto, compressed with gzip. A sample for each site; its values are what is
 * leaked (definitely or indirectly lost) and what is there at all. Modules have their build ids; those whose
 * names were not found are left for pprof to name.
 *
 * A message of protobuf is the sequence of its fields, so the profile is written as many small profiles, one
 * after another: a reader sees one, and memory does not grow with it.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "gzip.h"
#include "mem.h"
#include "numbers.h"
#include "place.h"
#include "tools/profile.pb-c.h"
#include "utf8.h"

enum { VALUES = 4 };

struct writer {
    ProtobufCBuffer buffer; /* first: the callback is given this */
    struct gzip *gzip;
    const struct model *m;
    struct numbers texts, functions, locations;
    struct found {
        bool functions, files, lines, inlined;
    } * found; /* of each module, in what was written */
};

static void append(ProtobufCBuffer *buffer, size_t bytes, const uint8_t *data)
{
    gzip_write(((struct writer *)(void *)buffer)->gzip, data, bytes);
}

static void put(struct writer *w, const Leakgc__Profile *part)
{
    leakgc__profile__pack_to_buffer(part, &w->buffer);
}

static int64_t limit(uint64_t number, uint64_t factor)
{
    return number > INT64_MAX / factor ? INT64_MAX : (int64_t)(number * factor);
}

/* --- Texts and functions ---------------------------------------------------------------------- */

/* The number of a text in the string table. */
static int64_t put_text(struct writer *w, const char *text)
{
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    char *printable = utf8_printable(text);
    bool is_new;
    uint64_t number = numbers_of(&w->texts, (struct numbers_key){.text = printable}, &is_new);
    part.n_string_table = 1;
    part.string_table = &printable;
    if (is_new)
        put(w, &part);
    free(printable);
    return (int64_t)number;
}

static uint64_t put_function(struct writer *w, const struct model_line *line)
{
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    Leakgc__Function function = LEAKGC__FUNCTION__INIT, *list = &function;
    function.name = function.system_name = put_text(w, line->function ? line->function : "??");
    function.filename = put_text(w, line->file ? line->file : "");
    struct numbers_key key = {(uint64_t)function.name, (uint64_t)function.filename, ""};
    bool is_new;
    function.id = numbers_of(&w->functions, key, &is_new) + 1;
    part.n_function = 1;
    part.function = &list;
    if (is_new)
        put(w, &part);
    return function.id;
}

/* --- Locations -------------------------------------------------------------------------------- */

static void note_found(struct writer *w, const struct model_frame *f)
{
    if (!f->module)
        return;
    struct found *found = &w->found[f->module - w->m->modules];
    found->inlined |= f->line_count > 1;
    for (uint32_t i = 0; i < f->line_count; i++) {
        found->functions |= f->lines[i].function != NULL;
        found->files |= f->lines[i].file != NULL;
        found->lines |= f->lines[i].line != 0;
    }
}

static void put_lines(struct writer *w, const struct model_frame *f, Leakgc__Location *location)
{
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    Leakgc__Line *lines = mem_zeroed(f->line_count, sizeof(*lines));
    Leakgc__Line **list = mem_zeroed(f->line_count, sizeof(*list));
    for (uint32_t i = 0; i < f->line_count; i++) {
        list[i] = &lines[i];
        lines[i] = (Leakgc__Line)LEAKGC__LINE__INIT;
        lines[i].function_id = put_function(w, &f->lines[i]);
        lines[i].line = f->lines[i].line;
        lines[i].column = f->lines[i].column;
    }
    location->n_line = f->line_count;
    location->line = list;
    part.n_location = 1;
    part.location = &location;
    put(w, &part);
    free(list);
    free(lines);
}

/* pprof drops samples without a stack. */
static const struct model_frame no_stack = {
    .lines = &(struct model_line){.function = "[no stack]"},
    .line_count = 1,
};

static uint64_t put_location(struct writer *w, const struct model_frame *f)
{
    Leakgc__Location location = LEAKGC__LOCATION__INIT;
    location.mapping_id = f->module ? (uint64_t)(f->module - w->m->modules) + 1 : 0;
    location.address = f->address;
    struct numbers_key key = {location.mapping_id, location.address, ""};
    bool is_new;
    location.id = numbers_of(&w->locations, key, &is_new) + 1;
    if (is_new) {
        put_lines(w, f, &location);
        note_found(w, f);
    }
    return location.id;
}

/* --- Samples ---------------------------------------------------------------------------------- */

static void put_types(struct writer *w)
{
    static const char *const types[VALUES][2] = {{"leaked_objects", "count"},
                                                 {"leaked_space", "bytes"},
                                                 {"inuse_objects", "count"},
                                                 {"inuse_space", "bytes"}};
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    Leakgc__ValueType values[VALUES], *list[VALUES];
    for (int i = 0; i < VALUES; i++) {
        list[i] = &values[i];
        values[i] = (Leakgc__ValueType)LEAKGC__VALUE_TYPE__INIT;
        values[i].type = put_text(w, types[i][0]);
        values[i].unit = put_text(w, types[i][1]);
    }
    part.n_sample_type = VALUES;
    part.sample_type = list;
    part.default_sample_type = put_text(w, "leaked_space");
    put(w, &part);
}

static void put_site(struct writer *w, const struct model_site *s)
{
    bool is_leaked = s->kind == MODEL_DEFINITE || s->kind == MODEL_INDIRECT;
    int64_t blocks = limit(s->blocks, 1), bytes = limit(s->bytes, 1);
    int64_t values[VALUES] = {is_leaked ? blocks : 0, is_leaked ? bytes : 0, blocks, bytes};
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    Leakgc__Sample sample = LEAKGC__SAMPLE__INIT, *samples = &sample;
    Leakgc__Label label = LEAKGC__LABEL__INIT, *labels = &label;
    label.key = put_text(w, "kind");
    label.str = put_text(w, model_kind_name(s->kind));
    const struct model_frame *stack = s->stack ? s->stack : &no_stack;
    size_t depth = 0;
    for (const struct model_frame *f = stack; f; f = f->caller)
        depth++;
    sample.location_id = mem_zeroed(depth, sizeof(*sample.location_id));
    for (const struct model_frame *f = stack; f; f = f->caller)
        sample.location_id[sample.n_location_id++] = put_location(w, f);
    sample.n_value = VALUES;
    sample.value = values;
    sample.n_label = 1;
    sample.label = &labels;
    part.n_sample = 1;
    part.sample = &samples;
    put(w, &part);
    free(sample.location_id);
}

/* --- Modules ---------------------------------------------------------------------------------- */

static void put_module(struct writer *w, size_t number)
{
    const struct model_module *module = &w->m->modules[number];
    const struct found *found = &w->found[number];
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    Leakgc__Mapping mapping = LEAKGC__MAPPING__INIT, *list = &mapping;
    mapping.id = number + 1;
    mapping.memory_start = module->begin;
    mapping.memory_limit = module->end;
    mapping.filename = put_text(w, module->path);
    mapping.build_id = put_text(w, module->build_id);
    mapping.has_functions = found->functions;
    mapping.has_filenames = found->files;
    mapping.has_line_numbers = found->lines;
    mapping.has_inline_frames = found->inlined;
    part.n_mapping = 1;
    part.mapping = &list;
    put(w, &part);
}

/* pprof takes the first for the program. */
static void put_modules(struct writer *w)
{
    size_t first = 0;
    while (first < w->m->module_count && strcmp(w->m->modules[first].path, w->m->program) != 0)
        first++;
    if (first < w->m->module_count)
        put_module(w, first);
    for (size_t i = 0; i < w->m->module_count; i++)
        if (i != first)
            put_module(w, i);
}

/* --- The profile ------------------------------------------------------------------------------ */

static void put_report(struct writer *w)
{
    Leakgc__Profile part = LEAKGC__PROFILE__INIT;
    part.time_nanos = limit(w->m->end_s, 1000000000);
    part.duration_nanos = limit(w->m->uptime_ms, 1000000);
    part.n_comment = w->m->doubt_count;
    part.comment = mem_zeroed(w->m->doubt_count, sizeof(*part.comment));
    for (size_t i = 0; i < w->m->doubt_count; i++) {
        char *text = mem_format("incomplete: %s", w->m->doubts[i]);
        part.comment[i] = put_text(w, text);
        free(text);
    }
    put(w, &part);
    free(part.comment);
}

static int write_pprof(const struct model *m, FILE *out, const struct format_options *options)
{
    struct writer w = {.buffer.append = append, .gzip = gzip_begin(out), .m = m};
    (void)options;
    w.found = mem_zeroed(m->module_count, sizeof(*w.found));
    put_text(&w, ""); /* has the number 0 */
    put_types(&w);
    put_report(&w);
    for (size_t i = 0; i < m->shown_count; i++)
        put_site(&w, m->shown[i]);
    put_modules(&w);
    numbers_done(&w.texts);
    numbers_done(&w.functions);
    numbers_done(&w.locations);
    free(w.found);
    return gzip_end(w.gzip);
}

const struct format pprof_format = {
    .name = "pprof",
    .suffix = ".gz",
    .write = write_pprof,
};
