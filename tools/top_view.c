/* SPDX-License-Identifier: MIT
 *
 * Owns how the page of `leakgc top` looks:
 *
 *   two lines about the process, one empty, the names of the columns, rows or a stack, one line of keys
 *
 * Each line ends before the last column; it is cut between characters. On a terminal each ends by clearing the
 * rest, so nothing has to be cleared before, and the page does not flicker.
 *
 * Runs in ordinary context. */
#include "top_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"
#include "watched.h"

enum { LINES_AROUND = 5, LINES_LEAST = 1 };

#define BOLD "\x1b[1m"
#define INVERSE "\x1b[7m"
#define RED "\x1b[31m"
#define NORMAL "\x1b[0m"

static const char *const sort_names[SORT_COUNT] = {"live", "growth", "lost", "blocks"};

/* --- Rows ------------------------------------------------------------------------------------- */

static int64_t growth(const struct top_row *row)
{
    return (int64_t)(row->bytes - row->first_bytes);
}

static int64_t key_of(const struct top_row *row, enum top_sort sort)
{
    return sort == SORT_GROWTH   ? growth(row)
           : sort == SORT_LOST   ? (int64_t)row->lost
           : sort == SORT_BLOCKS ? (int64_t)row->blocks
                                 : (int64_t)row->bytes;
}

static int compare(const void *left, const void *right, void *arg)
{
    const struct top_row *a = *(struct top_row *const *)left;
    const struct top_row *b = *(struct top_row *const *)right;
    const struct top_view *v = arg;
    int64_t x = key_of(a, v->sort), y = key_of(b, v->sort);
    if (x != y)
        return x > y ? -1 : 1;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* Rows without a name can't be searched; they get theirs when a search begins. */
static bool is_wanted(const struct top_view *v, const struct top_row *row)
{
    return row->site && (!*v->search || !row->stack || strcasestr(row->where, v->search) ||
                         strcasestr(row->stack, v->search));
}

size_t top_view_order(const struct top_view *v, const struct top_rows *rows, struct top_row **order)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (is_wanted(v, rows->row[i]))
            order[count++] = rows->row[i];
    qsort_r(order, count, sizeof(struct top_row *), compare, (void *)(uintptr_t)v);
    return count;
}

size_t top_view_fit(struct top_view *v, size_t count)
{
    size_t room = !v->lines                  ? count
                  : v->lines <= LINES_AROUND ? LINES_LEAST
                                             : (size_t)(v->lines - LINES_AROUND);
    if (v->selected >= count)
        v->selected = count ? count - 1 : 0;
    if (v->first > v->selected)
        v->first = v->selected;
    if (v->selected >= v->first + room)
        v->first = v->selected - room + 1;
    if (v->first + room > count)
        v->first = count > room ? count - room : 0;
    return room < count - v->first ? room : count - v->first;
}

/* --- Lines ------------------------------------------------------------------------------------ */

struct page {
    const struct top_view *view;
    FILE *out;
    int lines;
};

/* Cut or, `fills`, filled up to the width. */
static void put_cut(const struct page *p, const char *text, bool fills)
{
    int room = p->view->columns > 1 ? p->view->columns - 1 : 1;
    for (struct utf8 c; (c = utf8_next(&text)).length && room > 0; room--)
        fwrite(c.bytes, 1, c.length, p->out);
    for (; fills && room > 0; room--)
        putc(' ', p->out);
}

static void put_line(struct page *p, const char *style, const char *text)
{
    bool is_plain = p->view->is_plain;
    if (!is_plain && p->view->lines && p->lines >= p->view->lines)
        return;
    if (p->lines++ && !is_plain)
        fputs("\r\n", p->out);
    if (!is_plain && *style)
        fputs(style, p->out);
    put_cut(p, text, !is_plain && strcmp(style, INVERSE) == 0);
    if (is_plain)
        putc('\n', p->out);
    else
        fputs(*style ? NORMAL "\x1b[K" : "\x1b[K", p->out);
}

static void put_and_free(struct page *p, const char *style, char *text)
{
    put_line(p, style, text);
    free(text);
}

/* --- The page --------------------------------------------------------------------------------- */

static const char *signed_bytes(char text[WATCHED_NUMBER], int64_t bytes)
{
    char number[WATCHED_NUMBER];
    if (bytes == 0)
        return "0";
    snprintf(text, WATCHED_NUMBER, "%s%.14s", bytes > 0 ? "+" : "",
             watched_bytes(number, (double)bytes));
    return text;
}

