/* SPDX-License-Identifier: MIT
 *
 * Owns reading of report files (grammar in lgc.h). The file may be cut, damaged, or made by an enemy.
 *
 * The idea: two passes over the sections that are sound. The first counts their records, so that each array
 * is allocated once and pointers into it stay; the second reads them. After a section header that is not
 * sound the next one that is, wherever it begins, is gone on with: its checksum proves it.
 *
 * Invariants: 1. Nothing is read outside of [at, end) of a cursor. 2. A frame's caller was read before it, so
 * stacks have no cycles; they have LGC_DEPTH_MOST frames at most. 3. Memory is bounded by a factor of the
 * file's size.
 *
 * Runs in ordinary context. */
#include "lgc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crc32.h"
#include "mem.h"

enum { FILE_HEADER_BYTES = 16, SECTION_HEADER_BYTES = 16, READ_STEP = 1 << 20 };

/* --- Cursors ---------------------------------------------------------------------------------- */

struct cursor {
    const uint8_t *at, *end;
    bool is_bad; /* what was there did not end before `end` */
};

struct text {
    const char *bytes;
    size_t count;
};

/* 0 when there is nothing more: fields that are missing are 0. */
static uint64_t take_number(struct cursor *c)
{
    uint64_t number = 0;
    if (c->at == c->end)
        return 0;
    for (unsigned shift = 0; c->at < c->end; shift += 7) {
        uint8_t byte = *c->at++;
        if (shift < 64)
            number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return number;
    }
    c->is_bad = true;
    return 0;
}

static struct text take_text(struct cursor *c)
{
    uint64_t count = take_number(c);
    struct text text = {(const char *)c->at, (size_t)count};
    if (count > (size_t)(c->end - c->at)) {
        c->is_bad = true;
        c->at = c->end;
        return (struct text){"", 0};
    }
    c->at += count;
    return text;
}

/* The next record of a payload; false: no more, or is_bad. */
static bool take_record(struct cursor *payload, struct cursor *ret_record)
{
    if (payload->at == payload->end)
        return false;
    struct text record = take_text(payload);
    ret_record->at = (const uint8_t *)record.bytes;
    ret_record->end = ret_record->at + record.count;
    ret_record->is_bad = false;
    return !payload->is_bad;
}

static const char *copy_text(struct model *m, struct text text)
{
    char *copy = model_text(m, text.bytes, text.count);
    for (size_t i = 0; i < text.count; i++)
        if (!copy[i])
            copy[i] = '?';
    return copy;
}

static struct model_total take_total(struct cursor *c)
{
    struct model_total total;
    total.bytes = take_number(c);
    total.blocks = take_number(c);
    return total;
}

static struct model_moment take_moment(struct cursor *c)
{
    struct model_moment moment;
    moment.scan = (uint32_t)take_number(c);
    moment.ms = take_number(c);
    return moment;
}

/* --- Sections --------------------------------------------------------------------------------- */

struct reader;

struct section_type {
    char name[5];
    void (*take)(struct reader *r, struct cursor *record);
};

struct id_slot {
    uint64_t id; /* 0: free */
    size_t frame;
};

struct reader {
    struct model *m;
    const uint8_t *file;
    size_t bytes;
    size_t damage_at; /* the first byte of what is left out; SIZE_MAX: nothing is */
    size_t damages;
    bool is_head; /* only the sections that say whose report it is are looked at */
    bool is_done; /* DONE was read, and nothing that it counts is missing */
    struct id_slot *slots;
    size_t slot_count; /* a power of 2, more than the frames */
    size_t *depth;     /* by frame */
    size_t frames, modules, scans, sites,
        processes; /* records that there are, then room for so many */
    bool *has_module;
};

static void note_damage(struct reader *r, const uint8_t *at)
{
    if (!r->damages++)
        r->damage_at = (size_t)(at - r->file);
}

static uint32_t load32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool is_section(const struct reader *r, size_t at)
{
    const uint8_t *header = r->file + at;
    return r->bytes - at >= SECTION_HEADER_BYTES && crc32_of(header, 12) == load32(header + 12);
}

