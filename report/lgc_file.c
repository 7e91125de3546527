/* SPDX-License-Identifier: MIT
 *
 * Owns the bytes of report files, and that a name stands for a whole file only: the name is taken first, then
 * the file is written under another one (`.part`), which at last takes its place.
 *
 * Runs in ordinary context and in the thread of our own. */
#include "lgc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/sys.h"
#include "crc32.h"
#include "sink.h"

enum { VERSION = 1, HEADER_BYTES = 16, NAMES_MOST = 100000 };

static void store32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void write_all(struct lgc_file *f, const void *bytes, size_t count)
{
    if (!f->error)
        f->error = sys_write_all(f->fd, bytes, count);
}

/* --- Names ------------------------------------------------------------------------------------ */

/* leaks.lgc -> leaks.2.lgc */
static void add_number(char *path, size_t cap, unsigned number)
{
    char suffix[64] = "";
    char *slash = strrchr(path, '/');
    char *dot = strrchr(slash ? slash : path, '.');
    if (dot && strlen(dot) < sizeof suffix) {
        fmt(suffix, sizeof suffix, "%s", dot);
        *dot = '\0';
    }
    size_t at = strlen(path);
    fmt(path + at, cap - at, ".%u%s", number, suffix);
}

/* Takes the first name that is free. */
static int take_name(struct lgc_file *f, const char *pattern, unsigned number)
{
    for (unsigned i = 1; i <= NAMES_MOST; i++) {
        sink_expand(f->path, sizeof f->path - 8, pattern, number);
        if (i > 1)
            add_number(f->path, sizeof f->path - 8, i);
        int fd = sys_open(f->path, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd >= 0)
            sys_close(fd);
        if (fd != -EEXIST)
            return fd < 0 ? fd : 0;
    }
    return -EEXIST;
}

static void write_header(struct lgc_file *f)
{
    uint8_t header[HEADER_BYTES] = "\x89LGC\r\n\x1a\n";
    store32(header + 8, VERSION);
    store32(header + 12, crc32_of(header, 12));
    write_all(f, header, sizeof header);
}

int lgc_file_open(struct lgc_file *f, const char *pattern, unsigned number)
{
    f->error = take_name(f, pattern, number);
    if (f->error)
        return f->error;
    fmt(f->part, sizeof f->part, "%s.part", f->path);
    sys_unlink(
        f->part); /* as the final name is ours, so is this: what is there was left, or laid */
    f->fd = sys_open(f->part, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (f->fd < 0) {
        sys_unlink(f->path);
        return f->error = f->fd;
    }
    write_header(f);
    return 0;
}

void lgc_file_begin(struct lgc_file *f, int fd)
{
    f->fd = fd;
    f->error = 0;
    write_header(f);
}

int lgc_file_end(const struct lgc_file *f)
{
    return f->error;
}

int lgc_file_close(struct lgc_file *f)
{
    int closed = sys_close(f->fd); /* a full network disk may say so only now */
    f->error = f->error ? f->error : closed;
    f->error = f->error ? f->error : sys_rename(f->part, f->path);
    if (f->error) {
        sys_unlink(f->part);
        sys_unlink(f->path);
    }
    return f->error;
}

/* --- Records ---------------------------------------------------------------------------------- */

static size_t encode(uint8_t *to, uint64_t number)
{
    size_t n = 0;
    for (; number >= 0x80; number >>= 7)
        to[n++] = (uint8_t)(number | 0x80);
    to[n++] = (uint8_t)number;
    return n;
}

enum { NUMBER_MOST = 10 };

void lgc_number(struct lgc_record *r, uint64_t number)
{
    if (sizeof r->bytes - r->used >= NUMBER_MOST)
        r->used += encode(r->bytes + r->used, number);
}

void lgc_bytes(struct lgc_record *r, const void *bytes, size_t count)
{
    size_t room = sizeof r->bytes - r->used;
    room = room > NUMBER_MOST ? room - NUMBER_MOST : 0;
    count = count < room ? count : room;
    lgc_number(r, count);
    memcpy(r->bytes + r->used, bytes, room ? count : 0);
    r->used += room ? count : 0;
}

void lgc_text(struct lgc_record *r, const char *text)
{
    lgc_bytes(r, text, strlen(text));
}

bool lgc_is_full(const struct lgc_section *s, const struct lgc_record *r)
{
    return LGC_SECTION_MOST - s->used < r->used + NUMBER_MOST;
}

void lgc_add(struct lgc_file *f, struct lgc_section *s, struct lgc_record *r)
{
    if (lgc_is_full(s, r))
        lgc_flush(f, s);
    uint8_t *to = s->bytes + HEADER_BYTES + s->used;
    size_t n = encode(to, r->used);
    memcpy(to + n, r->bytes, r->used);
    s->used += n + r->used;
    r->used = 0;
}

void lgc_flush(struct lgc_file *f, struct lgc_section *s)
{
    if (!s->used)
        return;
    memcpy(s->bytes, s->type, 4);
    store32(s->bytes + 4, (uint32_t)s->used);
    store32(s->bytes + 8, crc32_of(s->bytes + HEADER_BYTES, s->used));
    store32(s->bytes + 12, crc32_of(s->bytes, 12));
    write_all(f, s->bytes, HEADER_BYTES + s->used);
    s->used = 0;
}
