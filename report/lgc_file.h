/* SPDX-License-Identifier: MIT
 *
 * Writing the grammar of report files, which tools/lgc.h describes: sections of records of fields. */
#ifndef LEAKGC_LGC_FILE_H
#define LEAKGC_LGC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LGC_RECORD_MOST = 8192, LGC_SECTION_MOST = 32768 };

/* A section that is being filled; full ones are written. */
struct lgc_section {
    char type[5];
    size_t used;
    uint8_t bytes[16 + LGC_SECTION_MOST]; /* its header, then records */
};

struct lgc_record {
    size_t used;
    uint8_t bytes[LGC_RECORD_MOST];
};

struct lgc_file {
    int fd;
    int error;       /* the first, -errno: the rest is dropped */
    char path[4096]; /* as it will be called */
    char part[4096]; /* while it is written */
};

/* A new file named by the pattern (sink.h); the number of the report is for %n. What exists is left alone: the
 * name gets a number before its suffix. 0 or -errno. */
int lgc_file_open(struct lgc_file *f, const char *pattern, unsigned number);
/* The same into a descriptor that is open: lgc_file_end in place of lgc_file_close; it stays open. */
void lgc_file_begin(struct lgc_file *f, int fd);
int lgc_file_end(const struct lgc_file *f);
/* 0 or -errno: then there is no file. */
int lgc_file_close(struct lgc_file *f);

/* Fields; what does not fit in is cut, so that it ends as a text. */
void lgc_number(struct lgc_record *r, uint64_t number);
void lgc_text(struct lgc_record *r, const char *text);
void lgc_bytes(struct lgc_record *r, const void *bytes, size_t count);

/* Whether adding the record would first write the section. */
bool lgc_is_full(const struct lgc_section *s, const struct lgc_record *r);

/* Adds the record to the section and empties it; the section is written when it is full ... */
void lgc_add(struct lgc_file *f, struct lgc_section *s, struct lgc_record *r);
/* ... or now. */
void lgc_flush(struct lgc_file *f, struct lgc_section *s);

#endif
