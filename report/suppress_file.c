/* SPDX-License-Identifier: MIT
 *
 * Owns the text of suppressions. Each line is judged by itself, so one file may hold both forms:
 *
 *     leak:PATTERN              LeakSanitizer: part of a function's name, a module's path, a file
 *     # a comment
 *     {
 *        a name                 Valgrind: the frames from the innermost on
 *        Memcheck:Leak
 *        match-leak-kinds: definite,possible
 *        fun:PATTERN
 *        ...
 *     }
 *
 * Invariants: 1. A suppression is added whole, or not at all: what is wrong in a block is told, and the
 * block left out. 2. Never applied more widely than it is written.
 *
 * Runs in the constructor and before main: meta memory, which is kept. */
#include "suppress_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/log.h"
#include "../preload/meta.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "glob.h"

enum {
    FILE_BYTES_MOST = 16 << 20,
    READ_BYTES = 64 << 10,
    READ_WAIT_MS = 2000, /* for a pipe */
    TOLD_MOST = 10,      /* bad lines of one file */
    ITEMS_STEP = 64,
    FRAMES_MOST = 512 /* of a block */
};

enum where { OUTSIDE, AT_NAME, AT_TOOL, AT_FRAMES, PASSING_OVER };

struct parser {
    struct suppressions *list;
    const char *file;
    unsigned line;
    unsigned bad;
    enum where where;
    bool broken; /* the block has something wrong in it */
    struct suppression block;
    struct pattern frame[FRAMES_MOST];
};

static void complain(struct parser *p, const char *reason)
{
    if (p->bad++ < TOLD_MOST)
        log_say("%s:%u: %s", p->file, p->line, reason);
    p->broken = true;
}

/* --- Adding ----------------------------------------------------------------------------------- */

static struct suppression *make_room(struct suppressions *list)
{
    if (list->count == list->room) {
        size_t room = list->room * 2 + ITEMS_STEP;
        struct suppression *more = meta_alloc(room * sizeof *more);
        if (!more)
            return NULL;
        if (list->count)
            memcpy(more, list->item, list->count * sizeof *more);
        meta_free(list->item, list->room * sizeof *more);
        list->item = more;
        list->room = room;
    }
    return &list->item[list->count];
}

static void add(struct parser *p, const struct suppression *s, const struct pattern *patterns)
{
    struct suppressions *list = p->list;
    struct suppression *to = make_room(list);
    struct pattern *copy = meta_alloc(s->count * sizeof *copy);
    if (!to || !copy) {
        list->lacks_memory = true;
        return;
    }
    memcpy(copy, patterns, s->count * sizeof *copy);
    for (size_t i = 0; i < s->count; i++)
        copy[i].id = list->patterns++;
    *to = *s;
    to->pattern = copy;
    list->count++;
}

/* --- LeakSanitizer's lines --------------------------------------------------------------------- */

static void parse_leak(struct parser *p, char *line)
{
    const uint32_t leaks = 1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT | 1u << LOSS_POSSIBLE;
    struct suppression s = {
        .name = line, .file = p->file, .line = p->line, .kinds = leaks, .count = 1};
    char *glob = line + strlen("leak:");
    size_t length = strlen(line);
    struct pattern pattern = {.kind = PATTERN_LEAK, .flags = GLOB_OPEN_BEGIN | GLOB_OPEN_END};
    char *own = meta_alloc(length + 1);
    if (!own) {
        p->list->lacks_memory = true;
        return;
    }
    memcpy(own, line, length + 1); /* the name keeps its `$` */
    s.name = own;
    if (*glob == '^') {
        glob++;
        pattern.flags &= (uint8_t)~GLOB_OPEN_BEGIN;
    }
    size_t n = strlen(glob);
    if (n && glob[n - 1] == '$') {
        glob[n - 1] = '\0';
        pattern.flags &= (uint8_t)~GLOB_OPEN_END;
    }
    pattern.glob = glob;
    if (!*glob)
        complain(p, "the pattern is empty; ignored");
    else
        add(p, &s, &pattern);
}

