/* SPDX-License-Identifier: MIT
 *
 * Owns the words of error reports (errors.h). Runs where the program made the wrong call, which may
 * be anywhere that free may be called; the process aborts afterwards. */
#include "errors.h"

#include "../preload/capture.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "../preload/trace.h"
#include "aside.h"
#include "lgc.h"
#include "symbols.h"

static void print_what(struct sink *out, const struct alloc_failure *f)
{
    const char *invalid = "invalid ";
    void *address = (void *)f->address;
    sink_print(out, "==%d==ERROR: leakgc: ", sys_getpid());
    switch (f->error) {
    case ERROR_DOUBLE_FREE:
        sink_print(out, "%s%s of %p: a block of %zu byte(s), already freed\n",
                   f->verb[0] == 'f' ? "double " : "", f->verb, address, f->block.bytes);
        break;
    case ERROR_INTERIOR:
        sink_print(out, "%s%s of %p: %zu byte(s) inside a block of %zu byte(s)\n", invalid, f->verb,
                   address, f->address - f->block.begin, f->block.bytes);
        break;
    case ERROR_FOREIGN:
        sink_print(out, "%s%s of %p: not a heap address\n", invalid, f->verb, address);
        break;
    }
}

static void print_stack(struct sink *out, const struct symbols *s, const char *title,
                        uint32_t trace)
{
    sink_print(out, "  %s:\n", title);
    symbols_print(s, out, trace);
}

struct telling {
    const struct alloc_failure *failure;
    uint32_t now; /* the stack of the wrong call */
};

static void tell(void *arg)
{
    const struct telling *t = arg;
    const struct alloc_failure *f = t->failure;
    struct sink out;
    struct symbols symbols;
    bool twice = f->error == ERROR_DOUBLE_FREE && f->verb[0] == 'f';
    module_refresh();
    symbols_init(&symbols);
    symbols_want(&symbols, t->now);
    symbols_want(&symbols, f->allocated);
    symbols_want(&symbols, f->freed);
    symbols_resolve(&symbols);
    sink_open(&out, lgc_text_target());
    print_what(&out, f);
    print_stack(&out, &symbols, twice ? "freed again by" : "called by", t->now);
    if (f->allocated)
        print_stack(&out, &symbols, "allocated by", f->allocated);
    if (f->freed)
        print_stack(&out, &symbols, "first freed by", f->freed);
    sink_close(&out);
}

void errors_report(const struct alloc_failure *f)
{
    struct telling t = {.failure = f, .now = record_trace(capture(f->frame))};
    aside(tell, &t);
}
