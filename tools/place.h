/* SPDX-License-Identifier: MIT
 *
 * Which of the many places of a call stack stands for it, and what a place is called. For formats that name
 * one place per site, and those that need a name for each frame. */
#ifndef LEAKGC_TOOLS_PLACE_H
#define LEAKGC_TOOLS_PLACE_H

#include "model.h"

/* One function of one frame; line NULL: nothing is known of the frame but its address. */
struct place {
    const struct model_frame *frame;
    const struct model_line *line;
};

/* The place where the programmer should look: the innermost one with a source that is not of the system
 * (below /usr), else the innermost with a source that is not the C library's, else the innermost outside
 * of the C library, else the innermost. frame NULL: there is no stack. */
struct place place_of_site(const struct model_site *s);

/* The function; without one "FILE+0xOFFSET", or the address. Printable UTF-8, to be freed. */
char *place_name(struct place place);

/* The number of places of a frame, at least 1, and one of them. */
uint32_t place_count(const struct model_frame *f);
struct place place_at(const struct model_frame *f, uint32_t number);

#endif
