/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `top`: asks for a report now and then (ask.h), and shows the page (top_view.h) for what keys
 * and time make of it.
 *
 * Runs in ordinary context. */
#include "top.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "lgc.h"
#include "mem.h"
#include "symbolize.h"
#include "terminal.h"
#include "top_view.h"
#include "watched.h"

enum { NO_TERMINAL = 1, NOT_WRITTEN = 1, NO_ANSWER = 3, ENDING_MS = 3000, NAMING_SECONDS = 10 };
enum { OPTION_ONCE = COMMAND_LONG_OPTION, OPTION_INTERVAL, OPTION_SORT, OPTION_TIMEOUT };

struct top {
    int pid, watched;
    unsigned timeout_seconds;
    struct model model; /* the last report */
    bool has_model;
    struct top_rows rows;
    struct top_row **order;
    size_t count, capacity;
    struct top_view view;
    struct top_process process;
    struct naming naming;
    int error; /* of writing a page, or 0 */
};

/* --- Reports ---------------------------------------------------------------------------------- */

static struct model_total sum(const struct model *m, enum model_kind from, enum model_kind to)
{
    struct model_total sum = {0};
    for (enum model_kind k = from; k <= to; k++) {
        sum.bytes += m->total[k].bytes;
        sum.blocks += m->total[k].blocks;
    }
    return sum;
}

static void take_in(struct top *t)
{
    const struct model *m = &t->model;
    const struct model_scan *scan = m->scan_count ? &m->scans[m->scan_count - 1] : NULL;
    struct top_process *p = &t->process;
    bool is_first = !t->rows.has_first;
    top_rows_update(&t->rows, m);
    p->name = model_basename(m->program);
    p->pid = t->pid;
    p->uptime_ms = m->uptime_ms;
    p->live = sum(m, 0, MODEL_KINDS - 1);
    p->lost = sum(m, MODEL_DEFINITE, MODEL_INDIRECT);
    p->scans = m->scan;
    p->stop_us = scan ? scan->stop_us : 0;
    p->first_live = is_first ? p->live.bytes : p->first_live;
}

/* NULL, or why there is none, to be freed. */
static char *refresh(struct top *t)
{
    uint8_t *file = NULL;
    size_t bytes;
    struct model m;
    char *error = ask_report(t->pid, "dump", t->timeout_seconds, &file, &bytes);
    if (error)
        return error;
    int result = lgc_parse(file, bytes, &m);
    free(file);
    if (result != 0 || m.is_damaged) {
        model_done(&m);
        return mem_string("what came is no report");
    }
    if (t->has_model)
        model_done(&t->model);
    t->model = m;
    t->has_model = true;
    take_in(t);
    return NULL;
}

/* --- The page --------------------------------------------------------------------------------- */

static void arrange(struct top *t)
{
    if (*t->view.search)
        top_rows_name(t->rows.row, t->rows.count, &t->model, &t->naming);
    t->order = mem_grow(t->order, t->rows.count, &t->capacity, sizeof(struct top_row *));
    t->count = top_view_order(&t->view, &t->rows, t->order);
}

static void draw(struct top *t)
{
    size_t bytes;
    arrange(t);
    size_t shown = top_view_fit(&t->view, t->count);
    top_rows_name(t->order + t->view.first, shown, &t->model, &t->naming);
    char *text = top_view_draw(&t->view, &t->process, t->order, t->count, &bytes);
    int result = text ? terminal_write(text, bytes) : -ENOMEM;
    if (result != -EAGAIN || t->view.is_plain) /* a terminal that is slow gets the next page */
        t->error = -result;
    free(text);
}

/* --- Keys ------------------------------------------------------------------------------------- */

