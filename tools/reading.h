/* SPDX-License-Identifier: MIT
 *
 * What commands that read report files have in common: their options, and the way from a file to a model
 * that is ready to be written.
 *
 *     struct reading reading = reading_begin(command);
 *     switch (option) { ... default: result = reading_option(&reading, option, optarg); }
 *     reading_load(&reading, path, &model);
 *     reading_write(&reading, &model);
 *     reading_done(&reading); */
#ifndef LEAKGC_TOOLS_READING_H
#define LEAKGC_TOOLS_READING_H

#include "command.h"
#include "format.h"
#include "naming.h"

enum {
    READING_FORMAT = COMMAND_LONG_OPTION + 64, /* apart from the command's own options */
    READING_OUTPUT,
    READING_DEBUG_PATH,
    READING_SYSROOT,
    READING_TIMEOUT,
    READING_KINDS,
    READING_MIN_BYTES,
    READING_MIN_BLOCKS,
    READING_MAX_SITES,
    READING_DETAILS,
    READING_NO_SYMBOLS,
    READING_NO_SOURCE,
};

/* For a command's long_options. */
#define READING_OPTIONS                                                                            \
    {"format", required_argument, NULL, READING_FORMAT},                                           \
        {"output", required_argument, NULL, READING_OUTPUT},                                       \
        {"debug-path", required_argument, NULL, READING_DEBUG_PATH},                               \
        {"sysroot", required_argument, NULL, READING_SYSROOT},                                     \
        {"timeout", required_argument, NULL, READING_TIMEOUT},                                     \
        {"kinds", required_argument, NULL, READING_KINDS},                                         \
        {"min-bytes", required_argument, NULL, READING_MIN_BYTES},                                 \
        {"min-blocks", required_argument, NULL, READING_MIN_BLOCKS},                               \
        {"max-sites", required_argument, NULL, READING_MAX_SITES},                                 \
        {"no-symbols", no_argument, NULL, READING_NO_SYMBOLS},                                     \
        {"no-source", no_argument, NULL, READING_NO_SOURCE},                                       \
    {                                                                                              \
        "details", no_argument, NULL, READING_DETAILS                                              \
    }

/* For its help. */
#define READING_HELP                                                                               \
    "  --format FORMAT     text (default), json, jsonl, html, xml (Valgrind's), sarif, pprof,\n"   \
    "                      folded, openmetrics, lgc; or as --output's suffix says\n"               \
    "  --output FILE       write there instead of stdout; the file is there whole or not\n"        \
    "  --debug-path DIR    search DIR too for separate debug information\n"                        \
    "  --no-symbols        leave addresses as they are\n"                                          \
    "  --sysroot DIR       read the programs and libraries below DIR\n"                            \
    "  --timeout SECONDS   give up on a file after so long without an answer (60)\n"               \
    "  --kinds KINDS       definite,indirect,possible,reachable or all\n"                          \
    "  --min-bytes N       leave out sites with fewer bytes; --min-blocks N: blocks\n"             \
    "  --max-sites N       show the first N sites; 0: all\n"                                       \
    "  --details           say which threads allocated the blocks, and when\n"                     \
    "  --no-source         no source lines in html\n"

struct reading {
    const struct command *command;
    char *who; /* "leakgc NAME" */
    struct naming naming;
    char *sysroot;
    bool searches_sysroot;       /* naming.debug_path begins with it */
    const struct format *format; /* NULL: not chosen yet */
    const char *output;          /* NULL: stdout */
    bool no_symbols;
    struct format_options options;
    /* What the options say instead of the report's own filter. */
    struct model_filter filter;
    bool has_kinds, has_min_bytes, has_min_blocks, has_max_sites;
};

struct reading reading_begin(const struct command *command);
/* 0, or COMMAND_USAGE after a line. */
int reading_option(struct reading *r, int option, const char *value);
/* Reads. 0; 3 after a line on stderr. is_damaged: something could be read, and a line said so. */
int reading_read(struct reading *r, const char *path, struct model *ret);
/* The line on stderr for what lgc_read gave; 3. */
int reading_tell(const struct reading *r, const char *path, int result);
/* What the options say is to be shown of the model; where they say nothing, what the report itself says. */
struct model_filter reading_filter(const struct reading *r, const struct model *m);
/* Names and signs what is shown. */
void reading_name(struct reading *r, struct model *m);
/* The three in a row. 0; 3 after a line on stderr. The model is to be given back by
 * model_done; is_damaged: something could be read, and a line said so. */
int reading_load(struct reading *r, const char *path, struct model *ret);
/* The same for what is in memory; `what` names it in messages. */
int reading_parse(struct reading *r, const char *what, const uint8_t *file, size_t bytes,
                  struct model *ret);
/* 0; 1 after a line. */
int reading_write(struct reading *r, const struct model *m);
void reading_done(struct reading *r);

#endif
