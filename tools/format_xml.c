/* SPDX-License-Identifier: MIT
 *
 * Owns the format xml: what Valgrind's memcheck writes with --xml=yes (protocol 4), for programs that read
 * that. A site is an <error> after the end of the program; its bytes include those that are lost through it,
 * as memcheck counts. What the protocol asks for and a report file does not know is written as memcheck would
 * if it were nought: the parent process (0), the thread of a leak (1).
 *
 * Sites that are suppressed have no kind there and are left out.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "mem.h"
#include "place.h"
#include "utf8.h"

/* --- Words ------------------------------------------------------------------------------------ */

/* Characters that XML 1.0 does not allow, not even as references. */
static bool is_forbidden(struct utf8 c)
{
    bool is_blank = c.length == 1 && memchr("\t\n\r", *c.bytes, 3);
    bool is_noncharacter = c.length == 3 && (memcmp(c.bytes, "\xef\xbf\xbe", 3) == 0 ||
                                             memcmp(c.bytes, "\xef\xbf\xbf", 3) == 0);
    return is_noncharacter || (utf8_is_control(c) && !is_blank);
}

static void put_quoted(FILE *out, const char *text)
{
    for (struct utf8 c; (c = utf8_next(&text)).length;) {
        if (is_forbidden(c))
            fputs(UTF8_REPLACEMENT, out);
        else if (utf8_is_control(c) || (c.length == 1 && memchr("<>&\"'", *c.bytes, 5)))
            fprintf(out, "&#%d;", *c.bytes);
        else
            fwrite(c.bytes, 1, c.length, out);
    }
}

static void put_text(FILE *out, int depth, const char *element, const char *text)
{
    fprintf(out, "%*s<%s>", 2 * depth, "", element);
    put_quoted(out, text);
    fprintf(out, "</%s>\n", element);
}

static void put_number(FILE *out, int depth, const char *element, uint64_t number)
{
    fprintf(out, "%*s<%s>%" PRIu64 "</%s>\n", 2 * depth, "", element, number, element);
}

static void put_address(FILE *out, int depth, const char *element, uint64_t number)
{
    fprintf(out, "%*s<%s>0x%" PRIX64 "</%s>\n", 2 * depth, "", element, number, element);
}

/* --- Sites ------------------------------------------------------------------------------------ */

static void put_source(FILE *out, const struct model_line *line)
{
    if (line->function)
        put_text(out, 4, "fn", line->function);
    if (!line->file)
        return;
    const char *name = model_basename(line->file);
    if (name > line->file) {
        size_t length = (size_t)(name - line->file);
        char *folder = mem_string(line->file);
        folder[length > 1 ? length - 1 : 1] = 0;
        put_text(out, 4, "dir", folder);
        free(folder);
    }
    put_text(out, 4, "file", name);
    if (line->line)
        put_number(out, 4, "line", line->line);
}

static void put_stack(FILE *out, const struct model_frame *stack)
{
    fputs("  <stack>\n", out);
    for (const struct model_frame *f = stack; f; f = f->caller)
        for (uint32_t i = 0; i < place_count(f); i++) {
            fputs("    <frame>\n", out);
            put_address(out, 3, "ip", f->pc);
            if (f->module)
                put_text(out, 3, "obj", f->module->path);
            if (f->line_count)
                put_source(out, &f->lines[i]);
            fputs("    </frame>\n", out);
        }
    if (!stack) /* readers want one frame at least */
        fputs("    <frame>\n      <ip>0x0</ip>\n    </frame>\n", out);
    fputs("  </stack>\n", out);
}