static void put_process(struct page *p, const struct top_process *q)
{
    char text[5][WATCHED_NUMBER];
    char *clean = utf8_printable(q->name);
    int64_t grown = (int64_t)(q->live.bytes - q->first_live);
    put_and_free(p, BOLD,
                 mem_format("leakgc top  %s (%d), up %" PRIu64 ".%" PRIu64 " s", clean, q->pid,
                            q->uptime_ms / 1000, q->uptime_ms / 100 % 10));
    free(clean);
    put_and_free(
        p, "",
        mem_format("live %s in %s blocks (%s)  lost %s in %s  scans %" PRIu64 "  stop %.2f ms",
                   watched_bytes(text[0], (double)q->live.bytes),
                   watched_count(text[1], (double)q->live.blocks), signed_bytes(text[2], grown),
                   watched_bytes(text[3], (double)q->lost.bytes),
                   watched_count(text[4], (double)q->lost.blocks), q->scans,
                   (double)q->stop_us / 1000));
    put_line(p, "", "");
}

static void put_row(struct page *p, const struct top_row *row, bool is_selected)
{
    char text[4][WATCHED_NUMBER];
    bool is_red = row->lost && p->view->has_color;
    const char *style = is_selected ? INVERSE : is_red ? RED : "";
    put_and_free(
        p, style,
        mem_format("%7s %8s %7s %7s  %s", watched_bytes(text[0], (double)row->bytes),
                   signed_bytes(text[1], growth(row)), watched_bytes(text[2], (double)row->lost),
                   watched_count(text[3], (double)row->blocks), row->where ? row->where : "?"));
}

static void put_header(struct page *p)
{
    static const char *const names[] = {"LIVE", "GROWTH", "LOST", "BLOCKS"};
    static const int widths[] = {7, 9, 8, 8};
    char text[80] = "";
    for (size_t i = 0; i < SORT_COUNT; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%s%s", i == p->view->sort ? "*" : "", names[i]);
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%*s", widths[i], name);
    }
    put_and_free(p, BOLD, mem_format("%s  WHERE", text));
}

static void put_rows(struct page *p, struct top_row *const *order, size_t count)
{
    struct top_view v = *p->view;
    size_t shown = top_view_fit(&v, count);
    put_header(p);
    for (size_t i = v.first; i < v.first + shown; i++)
        put_row(p, order[i], i == v.selected && !v.is_plain);
    if (!count)
        put_line(p, "", *v.search ? "nothing is called so" : "no blocks");
}

/* As much of it as there is room for. */
static void put_stack(struct page *p, const struct top_row *row)
{
    put_header(p);
    put_row(p, row, true);
    char *copy = mem_string(row->stack ? row->stack : "");
    int last = p->view->lines - 1;
    for (char *line = copy, *end; (end = strchr(line, '\n')) && p->lines < last; line = end + 1) {
        *end = 0;
        put_line(p, "", line);
    }
    free(copy);
}

static void put_keys(struct page *p)
{
    const struct top_view *v = p->view;
    while (p->lines < v->lines - 1)
        put_line(p, "", "");
    if (v->is_typing)
        put_and_free(p, "", mem_format("/%s_", v->search));
    else if (v->note)
        put_line(p, BOLD, v->note);
    else if (v->shows_stack)
        put_line(p, "", "q quit   enter back to the list   up/down next stack");
    else
        put_and_free(p, "",
                     mem_format("q quit  s sort (%s)  enter stack  / search%s%s  every %u s",
                                sort_names[v->sort], *v->search ? ": " : "", v->search,
                                v->interval_seconds));
}

char *top_view_draw(const struct top_view *v, const struct top_process *process,
                    struct top_row *const *order, size_t count, size_t *ret_bytes)
{
    char *text = NULL;
    struct page p = {.view = v, .out = open_memstream(&text, ret_bytes)};
    if (!p.out)
        return NULL;
    if (!v->is_plain)
        fputs("\x1b[H", p.out);
    put_process(&p, process);
    if (v->shows_stack && count)
        put_stack(&p, order[v->selected]);
    else
        put_rows(&p, order, count);
    if (!v->is_plain) {
        put_keys(&p);
        fputs("\x1b[J", p.out);
    }
    return fclose(p.out) == 0 ? text : NULL;
}