static void parse_outside(struct parser *p, char *line)
{
    if (!strcmp(line, "{")) {
        p->where = AT_NAME;
        p->broken = false;
        p->block = (struct suppression){
            .file = p->file, .line = p->line, .kinds = (1u << LOSS_SUPPRESSED) - 1};
    } else if (!strncmp(line, "leak:", 5)) {
        parse_leak(p, line);
    } else {
        complain(p, "neither 'leak:PATTERN' nor '{'; ignored");
    }
}

/* --- Valgrind's blocks ------------------------------------------------------------------------- */

/* `Memcheck:Leak`, or with more tools: `Memcheck,Addrcheck:Leak`. */
static void parse_tool(struct parser *p, const char *line)
{
    const char *colon = strchr(line, ':');
    bool ours = false;
    p->where = PASSING_OVER;
    if (!colon) {
        complain(p, "'Memcheck:Leak' is expected here; the suppression is ignored");
        return;
    }
    for (const char *s = line; s < colon;) {
        size_t n = strcspn(s, ",:");
        ours |= n == 8 && !memcmp(s, "Memcheck", n);
        s += n + 1;
    }
    if (ours && !strcmp(colon + 1, "Leak"))
        p->where = AT_FRAMES;
}

static bool is_word(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && !memcmp(s, word, n);
}

static void parse_kinds(struct parser *p, const char *s)
{
    uint32_t kinds = 0;
    for (;;) {
        s += strspn(s, " \t,");
        size_t n = strcspn(s, " \t,");
        if (!n)
            break;
        uint32_t found = is_word(s, n, "all") ? (1u << LOSS_SUPPRESSED) - 1 : 0;
        for (unsigned k = 0; k < LOSS_SUPPRESSED; k++)
            if (is_word(s, n, loss_kind_name(k)))
                found = 1u << k;
        if (!found && !is_word(s, n, "none")) {
            complain(p, "not a set of definite, indirect, possible, reachable, all, none; "
                        "the suppression is ignored");
            return;
        }
        kinds |= found;
        s += n;
    }
    p->block.kinds = kinds;
}

/* `src:FILE` or `src:FILE:LINE`. */
static void cut_line_number(struct pattern *f, char *glob)
{
    char *colon = strrchr(glob, ':');
    uint64_t number;
    if (colon && fmt_parse_u64(colon + 1, colon + strlen(colon), 10, &number) && number &&
        number <= UINT32_MAX) {
        *colon = '\0';
        f->line = (uint32_t)number;
    }
}

static void parse_frame(struct parser *p, char *line)
{
    static const char *const words[] = {
        [PATTERN_FUN] = "fun:", [PATTERN_OBJ] = "obj:", [PATTERN_SRC] = "src:"};
    if (!strncmp(line, "match-leak-kinds:", 17)) {
        if (p->block.count)
            complain(p, "match-leak-kinds comes before the frames; the suppression is ignored");
        parse_kinds(p, line + 17);
        return;
    }
    struct pattern f = {.kind = PATTERN_REST, .flags = GLOB_ONE, .glob = ""};
    for (unsigned k = 0; k < sizeof words / sizeof *words; k++)
        if (!strncmp(line, words[k], 4)) {
            f.kind = (uint8_t)k;
            f.glob = line + 4;
        }
    if (f.kind == PATTERN_SRC)
        cut_line_number(&f, line + 4);
    if (f.kind == PATTERN_REST ? strcmp(line, "...") != 0 : !*f.glob)
        complain(p, "not a frame (fun:, obj:, src:, ...); the suppression is ignored");
    else if (p->block.count == FRAMES_MOST)
        complain(p, "more than 512 frames; the suppression is ignored");
    else
        p->frame[p->block.count++] = f;
}

static void end_block(struct parser *p)
{
    if (p->where == AT_NAME || p->where == AT_TOOL)
        complain(p, "the suppression ends too early; it is ignored");
    else if (p->where == AT_FRAMES && !p->broken && !p->block.count)
        complain(p, "the suppression has no frames; it is ignored");
    else if (p->where == AT_FRAMES && !p->broken)
        add(p, &p->block, p->frame);
    p->where = OUTSIDE;
}

