/* SPDX-License-Identifier: MIT
 *
 * The formats in which a report can be written. Each is a file format_NAME.c and a row in formats.c. */
#ifndef LEAKGC_TOOLS_FORMAT_H
#define LEAKGC_TOOLS_FORMAT_H

#include <stdio.h>

#include "model.h"

/* What a format may be told beside the report. */
struct format_options {
    bool details;        /* who allocated the blocks, and when (text) */
    bool no_source;      /* no source lines (html) */
    const char *sysroot; /* before the paths of source files (html); NULL: none */
};

struct format {
    const char *name;
    const char *suffix; /* of files in it, with the dot */
    /* Writes m->shown and what belongs to it; 0 or -errno. Why writing failed is known to output.c. */
    int (*write)(const struct model *m, FILE *out, const struct format_options *options);
};

extern const struct format text_format, json_format, jsonl_format;
extern const struct format html_format;
extern const struct format xml_format, sarif_format, pprof_format, folded_format;
extern const struct format openmetrics_format;
extern const struct format lgc_format;

/* Text of a report, which may hold anything, for a terminal: no control characters. */
void format_put_clean(FILE *out, const char *text);

/* With thousands separators. */
void format_put_grouped(FILE *out, uint64_t number);
/* The stack as in text: a line for each function. */
void format_put_stack(FILE *out, const struct model_frame *stack);
/* A member `frames` as in json; m NULL: without the numbers of modules. */
struct json;
void format_json_stack(struct json *j, const struct model *m, const struct model_frame *stack);

/* NULL: there is no such format. */
const struct format *format_find(const char *name);
const struct format *format_by_suffix(const char *suffix);
/* The names, separated by a comma and a blank. */
const char *format_names(void);

#endif
