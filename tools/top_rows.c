/* SPDX-License-Identifier: MIT
 *
 * Owns what `leakgc top` remembers of call stacks. A stack is known again by its return addresses; blocks of all
 * kinds that it allocated are one row.
 *
 * Names cost much more than numbers, so they are found once, and only for rows that are shown.
 *
 * Runs in ordinary context. */
#include "top_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "html.h"
#include "mem.h"
#include "place.h"
#include "utf8.h"

/* FNV-1a. */
static uint64_t id_of(const struct model_site *s)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (const struct model_frame *f = s->stack; f; f = f->caller) {
        hash = (hash ^ f->pc) * 0x100000001b3;
        hash = (hash ^ (f->module ? f->module->loaded : 0)) * 0x100000001b3;
    }
    return hash;
}

static size_t *find_slot(const struct top_rows *rows, uint64_t id)
{
    size_t at = id % rows->slot_count;
    while (rows->slot[at] && rows->row[rows->slot[at] - 1]->id != id)
        at = (at + 1) % rows->slot_count;
    return &rows->slot[at];
}

static void make_room(struct top_rows *rows)
{
    if (rows->count < rows->slot_count / 2)
        return;
    free(rows->slot);
    rows->slot_count = rows->slot_count * 2 + 1021;
    rows->slot = mem_zeroed(rows->slot_count, sizeof(*rows->slot));
    for (size_t i = 0; i < rows->count; i++)
        *find_slot(rows, rows->row[i]->id) = i + 1;
}

static struct top_row *row_of(struct top_rows *rows, uint64_t id)
{
    make_room(rows);
    size_t *slot = find_slot(rows, id);
    if (*slot)
        return rows->row[*slot - 1];
    rows->row = mem_grow(rows->row, rows->count, &rows->capacity, sizeof(struct top_row *));
    struct top_row *row = mem_zeroed(1, sizeof(*row));
    row->id = id;
    rows->row[rows->count++] = row;
    *slot = rows->count;
    return row;
}

void top_rows_update(struct top_rows *rows, const struct model *m)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct top_row *row = rows->row[i];
        row->bytes = row->blocks = row->lost = 0;
        row->site = NULL;
    }
    for (size_t i = 0; i < m->site_count; i++) {
        const struct model_site *s = &m->sites[i];
        struct top_row *row = row_of(rows, id_of(s));
        row->bytes += s->bytes;
        row->blocks += s->blocks;
        row->lost += s->kind <= MODEL_INDIRECT ? s->bytes : 0;
        row->first_bytes += rows->has_first ? 0 : s->bytes;
        row->site = s;
    }
    rows->has_first = true;
}

/* --- Names ------------------------------------------------------------------------------------ */

/* NAME FILE:LINE, with the last part of the file's path. */
static char *describe(struct place place)
{
    char *name = place_name(place);
    char *brief = html_short_name(name);
    char *text = place.line && place.line->file && place.line->line
                     ? mem_format("%s  %s:%" PRIu32, brief, model_basename(place.line->file),
                                  place.line->line)
                     : mem_string(brief);
    char *clean = utf8_printable(text);
    free(text);
    free(brief);
    free(name);
    return clean;
}

static char *describe_stack(const struct model_site *s)
{
    char *text = mem_string("");
    unsigned number = 0;
    for (const struct model_frame *f = s->stack; f; f = f->caller)
        for (uint32_t i = 0; i < place_count(f); i++) {
            char *line = describe(place_at(f, i));
            char *longer = mem_format("%s%4u  %s\n", text, number++, line);
            free(line);
            free(text);
            text = longer;
        }
    return text;
}

void top_rows_name(struct top_row *const *row, size_t count, struct model *m,
                   const struct naming *naming)
{
    const struct model_site **shown = model_alloc(m, count, sizeof(*shown));
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!row[i]->where && row[i]->site)
            shown[n++] = row[i]->site;
    m->shown = shown;
    m->shown_count = n;
    if (n)
        naming_resolve(m, naming, "leakgc top");
    for (size_t i = 0; i < count; i++) {
        if (row[i]->where || !row[i]->site)
            continue;
        struct place place = place_of_site(row[i]->site);
        row[i]->where = place.frame ? describe(place) : mem_string("(no stack was recorded)");
        row[i]->stack = describe_stack(row[i]->site);
    }
}

void top_rows_done(struct top_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->row[i]->where);
        free(rows->row[i]->stack);
        free(rows->row[i]);
    }
    free(rows->row);
    free(rows->slot);
    *rows = (struct top_rows){0};
}
