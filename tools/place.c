/* SPDX-License-Identifier: MIT
 *
 * Owns the choice of the place that stands for a call stack (place.h).
 *
 * Runs in ordinary context. */
#include "place.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

uint32_t place_count(const struct model_frame *f)
{
    return f->line_count ? f->line_count : 1;
}

struct place place_at(const struct model_frame *f, uint32_t number)
{
    return (struct place){f, f->line_count ? &f->lines[number] : NULL};
}

/* Bigger: a better place to look at. */
static int rate(struct place place)
{
    if (model_is_c_library(place.frame))
        return 0;
    if (!place.line || !place.line->file || !place.line->line)
        return 1;
    return strncmp(place.line->file, "/usr/", 5) == 0 ? 2 : 3;
}

struct place place_of_site(const struct model_site *s)
{
    struct place best = {0};
    int best_rate = -1;
    for (const struct model_frame *f = s->stack; f; f = f->caller)
        for (uint32_t i = 0; i < place_count(f); i++) {
            struct place place = place_at(f, i);
            int rating = rate(place);
            if (rating > best_rate) {
                best = place;
                best_rate = rating;
            }
        }
    return best;
}

char *place_name(struct place place)
{
    if (place.line && place.line->function)
        return utf8_printable(place.line->function);
    if (!place.frame->module)
        return mem_format("0x%" PRIx64, place.frame->pc);
    char *file = utf8_printable(model_basename(place.frame->module->path));
    char *name = mem_format("%s+0x%" PRIx64, file, model_offset(place.frame));
    free(file);
    return name;
}
