/* SPDX-License-Identifier: MIT
 *
 * One report in memory: what a report file says, names found for its addresses, and what of it is to be
 * shown. Commands make and change it, formats (format.h) only read it.
 *
 *     struct model m;
 *     lgc_read(path, &m)              what the file holds (lgc.h)
 *     model_select(&m, &filter)       m.shown: what is to be shown
 *     naming_resolve(&m, ...)         their functions and lines (naming.h); may be left out
 *     model_sign(&m)                  their signatures, after the names
 *     format->write(&m, out, ...)
 *     model_done(&m)
 *
 * All of its memory is its own (model_alloc) and lives until model_done. Strings are never NULL where it is
 * not said so; they come from a file and may hold any byte but NUL. */
#ifndef LEAKGC_TOOLS_MODEL_H
#define LEAKGC_TOOLS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which sites are shown; Valgrind memcheck's terms. */
enum model_kind {
    MODEL_DEFINITE,
    MODEL_INDIRECT,
    MODEL_POSSIBLE,
    MODEL_REACHABLE,
    MODEL_SUPPRESSED,
    MODEL_KINDS
};

struct model_total {
    uint64_t bytes, blocks;
};

struct model_module {
    const char *path;
    const char *build_id; /* hexadecimal; "" when it has none */
    uint64_t begin, end;  /* where it was mapped */
    uint64_t bias;        /* runtime address - address in the ELF file */
    /* When: counts of unloadings in the process. In [loaded, unloaded) it was mapped. */
    uint32_t loaded, unloaded; /* MODEL_STILL: until the report */
    /* After naming_resolve. */
    enum model_names { NAMES_NOT_ASKED, NAMES_FOUND, NAMES_NO_FILE, NAMES_OTHER_FILE } names;
};
#define MODEL_STILL UINT32_MAX

/* A function at an address, with the place in the source. */
struct model_line {
    const char *function;  /* NULL: not known */
    const char *file;      /* NULL: not known */
    uint32_t line, column; /* 0: not known */
};

/* One call. Stacks share the frames that they have in common. */
struct model_frame {
    const struct model_frame *caller;  /* NULL: the outermost */
    const struct model_module *module; /* NULL: not known */
    uint64_t pc;                       /* the return address, as it is shown */
    uint64_t address;                  /* that of the call itself, to be looked up */
    struct model_line *lines;          /* functions, those inlined first; none: not known */
    uint32_t line_count;
    bool is_trampoline; /* of a signal; what it interrupted is its caller */
};

/* A scan by its number, from 1; 0: none. */
struct model_moment {
    uint32_t scan;
    uint64_t ms; /* since the start of the process */
};

/* Blocks of one kind that were allocated by one call stack. */
struct model_site {
    const struct model_frame *stack; /* the innermost frame; NULL: no stack was recorded */
    enum model_kind kind;
    uint64_t bytes, blocks;
    struct model_total indirect; /* definite: lost only through these blocks */
    uint64_t first_ms, last_ms;  /* births of the oldest and youngest, since the start */
    uint32_t thread;             /* number of the thread that allocated the first */
    bool several_threads;
    /* Of a living program. */
    struct model_moment reachable; /* its first block was still reachable, or not there (scan 0) */
    struct model_moment lost;      /* and was lost; scan 0: nothing is known about these three */
    struct model_moment told;      /* of the last report that told the site, and what it said */
    struct model_total told_total, now_total;
    uint64_t signature; /* after model_sign */
};

struct model_scan {
    uint32_t number;
    const char *cause, *method, *result; /* as in the scan log: libleakgc(3) */
    uint64_t uptime_ms;                  /* when it began */
    uint64_t stop_us, mark_us;           /* the longest stop of the threads; the search itself */
    struct model_total live, lost;       /* all live blocks; of them definite and indirect */
    struct model_total leaked, new;      /* certain; of them for the first time */
};

/* A process that a merged report is of. */
struct model_process {
    const char *program, *host;
    int pid;
    uint64_t start_s, end_s; /* as in the report */
};

/* What of the sites is to be shown. */
struct model_filter {
    uint32_t kinds; /* bits 1 << kind */
    uint64_t min_bytes, min_blocks;
    uint64_t max_sites; /* 0: all */
};

struct model {
    /* The process. */
    const char *version; /* of the library */
    const char *program; /* path of the executable */
    const char *host;
    const char **arguments; /* the command line */
    size_t argument_count;
    int pid;
    uint64_t start_s, end_s; /* seconds since 1970: of the process's start, of the report */
    uint64_t uptime_ms;      /* of the report */

    /* The report. */
    bool is_live;      /* the program goes on; only sites that were new are there */
    uint32_t scan;     /* number of its scan; 0: not known */
    const char *cause; /* of its scan */
    uint64_t begun_ms; /* when the scan began */
    const char *
        *doubts; /* why it is incomplete: as found by the process, or because the file is damaged */
    size_t doubt_count;
    bool is_damaged;
    struct model_filter filter; /* the options of the process */
    bool details;               /* likewise */

    struct model_total total[MODEL_KINDS]; /* of all blocks, whatever is shown */
    struct model_site *sites;              /* by kind, bytes and blocks descending, then stack */
    size_t site_count;
    struct model_frame *frames; /* all; callers before those they call */
    size_t frame_count;
    struct model_module *modules;
    size_t module_count;
    struct model_process *processes; /* of a merged report; else none */
    size_t process_count;
    struct model_scan *scans; /* ascending; the last ones of the process */
    size_t scan_count;

    /* After model_select. */
    const struct model_site **shown;
    size_t shown_count;
    struct model_total shown_total;   /* of all sites above the thresholds, `beyond` too */
    struct model_total below, beyond; /* sites below the thresholds; after max_sites */
    size_t below_sites, beyond_sites;

    struct model_chunk *chunks;
};

/* Zeroed memory that model_done frees; model_text: a copy of so many bytes, NUL-terminated. */
void *model_alloc(struct model *m, size_t count, size_t size);
char *model_text(struct model *m, const char *text, size_t bytes);
void model_add_doubt(struct model *m, const char *text);
void model_add_argument(struct model *m, const char *text);
void model_done(struct model *m);

/* Gives each site that is shown its signature: the same between runs, machines and builds as long as the kind and the
 * names of the functions are the same. FNV-1a over the kind's name and the innermost MODEL_SIGNED
 * functions, inlined ones too; for one without a name the module's file name and the offset in it. What is
 * below main, or is the C library's at the outer end, does not count. Lines do not count, so two sites may
 * have the same one. */
#define MODEL_SIGNED 16
void model_sign(struct model *m);
/* The same for a stack alone: whatever the kind of its blocks. */
uint64_t model_stack_signature(const struct model_frame *stack);

/* Which sites are shown; may be called again. */
void model_select(struct model *m, const struct model_filter *filter);

/* "definite", ...; the kinds in a list such as "definite,possible" or "all": 0, or -EINVAL. */
const char *model_kind_name(enum model_kind kind);
int model_kinds_parse(const char *text, uint32_t *ret_kinds);

/* The offset of an address of the frame in its module's file. */
uint64_t model_offset(const struct model_frame *f);
/* Whether it is in the C library or the loader. */
bool model_is_c_library(const struct model_frame *f);
/* The last part of a path. */
const char *model_basename(const char *path);

#endif