/* From `at` on; false: there is none. */
static bool find_section(const struct reader *r, size_t *at)
{
    while (r->bytes - *at >= SECTION_HEADER_BYTES) {
        if (is_section(r, *at))
            return true;
        ++*at;
    }
    return false;
}

static bool is_of_head(const uint8_t *type)
{
    return memcmp(type, "INFO", 4) == 0 || memcmp(type, "PROC", 4) == 0;
}

/* Calls `use` for each sound section. */
static void walk(struct reader *r, void (*use)(struct reader *, const char *, struct cursor))
{
    size_t at = FILE_HEADER_BYTES;
    while (at < r->bytes) {
        size_t begin = at;
        if (!find_section(r, &at))
            at = r->bytes;
        if (at != begin)
            note_damage(r, r->file + begin);
        if (at == r->bytes)
            return;
        const uint8_t *payload = r->file + at + SECTION_HEADER_BYTES;
        size_t bytes = load32(r->file + at + 4);
        bool is_whole = bytes <= r->bytes - at - SECTION_HEADER_BYTES;
        if (r->is_head && !is_of_head(r->file + at)) {
            at = is_whole ? at + SECTION_HEADER_BYTES + bytes : r->bytes;
            continue;
        }
        if (is_whole && crc32_of(payload, bytes) == load32(r->file + at + 8))
            use(r, (const char *)r->file + at, (struct cursor){payload, payload + bytes, false});
        else
            note_damage(r, r->file + at);
        at = is_whole ? at + SECTION_HEADER_BYTES + bytes : r->bytes;
    }
}

/* --- Frames by id ----------------------------------------------------------------------------- */

static struct id_slot *find_id(const struct reader *r, uint64_t id)
{
    size_t mask = r->slot_count - 1;
    size_t at = (size_t)((id * 0x9e3779b97f4a7c15u) >> 32) & mask;
    while (r->slots[at].id && r->slots[at].id != id)
        at = (at + 1) & mask;
    return &r->slots[at];
}

static struct model_frame *frame_by_id(const struct reader *r, uint64_t id)
{
    const struct id_slot *slot = id ? find_id(r, id) : NULL;
    return slot && slot->id ? &r->m->frames[slot->frame] : NULL;
}

/* A return address is that after the call; what a signal interrupted is exact. */
static void set_addresses(struct model *m)
{
    for (size_t i = 0; i < m->frame_count; i++)
        m->frames[i].address = m->frames[i].pc - !m->frames[i].is_trampoline;
    for (size_t i = 0; i < m->frame_count; i++)
        if (m->frames[i].is_trampoline && m->frames[i].caller) {
            struct model_frame *interrupted = &m->frames[m->frames[i].caller - m->frames];
            interrupted->address = interrupted->pc;
        }
}

/* --- Records ---------------------------------------------------------------------------------- */

static void take_frame(struct reader *r, struct cursor *c)
{
    struct model *m = r->m;
    uint64_t id = take_number(c), caller_id = take_number(c);
    struct model_frame f = {.pc = take_number(c)};
    uint64_t module = take_number(c);
    f.is_trampoline = take_number(c) & 1;
    f.caller = frame_by_id(r, caller_id);
    size_t depth = f.caller ? r->depth[f.caller - m->frames] + 1 : 1;
    if (!id || frame_by_id(r, id) || (caller_id && !f.caller) || depth > LGC_DEPTH_MOST) {
        c->is_bad = true;
        return;
    }
    if (module && module <= r->modules && r->has_module[module - 1])
        f.module = &m->modules[module - 1];
    *find_id(r, id) = (struct id_slot){id, m->frame_count};
    r->depth[m->frame_count] = depth;
    m->frames[m->frame_count++] = f;
}

