/* SPDX-License-Identifier: MIT
 *
 * Suppressions as they are written: LeakSanitizer's lines and Valgrind's blocks. */
#ifndef LEAKGC_SUPPRESS_FILE_H
#define LEAKGC_SUPPRESS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pattern_kind {
    PATTERN_FUN,  /* a function's name, mangled or not */
    PATTERN_OBJ,  /* a module's path */
    PATTERN_SRC,  /* a source file, with or without its folder, and a line */
    PATTERN_REST, /* `...`: any frames, or none */
    PATTERN_LEAK, /* LeakSanitizer's: function, module or file */
};

struct pattern {
    uint8_t kind;  /* enum pattern_kind */
    uint8_t flags; /* enum glob_flags */
    uint32_t line; /* of PATTERN_SRC; 0: any */
    uint32_t id;   /* 0, 1, ...: unique among all patterns of the list */
    const char *glob;
};

struct suppression {
    const char *name; /* Valgrind's name, or the line `leak:PATTERN` */
    const char *file; /* where it stands */
    unsigned line;
    uint32_t kinds; /* that it applies to: bits 1 << enum loss_kind */
    size_t count;   /* patterns; of LeakSanitizer's, one */
    struct pattern *pattern;
    size_t bytes, blocks; /* suppressed in this check */
    bool used;            /* in any check */
};

struct suppressions {
    struct suppression *item; /* in the order in which they were read */
    size_t count, room;
    uint32_t patterns; /* all of them */
    bool lacks_memory;
};

/* Adds what the text says; it has `bytes` bytes, of any value, and one more behind them for a NUL. It is
 * changed, and referred to from then on. Lines that can't be understood are told through log_say, with
 * `file` and their number; the rest applies. A Valgrind block for another tool or kind of error
 * is passed over. */
void suppress_parse(struct suppressions *list, char *text, size_t bytes, const char *file);

/* The same for a file, or for a comma-separated list of them. Told: those that can't be read, or are too
 * large. Memory of our own. */
void suppress_read(struct suppressions *list, const char *paths);

#endif
