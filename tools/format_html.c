/* SPDX-License-Identifier: MIT
 *
 * Owns the format html: one page that needs nothing else and asks no network. The parts that are always the same lie
 * in tools/html; page.html has a word {{NAME}} where something of the report belongs, and `parts` is the list of
 * these words. Summary and table stand on the page without a script as well; the script (tools/html/page.js)
 * reads the rest from JSON (html_data.c).
 *
 * Names come from files that nobody vouches for: here put_text alone writes them, and the script sets them as
 * text, never as markup.
 *
 * Runs in ordinary context. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "html.h"

/* --- Values ----------------------------------------------------------------------------------- */

/* Bytes that are no UTF-8 are left: the page says that it is UTF-8, and readers then have to show U+FFFD. */
static void put_text(FILE *out, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++)
        if (*s == '<' || *s == '>' || *s == '&' || *s == '"' || *s == '\'')
            fprintf(out, "&#%d;", *s);
        else if ((*s < ' ' && *s != '\n' && *s != '\t') || *s == 0x7f)
            fputs("&#xfffd;", out);
        else
            putc(*s, out);
}

static void put_grouped(FILE *out, uint64_t number)
{
    if (number >= 1000) {
        put_grouped(out, number / 1000);
        fprintf(out, ",%03" PRIu64, number % 1000);
    } else {
        fprintf(out, "%" PRIu64, number);
    }
}

static void put_count(FILE *out, uint64_t count, const char *noun)
{
    put_grouped(out, count);
    fprintf(out, " %s%s", noun, count == 1 ? "" : "s");
}

/* 1023 B, 1.0 KiB, 12.3 MiB; sizeText of page.js is the same. */
static void put_size(FILE *out, uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes / 1024;
    size_t unit = 0;
    for (; value >= 1023.95; unit++)
        value /= 1024;
    if (bytes < 1024)
        fprintf(out, "%" PRIu64 " B", bytes);
    else
        fprintf(out, "%.1f %s", value, units[unit]);
}

