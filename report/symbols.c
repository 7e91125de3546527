/* SPDX-License-Identifier: MIT
 *
 * Owns naming of frames: which addresses to ask for, the helper's protocol, and what a frame looks
 * like in text.
 *
 * A return address names the instruction after the call; the call itself is one byte before. The
 * frame that a signal interrupted is the exception: it lies outside the signal trampoline, which
 * is known by its code, and its address is exact.
 *
 * Request:  module ID START END BIAS BUILDID PATH / pc ID ADDRESS
 * Answer:   for each pc, a line `f<TAB>FUNCTION<TAB>FILE<TAB>LINE<TAB>COLUMN` for each inlined
 *           frame, innermost first, then a line with a dot.
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

struct place {
    struct place_key key;
    const char *answer; /* the helper's lines, or NULL */
    UT_hash_handle hh;
};

struct frame {
    uintptr_t pc;
    struct place_key key;
};

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

static void ask_module(struct request *r, const struct module *m, unsigned id)
{
    char build_id[2 * BUILD_ID_MOST + 1] = "-";
    for (size_t i = 0; i < m->build_id_bytes; i++)
        fmt(build_id + 2 * i, 3, "%02x", (unsigned)m->build_id[i]);
    ask(r, "module %u %lx %lx %lx %s %s\n", id, m->begin, m->end, m->bias, build_id, m->path);
}

static unsigned module_id(const struct module *wanted)
{
    unsigned id = 0;
    for (const struct module *m = module_first(); m && m != wanted; m = m->next)
        id++;
    return id;
}

static bool write_request(const struct symbols *s, struct request *r)
{
    r->cap = s->count * 40 + 4096;
    for (const struct module *m = module_first(); m; m = m->next)
        r->cap += strlen(m->path) + 256;
    r->text = scratch_alloc(r->cap);
    if (!r->text)
        return false;
    unsigned id = 0;
    for (const struct module *m = module_first(); m; m = m->next)
        ask_module(r, m, id++);
    for (struct place *p = s->table; p; p = p->hh.next)
        ask(r, "pc %u %lx\n", module_id(p->key.module), p->key.address);
    return true;
}

/* Cuts the answer into lines and hangs the first line of each block on its place. */
static void take_answers(struct symbols *s, char *text, size_t bytes)
{
    struct place *p = s->table;
    char *block = text;
    for (char *line = text, *stop = text + bytes; p && line < stop;) {
        char *end = memchr(line, '\n', (size_t)(stop - line));
        if (!end)
            return;
        *end = '\0';
        if (line[0] == '.' && !line[1]) {
            p->answer = block;
            p = p->hh.next;
            block = end + 1;
        }
        line = end + 1;
    }
}

void symbols_resolve(struct symbols *s)
{
    struct request r = {0};
    char *answer;
    size_t bytes;
    if (!s->count || !options.symbolize)
        return;
    int error = write_request(s, &r) ? helper_run(r.text, r.bytes, &answer, &bytes) : -ENOMEM;
    if (error)
        log_verbose("the helper gives no symbols (%s)", strerrorname_np(-error));
    else
        take_answers(s, answer, bytes);
}

/* --- Printing --------------------------------------------------------------------------------- */

struct name {
    const char *function, *file, *line, *column;
};

/* Splits one `f` line in place (once: it is printed several times, so a copy is split). */
static bool parse_answer(char *line, struct name *ret)
{
    const char **fields[] = {&ret->function, &ret->file, &ret->line, &ret->column};
    if (line[0] != 'f' || line[1] != '\t')
        return false;
    char *at = line + 1;
    for (size_t i = 0; i < 4; i++) {
        if (!at)
            return false;
        *at++ = '\0';
        *fields[i] = at;
        at = strchr(at, '\t');
    }
    return true;
}

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

/* The nearest dynamic symbol, as the loader knows it. Our own thread can't ask: a thread that has the
 * loader's lock may be waiting for it. */
static void print_unnamed(struct sink *out, unsigned number, const struct frame *f)
{
    Dl_info info;
    bool mapped = f->key.module && f->key.module->unloaded == UINT32_MAX;
    print_head(out, number, f->pc);
    if (mapped && sys_gettid() != ghost_tid() && dladdr((const void *)f->key.address, &info) &&
        info.dli_sname)
        sink_print(out, " in %s", info.dli_sname);
    print_module(out, f);
}

static unsigned print_answer(struct sink *out, unsigned number, const struct frame *f,
                             const char *line)
{
    unsigned printed = 0;
    while (line[0] == 'f') {
        char copy[4096];
        struct name n;
        size_t bytes = fmt(copy, sizeof copy, "%s", line);
        if (!parse_answer(copy, &n))
            break;
        print_named(out, number + printed++, f, &n);
        line += strlen(line) + (bytes ? 1 : 0);
    }
    return printed;
}

void symbols_print(const struct symbols *s, struct sink *out, uint32_t trace)
{
    unsigned number = 0;
    trace = trace_cut(trace, options.stack_depth);
    for (struct frame f = {0}; next_frame(&trace, f.pc, &f);) {
        const struct place *p = find_place(s, &f.key);
        unsigned printed = p && p->answer ? print_answer(out, number, &f, p->answer) : 0;
        if (!printed) {
            print_unnamed(out, number, &f);
            printed = 1;
        }
        number += printed;
    }
    if (!number)
        sink_print(out, "    (no stack was recorded)\n");
}
