/* SPDX-License-Identifier: MIT
 *
 * Owns naming of frames: which addresses to ask for, the helper's protocol, and what a frame looks
 * like in text.
 *
 * A return address names the instruction after the call; the call itself is one byte before. The
 * frame that a signal interrupted is the exception: it lies outside the signal trampoline, which
 * is known by its code, and its address is exact.
 *
 * Request:  linkage / module ID START END BIAS BUILDID PATH / pc ID ADDRESS
 * Answer:   for each pc, a line `f<TAB>FUNCTION<TAB>FILE<TAB>LINE<TAB>COLUMN` for each inlined
 *           frame, innermost first, then a line with a dot. After `linkage` each has another field, the
 *           mangled name.
 *
 * Runs in ordinary context; scratch memory. */
#include "symbols.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "helper.h"
#include "table.h"

struct place_key {
    uintptr_t address; /* to look up */
    const struct module *module;
};

struct name {
    const char *function, *file, *line, *column;
    const char *linkage; /* or NULL */
};

struct place {
    struct place_key key;
    bool asked;
    struct name *name; /* what the helper answered, innermost first */
    uint32_t names, first_id;
    UT_hash_handle hh;
};

struct frame {
    uintptr_t pc;
    struct place_key key;
};

enum { ANSWER_LINE_MOST = 4095 };

void symbols_init(struct symbols *s)
{
    *s = (struct symbols){0};
}

/* mov $__NR_rt_sigreturn, %rax; syscall */
bool symbols_is_trampoline(uintptr_t pc)
{
    static const uint8_t code[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05};
    uint8_t found[sizeof code];
    return sys_peek(found, (const void *)pc, sizeof found) == sizeof found &&
           !memcmp(found, code, sizeof code);
}

/* Takes the innermost frame off a stack. `callee` is the address of the one before, or 0. */
static bool next_frame(uint32_t *trace, uintptr_t callee, struct frame *ret)
{
    struct trace_frame t;
    if (!trace_next(trace, &t))
        return false;
    bool exact = callee && (symbols_is_trampoline(t.pc) || symbols_is_trampoline(callee));
    ret->pc = t.pc;
    ret->key.address = exact ? t.pc : t.pc - 1;
    ret->key.module = module_at(ret->key.address, t.module_time);
    return true;
}

static struct place *find_place(const struct symbols *s, const struct place_key *key)
{
    struct place *p = NULL;
    HASH_FIND(hh, s->table, key, sizeof *key, p);
    return p;
}

void symbols_want(struct symbols *s, uint32_t trace)
{
    trace = trace_cut(trace, options.stack_depth);
    for (struct frame f = {0}; next_frame(&trace, f.pc, &f);) {
        if (!f.key.module || find_place(s, &f.key))
            continue;
        struct place *p = scratch_alloc(sizeof *p);
        if (!p)
            return;
        p->key = f.key;
        HASH_ADD(hh, s->table, key, sizeof p->key, p);
        s->count += p->hh.tbl != NULL;
    }
}

/* --- Asking ----------------------------------------------------------------------------------- */

struct request {
    char *text;
    size_t bytes, cap;
};

static void ask(struct request *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->bytes += fmt_v(r->text + r->bytes, r->cap - r->bytes, format, args);
    va_end(args);
}

static void ask_module(struct request *r, const struct module *m)
{
    char build_id[2 * BUILD_ID_MOST + 1] = "-";
    for (size_t i = 0; i < m->build_id_bytes; i++)
        fmt(build_id + 2 * i, 3, "%02x", (unsigned)m->build_id[i]);
    ask(r, "module %u %lx %lx %lx %s %s\n", m->number, m->begin, m->end, m->bias, build_id,
        m->path);
}

static bool write_request(const struct symbols *s, struct request *r)
{
    r->cap = (s->count - s->asked) * 40 + 4096;
    for (const struct module *m = module_first(); m; m = m->next)
        r->cap += strlen(m->path) + 256;
    r->text = scratch_alloc(r->cap);
    if (!r->text)
        return false;
    if (s->linkage)
        ask(r, "linkage\n");
    for (const struct module *m = module_first(); m; m = m->next)
        ask_module(r, m);
    for (struct place *p = s->table; p; p = p->hh.next)
        if (!p->asked)
            ask(r, "pc %u %lx\n", p->key.module->number, p->key.address);
    return true;
}

/* Splits one `f` line in place. */
static bool parse_answer(char *line, struct name *ret)
{
    const char **fields[] = {&ret->function, &ret->file, &ret->line, &ret->column, &ret->linkage};
    if (strlen(line) > ANSWER_LINE_MOST)
        line[ANSWER_LINE_MOST] = '\0';
    if (line[0] != 'f' || line[1] != '\t')
        return false;
    char *at = line + 1;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!at)
            return i == 4;
        *at++ = '\0';
        *fields[i] = at;
        at = strchr(at, '\t');
    }
    if (at)
        *at = '\0';
    return true;
}

/* `lines` lines, each ended by NUL. What does not look like an answer ends it. */
static void take_names(struct symbols *s, struct place *p, char *line, size_t lines)
{
    p->name = scratch_alloc((lines + 1) * sizeof *p->name);
    p->first_id = s->names;
    for (; p->name && lines; lines--) {
        char *next = line + strlen(line) + 1;
        if (!parse_answer(line, &p->name[p->names]))
            break;
        p->names++;
        line = next;
    }
    s->names += p->names;
}

