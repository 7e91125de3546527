/* SPDX-License-Identifier: MIT
 *
 * The options, read once from the environment before the first allocation is served.
 * LEAKGC_OPTIONS=key=value:key=value, and LEAKGC_KEY=value for each, which wins.
 *
 * Invariant I16: a bad option never takes effect silently: one line says what was wrong and what
 * is used instead. */
#ifndef LEAKGC_OPTIONS_H
#define LEAKGC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of loss, in the order in which they are reported (Valgrind memcheck's terms). */
enum loss_kind {
    LOSS_DEFINITE,  /* nothing points to the block */
    LOSS_INDIRECT,  /* only lost blocks point to it */
    LOSS_POSSIBLE,  /* reachable, but only through interior pointers */
    LOSS_REACHABLE, /* reachable */
    LOSS_SUPPRESSED,
    LOSS_KINDS,
};

/* Pointers into the middle of a block that are as good as to its start (scanner/heuristics.h). */
enum heuristic {
    HEURISTIC_LENGTH64,
    HEURISTIC_STDSTRING,
    HEURISTIC_NEWARRAY,
    HEURISTIC_MULTIPLEINHERITANCE,
    HEURISTICS,
};

enum { INTERIOR_POSSIBLE, INTERIOR_REACHABLE };

typedef bool option_bool;
typedef uint32_t option_uint;
typedef size_t option_size;
typedef uint64_t option_time; /* microseconds */
typedef const char *option_string;
typedef uint32_t option_kinds;      /* bit 1 << LOSS_... */
typedef uint32_t option_heuristics; /* bit 1 << HEURISTIC_... */
typedef uint32_t option_interior;   /* INTERIOR_... */
typedef uint64_t option_mask;

struct options {
#define OPTION(type, key, standard, lowest, highest, help) option_##type key;
#include "options.def"
#undef OPTION
};
extern struct options options;

/* Reads the environment. secure (AT_SECURE): the environment is ignored, the defaults hold, and a line
 * says so if options are in it.
 * Complaints go through log_say. */
void options_init(char **environment, bool secure);

/* Sets an option that nobody set; false: there is none of that name. Before any thread
 * but the first. */
bool options_suggest(const char *key, const char *value, const char *value_end);

/* Whether nobody set the option at `place`, such as &options.control. */
bool options_is_default(const void *place);

/* Prints the table to stderr. */
void options_help(void);

/* "definite", "indirect", ... */
const char *loss_kind_name(enum loss_kind kind);

#endif