static void take_module(struct reader *r, struct cursor *c)
{
    struct model *m = r->m;
    uint64_t number = take_number(c);
    struct model_module module = {.begin = take_number(c)};
    module.end = take_number(c);
    module.bias = take_number(c);
    module.loaded = (uint32_t)take_number(c);
    uint64_t unloaded = take_number(c);
    module.unloaded = unloaded ? (uint32_t)unloaded : MODEL_STILL;
    struct text id = take_text(c);
    module.path = copy_text(m, take_text(c));
    if (number >= r->modules || r->has_module[number] || module.begin >= module.end ||
        id.count > 64) {
        c->is_bad = true;
        return;
    }
    char *hex = model_alloc(m, 2 * id.count + 1, 1);
    for (size_t i = 0; i < id.count; i++)
        snprintf(hex + 2 * i, 3, "%02x", (uint8_t)id.bytes[i]);
    module.build_id = hex;
    m->modules[number] = module;
    r->has_module[number] = true;
}

static void take_site(struct reader *r, struct cursor *c)
{
    uint64_t kind = take_number(c), frame = take_number(c);
    struct model_site s = {.kind = (enum model_kind)kind, .stack = frame_by_id(r, frame)};
    struct model_total own = take_total(c);
    s.bytes = own.bytes;
    s.blocks = own.blocks;
    s.indirect = take_total(c);
    s.first_ms = take_number(c);
    s.last_ms = take_number(c);
    s.thread = (uint32_t)take_number(c);
    s.several_threads = take_number(c) & 1;
    s.reachable = take_moment(c);
    s.lost = take_moment(c);
    s.told = take_moment(c);
    s.told_total = take_total(c);
    s.now_total = take_total(c);
    if (kind >= MODEL_KINDS)
        c->is_bad = true;
    else
        r->m->sites[r->m->site_count++] = s;
    if (frame && !s.stack)
        c->is_bad = true;
}

static void take_scan(struct reader *r, struct cursor *c)
{
    struct model *m = r->m;
    struct model_scan scan = {.number = (uint32_t)take_number(c)};
    scan.cause = copy_text(m, take_text(c));
    scan.method = copy_text(m, take_text(c));
    scan.result = copy_text(m, take_text(c));
    scan.uptime_ms = take_number(c);
    scan.stop_us = take_number(c);
    scan.mark_us = take_number(c);
    scan.live = take_total(c);
    scan.lost = take_total(c);
    scan.leaked = take_total(c);
    scan.new = take_total(c);
    m->scans[m->scan_count++] = scan;
}

static void take_process(struct reader *r, struct cursor *c)
{
    struct model *m = r->m;
    struct model_process process = {.program = copy_text(m, take_text(c))};
    process.host = copy_text(m, take_text(c));
    process.pid = (int)(take_number(c) & INT32_MAX);
    process.start_s = take_number(c);
    process.end_s = take_number(c);
    m->processes[m->process_count++] = process;
}