static void put_what(FILE *out, const struct model_site *s, size_t number, size_t count)
{
    static const char *const states[] = {"definitely lost", "indirectly lost", "possibly lost",
                                         "still reachable"};
    fputs("  <xwhat>\n    <text>", out);
    if (s->indirect.bytes)
        fprintf(out, "%" PRIu64 " (%" PRIu64 " direct, %" PRIu64 " indirect)",
                s->bytes + s->indirect.bytes, s->bytes, s->indirect.bytes);
    else
        fprintf(out, "%" PRIu64, s->bytes);
    fprintf(out, " bytes in %" PRIu64 " blocks are %s in loss record %zu of %zu</text>\n",
            s->blocks, states[s->kind], number, count);
    put_number(out, 2, "leakedbytes", s->bytes + s->indirect.bytes);
    put_number(out, 2, "leakedblocks", s->blocks);
    fputs("  </xwhat>\n", out);
}

static void put_site(FILE *out, const struct model_site *s, size_t number, size_t count)
{
    static const char *const kinds[] = {"Leak_DefinitelyLost", "Leak_IndirectlyLost",
                                        "Leak_PossiblyLost", "Leak_StillReachable"};
    fputs("<error>\n", out);
    put_address(out, 1, "unique", number);
    put_number(out, 1, "tid", 1);
    put_text(out, 1, "kind", kinds[s->kind]);
    put_what(out, s, number, count);
    put_stack(out, s->stack);
    fputs("</error>\n\n", out);
}

static void put_sites(const struct model *m, FILE *out)
{
    size_t count = 0, number = 0;
    for (size_t i = 0; i < m->shown_count; i++)
        count += m->shown[i]->kind != MODEL_SUPPRESSED;
    for (size_t i = 0; i < m->shown_count; i++)
        if (m->shown[i]->kind != MODEL_SUPPRESSED)
            put_site(out, m->shown[i], ++number, count);
}

/* --- The report ------------------------------------------------------------------------------- */

static void put_preamble(const struct model *m, FILE *out)
{
    fputs("<preamble>\n", out);
    fprintf(out, "  <line>leakgc ");
    put_quoted(out, m->version);
    fputs(", a memory leak detector</line>\n", out);
    for (size_t i = 0; i < m->doubt_count; i++) {
        fputs("  <line>incomplete: ", out);
        put_quoted(out, m->doubts[i]);
        fputs("</line>\n", out);
    }
    fputs("</preamble>\n\n", out);
}

static void put_arguments(const struct model *m, FILE *out)
{
    fputs("<args>\n  <vargv>\n    <exe>leakgc</exe>\n  </vargv>\n  <argv>\n", out);
    put_text(out, 2, "exe", m->argument_count ? m->arguments[0] : m->program);
    for (size_t i = 1; i < m->argument_count; i++)
        put_text(out, 2, "arg", m->arguments[i]);
    fputs("  </argv>\n</args>\n\n", out);
}

static void put_status(FILE *out, const char *state, uint64_t ms)
{
    uint64_t seconds = ms / 1000;
    fprintf(out,
            "<status>\n  <state>%s</state>\n  <time>%02" PRIu64 ":%02u:%02u:%02u.%03u</time>\n",
            state, seconds / 86400, (unsigned)(seconds / 3600 % 24), (unsigned)(seconds / 60 % 60),
            (unsigned)(seconds % 60), (unsigned)(ms % 1000));
    fputs("</status>\n\n", out);
}

static int write_xml(const struct model *m, FILE *out, const struct format_options *options)
{
    (void)options;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<valgrindoutput>\n\n"
          "<protocolversion>4</protocolversion>\n<protocoltool>memcheck</protocoltool>\n\n",
          out);
    put_preamble(m, out);
    fprintf(out, "<pid>%d</pid>\n<ppid>0</ppid>\n<tool>memcheck</tool>\n\n", m->pid);
    put_arguments(m, out);
    put_status(out, "RUNNING", 0);
    if (!m->is_live)
        put_status(out, "FINISHED", m->uptime_ms);
    put_sites(m, out);
    fputs("<errorcounts>\n</errorcounts>\n\n</valgrindoutput>\n", out);
    return ferror(out) ? -EIO : 0;
}

const struct format xml_format = {
    .name = "xml",
    .suffix = ".xml",
    .write = write_xml,
};