/* 1.2 s, 3 min 4 s, 5 h 6 min, 7 d 8 h; timeText of page.js is the same. */
static void put_time(FILE *out, uint64_t ms)
{
    uint64_t s = ms / 1000;
    if (s < 60)
        fprintf(out, "%" PRIu64 ".%" PRIu64 " s", s, ms / 100 % 10);
    else if (s < 3600)
        fprintf(out, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
    else if (s < 2 * 86400)
        fprintf(out, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
    else
        fprintf(out, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s / 3600 % 24);
}

static void put_date(FILE *out, uint64_t seconds)
{
    char text[32];
    struct tm tm;
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
        fputs(text, out);
}

/* --- Places ----------------------------------------------------------------------------------- */

static bool starts_with_any(const char *text, const char *const *beginnings)
{
    for (; *beginnings; beginnings++)
        if (strncmp(text, *beginnings, strlen(*beginnings)) == 0)
            return true;
    return false;
}

bool html_is_own(const struct model *m, const struct model_frame *frame,
                 const struct model_line *line)
{
    static const char *const systems[] = {"/lib/",       "/lib64/",      "/usr/lib/",
                                          "/usr/lib64/", "/usr/libexec", NULL};
    static const char *const headers[] = {"/usr/include/", "/usr/lib/", NULL};
    const char *path = frame->module ? frame->module->path : "";
    if (*path != '/' || (strcmp(path, m->program) != 0 && starts_with_any(path, systems)))
        return false;
    if (line->function && strcmp(line->function, "_start") == 0)
        return false;
    return !line->file || !starts_with_any(line->file, headers);
}

struct html_place html_place(const struct model *m, const struct model_site *site)
{
    static const struct model_line unknown;
    const struct model_frame *top = site->stack;
    for (const struct model_frame *f = top; f; f = f->caller) {
        for (uint32_t i = 0; i < f->line_count; i++)
            if (html_is_own(m, f, &f->lines[i]))
                return (struct html_place){f, &f->lines[i]};
        if (!f->line_count && html_is_own(m, f, &unknown))
            return (struct html_place){f, &unknown};
    }
    return (struct html_place){top, top && top->line_count ? top->lines : &unknown};
}

static void put_function(FILE *out, const struct html_place *place)
{
    if (place->line->function) {
        char *name = html_short_name(place->line->function);
        put_text(out, name);
        free(name);
    } else if (place->frame && place->frame->module)
        fprintf(out, "0x%" PRIx64, model_offset(place->frame));
    else if (place->frame)
        fprintf(out, "0x%" PRIx64, place->frame->pc);
    else
        fputs("no stack was recorded", out);
}

/* File and line, or else the module. */
static void put_file(FILE *out, const struct html_place *place)
{
    if (place->line->file) {
        put_text(out, model_basename(place->line->file));
        if (place->line->line)
            fprintf(out, ":%" PRIu32, place->line->line);
    } else if (place->frame && place->frame->module) {
        put_text(out, model_basename(place->frame->module->path));
    }
}

/* --- Summary ---------------------------------------------------------------------------------- */

size_t html_site_count(const struct model *m)
{
    return m->shown_count < HTML_SITES_MOST ? m->shown_count : HTML_SITES_MOST;
}

static bool is_lost(enum model_kind kind)
{
    return kind == MODEL_DEFINITE || kind == MODEL_INDIRECT;
}

static struct model_total lost_total(const struct model *m)
{
    return (struct model_total){
        m->total[MODEL_DEFINITE].bytes + m->total[MODEL_INDIRECT].bytes,
        m->total[MODEL_DEFINITE].blocks + m->total[MODEL_INDIRECT].blocks,
    };
}

static void put_title(const struct model *m, FILE *out)
{
    struct model_total lost = lost_total(m);
    put_text(out, model_basename(m->program));
    fputs(lost.blocks ? " lost " : ": no leaks", out);
    if (lost.blocks)
        put_size(out, lost.bytes);
}

static uint64_t weight(const struct model_site *site)
{
    return site->bytes + site->indirect.bytes;
}

/* With what is lost through it, the site of the most. */
static size_t heaviest(const struct model *m)
{
    size_t found = 0;
    for (size_t i = 1; i < html_site_count(m); i++)
        if (is_lost(m->shown[i]->kind) && weight(m->shown[i]) > weight(m->shown[found]) &&
            (m->shown[found]->kind == MODEL_INDIRECT || m->shown[i]->kind == MODEL_DEFINITE))
            found = i;
    return found;
}

static void put_first_place(const struct model *m, FILE *out, uint64_t lost_bytes)
{
    size_t number = heaviest(m);
    const struct model_site *site = m->shown[number];
    struct html_place place = html_place(m, site);
    fputs("<p>The most, ", out);
    put_size(out, weight(site));
    if (lost_bytes >= weight(site) && lost_bytes)
        fprintf(out, " (%.0f %%)", 100.0 * (double)weight(site) / (double)lost_bytes);
    if (site->indirect.bytes)
        fputs(" with what hangs on it", out);
    fprintf(out, ", in <a href=\"#site-%zu\"><code>", number + 1);
    put_function(out, &place);
    fputs("</code></a> <span class=\"file\">", out);
    put_file(out, &place);
    fputs("</span></p>\n", out);
}

static void put_since(const struct model *m, FILE *out)
{
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < m->shown_count; i++)
        if (is_lost(m->shown[i]->kind)) {
            first = m->shown[i]->first_ms < first ? m->shown[i]->first_ms : first;
            last = m->shown[i]->last_ms > last ? m->shown[i]->last_ms : last;
        }
    fputs("<p>Allocated since ", out);
    put_time(out, first);
    fputs(" after start (", out);
    put_date(out, m->start_s + first / 1000);
    if (last != first) {
        fputs("), the last ", out);
        put_time(out, last);
        fputs(" after start", out);
    } else {
        putc(')', out);
    }
    fputs("</p>\n", out);
}

static void put_lead(const struct model *m, FILE *out)
{
    struct model_total lost = lost_total(m);
    size_t sites = 0;
    for (size_t i = 0; i < m->shown_count; i++)
        sites += is_lost(m->shown[i]->kind);
    if (lost.blocks) {
        fputs("<p>", out);
        put_count(out, lost.blocks, "block");
        fputs(" that nothing can reach any more", out);
        if (sites) {
            fputs(", from ", out);
            put_count(out, sites, "call stack");
        }
        fputs("</p>\n", out);
    }
    if (sites) {
        put_first_place(m, out, lost.bytes);
        put_since(m, out);
    }
}

static void put_notes(const struct model *m, FILE *out)
{
    for (size_t i = 0; i < m->doubt_count; i++) {
        fputs("<p class=\"note\"><strong>Incomplete:</strong> ", out);
        put_text(out, m->doubts[i]);
        fputs("</p>\n", out);
    }
    if (!m->is_live)
        return;
    fprintf(out,
            "<p class=\"note\"><strong>The program goes on:</strong> this is what scan %" PRIu32
            " (",
            m->scan);
    put_text(out, m->cause);
    fputs(") found to be new, ", out);
    put_time(out, m->begun_ms);
    fputs(" after start</p>\n", out);
}

/* The filters by kind are the totals, too. What is no leak is not marked at first, so as not to dwarf the leaks. */
static void put_kinds(const struct model *m, FILE *out)
{
    static const char *const names[MODEL_KINDS] = {
        "Definitely lost", "Indirectly lost", "Possibly lost", "Still reachable", "Suppressed"};
    bool some_lost = m->shown_count && m->shown[0]->kind < MODEL_REACHABLE;
    for (int k = 0; k < MODEL_KINDS; k++) {
        size_t sites = 0;
        for (size_t i = 0; i < html_site_count(m); i++)
            sites += (int)m->shown[i]->kind == k;
        fprintf(out,
                "<li><label><input type=\"checkbox\" data-kind=\"%d\" %s>"
                "<span class=\"kind-name\">%s</span> <span class=\"kind-size\">",
                k,
                !sites                              ? "disabled"
                : k >= MODEL_REACHABLE && some_lost ? ""
                                                    : "checked",
                names[k]);
        put_size(out, m->total[k].bytes);
        fputs("</span> <span class=\"kind-count\">", out);
        put_count(out, m->total[k].blocks, "block");
        if (!sites && m->total[k].blocks)
            fputs(", not listed", out);
        fputs("</span></label></li>\n", out);
    }
}

static void put_fact(FILE *out, const char *name, const char *text)
{
    fprintf(out, "<div><dt>%s</dt><dd>", name);
    put_text(out, text);
    fputs("</dd></div>\n", out);
}

static void put_facts(const struct model *m, FILE *out)
{
    fputs("<div><dt>Command</dt><dd><code>", out);
    for (size_t i = 0; i < m->argument_count; i++) {
        fputs(i ? " " : "", out);
        put_text(out, m->arguments[i]);
    }
    fputs("</code></dd></div>\n", out);
    put_fact(out, "Program", m->program);
    fprintf(out, "<div><dt>Process</dt><dd>%d on ", m->pid);
    put_text(out, m->host);
    fputs("</dd></div>\n<div><dt>Started</dt><dd>", out);
    put_date(out, m->start_s);
    fputs("</dd></div>\n<div><dt>Reported</dt><dd>", out);
    put_date(out, m->end_s);
    fputs(", after ", out);
    put_time(out, m->uptime_ms);
    fputs(" (", out);
    put_text(out, m->cause);
    fputs(")</dd></div>\n", out);
    put_fact(out, "leakgc", m->version);
}

/* --- Table ------------------------------------------------------------------------------------ */

static void put_row(const struct model *m, FILE *out, size_t number, uint64_t most_bytes)
{
    const struct model_site *s = m->shown[number];
    struct html_place place = html_place(m, s);
    fprintf(
        out,
        "<tr id=\"site-%zu\" data-site=\"%zu\" style=\"--share:%.0f%%\"><td class=\"number size\">",
        number + 1, number, most_bytes ? 100.0 * (double)s->bytes / (double)most_bytes : 0.0);
    put_size(out, s->bytes);
    fputs("</td><td class=\"number wide\">", out);
    put_grouped(out, s->blocks);
    fputs("</td><th scope=\"row\"><span class=\"function\">", out);
    put_function(out, &place);
    fputs("</span> <span class=\"file\">", out);
    put_file(out, &place);
    fprintf(out, "</span> <span class=\"narrow\">%s, ", model_kind_name(s->kind));
    put_count(out, s->blocks, "block");
    fputs(", since ", out);
    put_time(out, s->first_ms);
    fprintf(out, "</span></th><td class=\"wide\">%s</td><td class=\"number wide\">",
            model_kind_name(s->kind));
    put_time(out, s->first_ms);
    fputs("</td></tr>\n", out);
}

static void put_rows(const struct model *m, FILE *out)
{
    uint64_t most = 0;
    for (size_t i = 0; i < html_site_count(m); i++)
        most = m->shown[i]->bytes > most ? m->shown[i]->bytes : most;
    for (size_t i = 0; i < html_site_count(m); i++)
        put_row(m, out, i, most);
}

static void put_left_out(const struct model *m, FILE *out)
{
    size_t cut = m->shown_count - html_site_count(m);
    if (cut) {
        fputs("<p>Not on this page, for its size: the last ", out);
        put_count(out, cut, "site");
        fputs("</p>\n", out);
    }
    if (m->beyond_sites) {
        fputs("<p>Not listed: ", out);
        put_count(out, m->beyond_sites, "more site");
        fputs(" with ", out);
        put_size(out, m->beyond.bytes);
        fputs(" (max_sites)</p>\n", out);
    }
    if (m->below_sites) {
        fputs("<p>Not listed: ", out);
        put_count(out, m->below_sites, "site");
        fputs(" below the thresholds with ", out);
        put_size(out, m->below.bytes);
        fputs(" (min_bytes, min_blocks)</p>\n", out);
    }
}

static void put_sites_class(const struct model *m, FILE *out)
{
    fputs(m->shown_count ? "has-sites" : "has-none", out);
}

/* --- The page --------------------------------------------------------------------------------- */

static void put_style(const struct model *m, FILE *out)
{
    (void)m;
    fputs(html_style, out);
}

static void put_script(const struct model *m, FILE *out)
{
    (void)m;
    fputs(html_script, out);
}

static const struct {
    const char *name;
    void (*put)(const struct model *m, FILE *out);
} parts[] = {
    {"{{title}}", put_title},       {"{{lead}}", put_lead},
    {"{{notes}}", put_notes},       {"{{kinds}}", put_kinds},
    {"{{facts}}", put_facts},       {"{{rows}}", put_rows},
    {"{{left-out}}", put_left_out}, {"{{style}}", put_style},
    {"{{script}}", put_script},     {"{{sites-class}}", put_sites_class},
};

/* What stands at `word` in page.html; returns its length. */
static size_t put_part(const struct model *m, FILE *out, const char *word,
                       const struct format_options *options, int *result)
{
    static const char data[] = "{{data}}";
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (strncmp(word, parts[i].name, strlen(parts[i].name)) == 0) {
            parts[i].put(m, out);
            return strlen(parts[i].name);
        }
    if (strncmp(word, data, strlen(data)) == 0) {
        *result = html_put_data(m, out, options);
        return strlen(data);
    }
    fputs("{{", out);
    return 2;
}

static int write_html(const struct model *m, FILE *out, const struct format_options *options)
{
    const char *text = html_page;
    int result = 0;
    for (const char *word; result == 0 && (word = strstr(text, "{{"));) {
        fwrite(text, 1, (size_t)(word - text), out);
        text = word + put_part(m, out, word, options, &result);
    }
    fputs(text, out);
    return ferror(out) ? -EIO : result;
}

const struct format html_format = {
    .name = "html",
    .suffix = ".html",
    .write = write_html,
};