/* NULL: it is empty. A terminal may be told it as it is. */
static const char *take_name(struct reader *r, struct cursor *c)
{
    struct text text = take_text(c);
    char *name = model_text(r->m, text.bytes, text.count);
    for (size_t i = 0; i < text.count; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            name[i] = '?';
    return text.count ? name : NULL;
}

static void take_names(struct reader *r, struct cursor *c)
{
    struct model_frame *f = frame_by_id(r, take_number(c));
    uint64_t count = take_number(c);
    if (!f || f->line_count || count > (size_t)(c->end - c->at)) {
        c->is_bad = true;
        return;
    }
    f->lines = model_alloc(r->m, count, sizeof(*f->lines));
    for (; f->line_count < count; f->line_count++) {
        struct model_line *line = &f->lines[f->line_count];
        line->function = take_name(r, c);
        line->file = take_name(r, c);
        line->line = (uint32_t)take_number(c);
        line->column = (uint32_t)take_number(c);
    }
}

static void take_totals(struct reader *r, struct cursor *c)
{
    uint64_t kind = take_number(c);
    struct model_total total = take_total(c);
    if (kind < MODEL_KINDS)
        r->m->total[kind] = total;
}

static void take_info(struct reader *r, struct cursor *c)
{
    struct model *m = r->m;
    const char *key = copy_text(m, take_text(c));
    const char *value = copy_text(m, take_text(c));
    struct {
        const char *key;
        uint64_t *number;
    } numbers[] = {
        {"started", &m->start_s},
        {"written", &m->end_s},
        {"uptime_ms", &m->uptime_ms},
        {"begun_ms", &m->begun_ms},
        {"min_bytes", &m->filter.min_bytes},
        {"min_blocks", &m->filter.min_blocks},
        {"max_sites", &m->filter.max_sites},
    };
    struct {
        const char *key;
        const char **text;
    } texts[] = {{"version", &m->version},
                 {"program", &m->program},
                 {"host", &m->host},
                 {"cause", &m->cause}};
    uint64_t number = strtoull(value, NULL, 10);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        if (strcmp(key, numbers[i].key) == 0)
            *numbers[i].number = number;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (strcmp(key, texts[i].key) == 0)
            *texts[i].text = value;
    if (strcmp(key, "pid") == 0)
        m->pid = (int)(number & INT32_MAX);
    else if (strcmp(key, "scan") == 0)
        m->scan = (uint32_t)number;
    else if (strcmp(key, "kinds") == 0)
        m->filter.kinds = (uint32_t)number;
    else if (strcmp(key, "live") == 0)
        m->is_live = number != 0;
    else if (strcmp(key, "details") == 0)
        m->details = number != 0;
    else if (strcmp(key, "doubt") == 0)
        model_add_doubt(m, value);
    else if (strcmp(key, "argument") == 0)
        model_add_argument(m, value);
}

static void take_done(struct reader *r, struct cursor *c)
{
    uint64_t sites = take_number(c), frames = take_number(c), modules = take_number(c);
    r->is_done = r->m->site_count >= sites && r->m->frame_count >= frames && r->modules >= modules;
}

static const struct section_type types[] = {
    {"INFO", take_info}, {"TOTL", take_totals},  {"MODU", take_module},
    {"SCAN", take_scan}, {"FRAM", take_frame},   {"SITE", take_site},
    {"DONE", take_done}, {"PROC", take_process}, {"NAME", take_names},
};

/* --- Passes ----------------------------------------------------------------------------------- */

static void count_records(struct reader *r, const char *type, struct cursor payload)
{
    struct cursor record;
    size_t count = 0;
    while (take_record(&payload, &record))
        count++;
    if (strncmp(type, "FRAM", 4) == 0)
        r->frames += count;
    else if (strncmp(type, "MODU", 4) == 0)
        r->modules += count;
    else if (strncmp(type, "SCAN", 4) == 0)
        r->scans += count;
    else if (strncmp(type, "SITE", 4) == 0)
        r->sites += count;
    else if (strncmp(type, "PROC", 4) == 0)
        r->processes += count;
}

static void take_section(struct reader *r, const char *name, struct cursor payload)
{
    const struct section_type *type = types;
    const struct section_type *end = types + sizeof(types) / sizeof(*types);
    const uint8_t *begin = payload.at;
    struct cursor record;
    bool is_bad = false;
    while (type < end && strncmp(type->name, name, 4) != 0)
        type++;
    while (type < end && take_record(&payload, &record)) {
        type->take(r, &record);
        is_bad |= record.is_bad;
    }
    if (is_bad || payload.is_bad)
        note_damage(r, begin);
}

static void make_room(struct reader *r)
{
    struct model *m = r->m;
    m->frames = model_alloc(m, r->frames, sizeof(*m->frames));
    m->modules = model_alloc(m, r->modules, sizeof(*m->modules));
    m->scans = model_alloc(m, r->scans, sizeof(*m->scans));
    m->sites = model_alloc(m, r->sites, sizeof(*m->sites));
    m->processes = model_alloc(m, r->processes, sizeof(*m->processes));
    m->module_count = r->modules;
    r->has_module = mem_zeroed(r->modules, sizeof(*r->has_module));
    r->depth = mem_zeroed(r->frames, sizeof(*r->depth));
    for (r->slot_count = 16; r->slot_count < 2 * r->frames; r->slot_count *= 2)
        ;
    r->slots = mem_zeroed(r->slot_count, sizeof(*r->slots));
    for (size_t i = 0; i < r->modules; i++)
        m->modules[i] = (struct model_module){.path = "?", .build_id = "", .unloaded = MODEL_STILL};
}

static void say_damage(struct reader *r)
{
    char text[160];
    if (!r->damages && r->is_done)
        return;
    r->m->is_damaged = true;
    if (r->damages && r->is_done)
        snprintf(text, sizeof(text), "the report file is damaged (first at byte %zu)",
                 r->damage_at);
    else if (r->damages)
        snprintf(text, sizeof(text),
                 "the report file is damaged or cut (first at byte %zu); %zu site(s) could be read",
                 r->damage_at, r->m->site_count);
    else
        snprintf(text, sizeof(text),
                 "the report file is cut after %zu bytes; %zu site(s) could be read", r->bytes,
                 r->m->site_count);
    model_add_doubt(r->m, text);
}

static void set_defaults(struct model *m)
{
    m->version = m->program = m->host = m->cause = "";
    m->filter.kinds = 1u << MODEL_DEFINITE | 1u << MODEL_INDIRECT;
}

static int parse(const uint8_t *file, size_t bytes, bool is_head, struct model *ret)
{
    struct reader r = {.m = ret, .file = file, .bytes = bytes, .is_head = is_head};
    *ret = (struct model){0};
    set_defaults(ret);
    if (bytes < FILE_HEADER_BYTES || memcmp(file, LGC_MAGIC, 8) != 0)
        return -ENOMSG;
    bool is_sound = crc32_of(file, 12) == load32(file + 12);
    if (is_sound && load32(file + 8) != LGC_VERSION)
        return -EPROTO;
    walk(&r, count_records);
    r.damages = 0; /* both passes find the same */
    make_room(&r);
    if (!is_sound)
        note_damage(&r, file);
    walk(&r, take_section);
    set_addresses(ret);
    if (!is_head)
        say_damage(&r);
    free(r.has_module);
    free(r.depth);
    free(r.slots);
    return 0;
}

int lgc_parse(const uint8_t *file, size_t bytes, struct model *ret)
{
    return parse(file, bytes, false, ret);
}

/* --- Files ------------------------------------------------------------------------------------ */

/* Also of no bytes yet. */
static bool may_be_report(const uint8_t *file, size_t bytes)
{
    size_t magic_bytes = sizeof(LGC_MAGIC) - 1;
    return memcmp(file, LGC_MAGIC, bytes < magic_bytes ? bytes : magic_bytes) == 0;
}

/* What begins otherwise is not read on: it may be a core file, or never end. */
static int read_all(int fd, uint8_t **ret, size_t *ret_bytes)
{
    size_t capacity = 0;
    *ret = NULL;
    *ret_bytes = 0;
    for (;;) {
        *ret = mem_grow(*ret, *ret_bytes + READ_STEP, &capacity, 1);
        ssize_t count = read(fd, *ret + *ret_bytes, READ_STEP);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? -errno : 0;
        *ret_bytes += (size_t)count;
        if (!may_be_report(*ret, *ret_bytes))
            return -ENOMSG;
    }
}

static int read_file(const char *path, bool is_head, struct model *ret)
{
    uint8_t *file;
    size_t bytes;
    *ret = (struct model){0};
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int result = read_all(fd, &file, &bytes);
    if (fd != STDIN_FILENO)
        close(fd);
    if (result == 0)
        result = parse(file, bytes, is_head, ret);
    free(file);
    return result;
}

int lgc_read(const char *path, struct model *ret)
{
    return read_file(path, false, ret);
}

int lgc_read_head(const char *path, struct model *ret)
{
    return read_file(path, true, ret);
}