static void type(struct top_view *v, int key)
{
    size_t length = strlen(v->search);
    if (key == KEY_ENTER || key == KEY_ESCAPE) {
        v->is_typing = false;
        if (key == KEY_ESCAPE)
            *v->search = 0;
    } else if (key == KEY_ERASE && length) {
        v->search[length - 1] = 0;
    } else if (key >= ' ' && key <= '~' && length + 1 < sizeof(v->search)) {
        v->search[length] = (char)key;
        v->search[length + 1] = 0;
    }
}

static void move(struct top *t, int64_t by)
{
    struct top_view *v = &t->view;
    int64_t last = t->count ? (int64_t)t->count - 1 : 0;
    int64_t to = (int64_t)v->selected + by;
    v->selected = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

/* False: to be left. */
static bool obey(struct top *t, int key)
{
    struct top_view *v = &t->view;
    int64_t page = v->lines > 6 ? v->lines - 6 : 1;
    if (v->is_typing) {
        type(v, key);
        return true;
    }
    switch (key) {
    case 'q':
        return false;
    case 's':
        v->sort = (v->sort + 1) % SORT_COUNT;
        v->selected = v->first = 0;
        break;
    case '/':
        v->is_typing = true;
        v->shows_stack = false;
        *v->search = 0;
        break;
    case KEY_ENTER:
        v->shows_stack = !v->shows_stack && t->count;
        break;
    case KEY_ESCAPE:
        if (!v->shows_stack)
            *v->search = 0;
        v->shows_stack = false;
        break;
    case KEY_UP:
    case 'k':
        move(t, -1);
        break;
    case KEY_DOWN:
    case 'j':
        move(t, 1);
        break;
    case KEY_PAGE_UP:
        move(t, -page);
        break;
    case KEY_PAGE_DOWN:
        move(t, page);
        break;
    case KEY_HOME:
        move(t, INT32_MIN);
        break;
    case KEY_END:
        move(t, INT32_MAX);
        break;
    default:
        break;
    }
    return true;
}

/* --- The loop --------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int fail(char *why)
{
    terminal_end();
    fprintf(stderr, "leakgc top: %s\n", why);
    free(why);
    return NO_ANSWER;
}

/* 0, or a status after a line, when a page could not be written. */
static int tell_error(const struct top *t)
{
    if (!t->error)
        return 0;
    fprintf(stderr, "leakgc top: writing the page: %s\n", strerror(t->error));
    return NOT_WRITTEN;
}

static int tell_end(void)
{
    terminal_end();
    puts("leakgc top: the program has ended");
    return 0;
}

/* Keys until it is time for the next report; whether to go on. *ret_result: how to end. */
static bool wait_for_keys(struct top *t, int64_t until_ms, int *ret_result)
{
    for (int64_t left; (left = until_ms - now_ms()) > 0;) {
        int key = terminal_key((int)left, t->watched);
        if (key == KEY_WATCHED) {
            *ret_result = tell_end();
            return false;
        }
        if (key == KEY_CLOSED || (key != KEY_RESIZED && key != KEY_NONE && !obey(t, key)))
            return false;
        terminal_size(&t->view.lines, &t->view.columns);
        draw(t);
        if (t->error)
            return false;
    }
    return true;
}

static int run(struct top *t)
{
    int result = 0;
    char *error = refresh(t); /* before the terminal is taken */
    if (error)
        return fail(error);
    if (!terminal_begin()) {
        fputs("leakgc top: stdin and stdout are no terminal; see --once\n", stderr);
        return NO_TERMINAL;
    }
    terminal_size(&t->view.lines, &t->view.columns);
    for (bool is_first = true;; is_first = false) {
        int64_t begun = now_ms();
        error = is_first ? NULL : refresh(t);
        if (error && watched_has_ended(t->watched, ENDING_MS)) {
            free(error);
            return tell_end();
        }
        if (error)
            return fail(error);
        draw(t);
        if (t->error ||
            !wait_for_keys(t, begun + (int64_t)t->view.interval_seconds * 1000, &result))
            break;
    }
    terminal_end();
    return t->error ? tell_error(t) : result;
}

static int run_once(struct top *t)
{
    char *error = refresh(t);
    if (error)
        return fail(error);
    terminal_size(&t->view.lines, &t->view.columns);
    t->view.is_plain = true;
    draw(t);
    return tell_error(t);
}

static int choose_sort(const struct command *command, const char *name, enum top_sort *ret)
{
    static const char *const names[SORT_COUNT] = {"live", "growth", "lost", "blocks"};
    for (int i = 0; i < SORT_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *ret = (enum top_sort)i;
            return 0;
        }
    return command_usage_error(command, "there is no order '%s', but live, growth, lost, blocks",
                               name);
}

static void done(struct top *t)
{
    top_rows_done(&t->rows);
    if (t->has_model)
        model_done(&t->model);
    free(t->order);
    free(t->naming.debug_path);
    if (t->watched >= 0)
        close(t->watched);
}

static int top_main(const struct command *command, int argc, char **argv)
{
    const char *no_color = getenv("NO_COLOR");
    struct top t = {.watched = -1, .timeout_seconds = ASK_TIMEOUT_SECONDS};
    unsigned pid = 0;
    bool once = false;
    int option, result = 0;
    t.view.interval_seconds = 2;
    t.view.has_color = !no_color || !*no_color;
    while (result == 0 && (option = command_next_option(command, argc, argv)) != -1) {
        if (option == OPTION_ONCE)
            once = true;
        else if (option == OPTION_SORT)
            result = choose_sort(command, optarg, &t.view.sort);
        else if (option == OPTION_INTERVAL)
            result = command_number(command, "interval", optarg, COMMAND_TIMEOUT_MOST,
                                    &t.view.interval_seconds);
        else if (option == OPTION_TIMEOUT)
            result = command_number(command, "timeout", optarg, COMMAND_TIMEOUT_MOST,
                                    &t.timeout_seconds);
    }
    if (result == 0 && argc - optind != 1)
        result = command_usage_error(command, "one process id is needed");
    if (result == 0)
        result = ask_pid(command, argv[optind], &pid);
    if (result != 0)
        return result;
    t.pid = (int)pid;
    t.watched = watched_open(t.pid);
    t.naming = (struct naming){.debug_path = mem_string(SYMBOLIZE_DEBUG_PATH),
                               .timeout_seconds = NAMING_SECONDS};
    symbolize_shut_out_network();
    result = once ? run_once(&t) : run(&t);
    done(&t);
    return result;
}

const struct command top_command = {
    .name = "top",
    .synopsis = "[--interval SECONDS] [--sort ORDER] [--once] PID",
    .summary = "Watch where a running program's memory comes from",
    .details =
        "A row for each call stack that allocated what lives now: bytes, growth since the start\n"
        "of top, bytes that are lost, blocks, and the place. Each page is made by a search.\n"
        "\n"
        "  --interval SECONDS  a new page so often (2)\n"
        "  --sort ORDER        live (default), growth, lost or blocks\n"
        "  --once              print one page, and end\n"
        "  --timeout SECONDS   give up after so long without an answer (60)\n"
        "\n"
        "Keys: q quits, s sorts by the next column, arrows and page keys move, enter shows the\n"
        "whole stack, / searches by name, escape leaves that. No colors where NO_COLOR is set.\n"
        "\n"
        "The exit status is 0 also when the program ended meanwhile, 1 when there is no terminal\n"
        "or writing failed, 3 when the program did not answer.\n",
    .short_options = ":",
    .long_options =
        (const struct option[]){
            {"interval", required_argument, NULL, OPTION_INTERVAL},
            {"sort", required_argument, NULL, OPTION_SORT},
            {"once", no_argument, NULL, OPTION_ONCE},
            {"timeout", required_argument, NULL, OPTION_TIMEOUT},
            {0},
        },
    .main = top_main,
};
