/* SPDX-License-Identifier: MIT
 *
 * Lines of source files, as far as they can be read here and now. */
#ifndef LEAKGC_TOOLS_HTML_SOURCE_H
#define LEAKGC_TOOLS_HTML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct html_source {
    const char *root;  /* of each path, which doesn't lead out of it; "": none */
    uint64_t newer_s;  /* files changed since this time are marked */
    size_t bytes_left; /* of text that may still be given out */
    void *files;       /* those that were read */
    size_t file_bytes; /* their sum */
};

struct html_snippet {
    uint32_t first;  /* number of its first line */
    bool is_changed; /* the file is newer than newer_s */
    char *text;      /* whole lines, long ones cut; for free() */
};

/* The lines around `line`; false: they can't be had. */
bool html_source_lines(struct html_source *source, const char *path, uint32_t line,
                       struct html_snippet *ret);
void html_source_done(struct html_source *source);

#endif