static void parse_inside(struct parser *p, char *line)
{
    if (!strcmp(line, "}")) {
        end_block(p);
    } else if (!strcmp(line, "{")) {
        complain(p, "'{' inside of a suppression, which has no '}' and is ignored");
        p->where = OUTSIDE;
        parse_outside(p, line);
    } else if (p->where == AT_NAME) {
        p->block.name = line;
        p->where = AT_TOOL;
    } else if (p->where == AT_TOOL) {
        parse_tool(p, line);
    } else if (p->where == AT_FRAMES) {
        parse_frame(p, line);
    }
}

/* --- Lines -------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void parse_line(struct parser *p, char *line, char *end)
{
    p->line++;
    *end = '\0';
    while (is_blank(*line))
        line++;
    while (end > line && is_blank(end[-1]))
        *--end = '\0';
    if (memchr(line, '\0', (size_t)(end - line)))
        complain(p, "a NUL byte in the line; it is ignored");
    else if (!*line || *line == '#')
        return;
    else if (p->where == OUTSIDE)
        parse_outside(p, line);
    else
        parse_inside(p, line);
}

void suppress_parse(struct suppressions *list, char *text, size_t bytes, const char *file)
{
    struct parser *p = meta_alloc(sizeof *p);
    char *stop = text + bytes;
    if (!p) {
        list->lacks_memory = true;
        return;
    }
    p->list = list;
    p->file = file;
    p->line = p->bad = 0;
    p->where = OUTSIDE;
    if (bytes >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        text += 3;
    while (text < stop) {
        char *end = memchr(text, '\n', (size_t)(stop - text));
        end = end ? end : stop;
        parse_line(p, text, end);
        text = end + 1;
    }
    if (p->where != OUTSIDE)
        complain(p, "the file ends inside of a suppression, which is ignored");
    if (p->bad > TOLD_MOST)
        log_say("%s: %u more lines can't be understood", file, p->bad - TOLD_MOST);
    meta_free(p, sizeof *p);
}

/* --- Files -------------------------------------------------------------------------------------- */

/* Twice the buffer, with what is in it; NULL and the old one is given back: no memory. */
static char *grow(char *buf, size_t used, size_t *room)
{
    size_t bytes = *room ? *room * 2 : READ_BYTES;
    char *more = meta_alloc(bytes + 1);
    if (more && used)
        memcpy(more, buf, used);
    if (*room)
        meta_free(buf, *room + 1);
    *room = more ? bytes : 0;
    return more;
}

/* All of it, up to the limit and one byte; -errno. */
static ssize_t read_all(int fd, char **ret)
{
    size_t used = 0;
    size_t room = 0;
    for (;;) {
        if (used == room && !(*ret = grow(*ret, used, &room)))
            return -ENOMEM;
        ssize_t n = sys_read(fd, *ret + used, room - used);
        if (n == -EAGAIN && sys_poll_in(fd, READ_WAIT_MS) > 0)
            continue;
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return n ? n : (ssize_t)used;
        used += (size_t)n;
        if (used > FILE_BYTES_MOST)
            return (ssize_t)used;
    }
}

/* The last line may be only half there. */
static size_t cut(const char *text)
{
    size_t bytes = FILE_BYTES_MOST;
    while (bytes && text[bytes - 1] != '\n')
        bytes--;
    return bytes;
}

static void read_file(struct suppressions *list, const char *path)
{
    char *text = NULL;
    int fd = sys_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
    ssize_t n = fd < 0 ? fd : read_all(fd, &text);
    if (fd >= 0)
        sys_close(fd);
    if (n < 0) {
        log_say("suppressions '%s' can't be read (%s)", path, strerrorname_np((int)-n));
        return;
    }
    size_t bytes = (size_t)n;
    if (bytes > FILE_BYTES_MOST) {
        log_say("suppressions '%s': what is beyond 16 megabytes is ignored", path);
        bytes = cut(text);
    }
    suppress_parse(list, text, bytes, path);
}

void suppress_read(struct suppressions *list, const char *paths)
{
    while (*paths) {
        size_t n = strcspn(paths, ",");
        char *path = n ? meta_alloc(n + 1) : NULL; /* kept: suppressions name their file */
        if (path) {
            memcpy(path, paths, n);
            path[n] = '\0';
            read_file(list, path);
        }
        paths += n + (paths[n] == ',');
    }
    if (list->lacks_memory)
        log_say("no memory for all suppressions");
}
