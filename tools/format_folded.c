/* SPDX-License-Identifier: MIT
 *
 * Owns the format folded: a line for each site, as programs that draw flame graphs read it:
 *
 *     KIND;OUTERMOST;...;INNERMOST BYTES
 *
 * The kind is the first frame, so that a picture of several kinds keeps them apart. A semicolon in a name is
 * written as a colon.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "format.h"
#include "mem.h"
#include "place.h"

static const char *const kinds[MODEL_KINDS] = {"definitely lost", "indirectly lost",
                                               "possibly lost", "still reachable", "suppressed"};

static void put_place(FILE *out, struct place place)
{
    char *name = place_name(place);
    putc(';', out);
    for (const char *c = name; *c; c++)
        putc(*c == ';' ? ':' : *c, out);
    free(name);
}

/* The frames of a stack, the outermost first; *ret_count of them. To be freed. */
static const struct model_frame **turn(const struct model_frame *stack, size_t *ret_count)
{
    size_t count = 0;
    for (const struct model_frame *f = stack; f; f = f->caller)
        count++;
    const struct model_frame **frames = mem_zeroed(count, sizeof(*frames));
    *ret_count = count;
    for (const struct model_frame *f = stack; f; f = f->caller)
        frames[--count] = f;
    return frames;
}

static void put_site(FILE *out, const struct model_site *s)
{
    size_t count;
    const struct model_frame **frames = turn(s->stack, &count);
    fputs(kinds[s->kind], out);
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = place_count(frames[i]); j-- > 0;)
            put_place(out, place_at(frames[i], j));
    if (!count)
        fputs(";[no stack]", out);
    fprintf(out, " %" PRIu64 "\n", s->bytes);
    free(frames);
}

static int write_folded(const struct model *m, FILE *out, const struct format_options *options)
{
    (void)options;
    for (size_t i = 0; i < m->shown_count; i++)
        put_site(out, m->shown[i]);
    return ferror(out) ? -EIO : 0;
}

const struct format folded_format = {
    .name = "folded",
    .suffix = ".folded",
    .write = write_folded,
};