/* Cuts the answer into lines, and gives each block to its place. */
static void take_answers(struct symbols *s, char *text, size_t bytes)
{
    struct place *p = s->table;
    char *block = text;
    size_t lines = 0;
    for (char *line = text, *stop = text + bytes; line < stop;) {
        char *end = memchr(line, '\n', (size_t)(stop - line));
        while (p && p->asked)
            p = p->hh.next;
        if (!end || !p)
            return;
        *end = '\0';
        if (line[0] == '.' && !line[1]) {
            take_names(s, p, block, lines);
            p->asked = true;
            block = end + 1;
            lines = 0;
        } else {
            lines++;
        }
        line = end + 1;
    }
}

void symbols_resolve(struct symbols *s)
{
    struct request r = {0};
    char *answer;
    size_t bytes;
    if (s->count == s->asked)
        return;
    s->error = -ECANCELED;
    if (!options.symbolize)
        return;
    s->error = write_request(s, &r) ? helper_run(r.text, r.bytes, &answer, &bytes) : -ENOMEM;
    if (s->error)
        log_verbose("the helper gives no symbols (%s)", strerrorname_np(-s->error));
    else
        take_answers(s, answer, bytes);
    for (struct place *p = s->table; p; p = p->hh.next)
        p->asked = true; /* who does not answer is not asked again */
    s->asked = s->count;
}

/* --- Printing --------------------------------------------------------------------------------- */

static void print_head(struct sink *out, unsigned number, uintptr_t pc)
{
    sink_print(out, "    #%u %p", number, (void *)pc);
}

static void print_module(struct sink *out, const struct frame *f)
{
    if (f->key.module)
        sink_print(out, " (%s+0x%lx)\n", f->key.module->path, f->pc - f->key.module->bias);
    else
        sink_print(out, " (<unknown module>)\n");
}

static void print_named(struct sink *out, unsigned number, const struct frame *f,
                        const struct name *n)
{
    print_head(out, number, f->pc);
    if (strcmp(n->function, "-"))
        sink_print(out, " in %s", n->function);
    if (!strcmp(n->file, "-") || !strcmp(n->line, "0"))
        print_module(out, f);
    else if (!strcmp(n->column, "0"))
        sink_print(out, " %s:%s\n", n->file, n->line);
    else
        sink_print(out, " %s:%s:%s\n", n->file, n->line, n->column);
}

/* The nearest dynamic symbol, as the loader knows it, or NULL. Our own thread can't ask: a thread that has
 * the loader's lock may be waiting for it. */
static const char *dynamic_symbol(const struct frame *f)
{
    Dl_info info;
    bool mapped = f->key.module && f->key.module->unloaded == UINT32_MAX;
    if (mapped && sys_gettid() != ghost_tid() && dladdr((const void *)f->key.address, &info))
        return info.dli_sname;
    return NULL;
}

static void print_unnamed(struct sink *out, unsigned number, const struct frame *f)
{
    const char *symbol = dynamic_symbol(f);
    print_head(out, number, f->pc);
    if (symbol)
        sink_print(out, " in %s", symbol);
    print_module(out, f);
}

void symbols_print(const struct symbols *s, struct sink *out, uint32_t trace)
{
    unsigned number = 0;
    trace = trace_cut(trace, options.stack_depth);
    for (struct frame f = {0}; next_frame(&trace, f.pc, &f);) {
        const struct place *p = find_place(s, &f.key);
        for (uint32_t i = 0; p && i < p->names; i++)
            print_named(out, number++, &f, &p->name[i]);
        if (!p || !p->names)
            print_unnamed(out, number++, &f);
    }
    if (!number)
        sink_print(out, "    (no stack was recorded)\n");
}

/* --- For others --------------------------------------------------------------------------------- */

static const char *known(const char *field)
{
    return field && *field && strcmp(field, "-") ? field : NULL;
}

static uint32_t parse_line_number(const char *s)
{
    uint64_t number;
    return fmt_parse_u64(s, s + strlen(s), 10, &number) ? (uint32_t)number : 0;
}

void symbols_visit(const struct symbols *s, uint32_t trace,
                   bool (*visit)(const struct symbols_frame *, void *), void *arg)
{
    trace = trace_cut(trace, options.stack_depth);
    for (struct frame f = {0}; next_frame(&trace, f.pc, &f);) {
        const struct place *p = find_place(s, &f.key);
        struct symbols_frame told = {.module = f.key.module ? f.key.module->path : NULL,
                                     .id = SYMBOLS_NO_ID};
        for (uint32_t i = 0; p && i < p->names; i++) {
            const struct name *n = &p->name[i];
            told.function = known(n->function);
            told.linkage = known(n->linkage);
            told.file = known(n->file);
            told.line = parse_line_number(n->line);
            told.id = p->first_id + i;
            if (!visit(&told, arg))
                return;
        }
        if (p && p->names)
            continue;
        told.function = dynamic_symbol(&f);
        if (!visit(&told, arg))
            return;
    }
}
