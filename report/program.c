/* SPDX-License-Identifier: MIT
 *
 * Owns the calls of functions that the program may define: LeakSanitizer's names, so that what was
 * written for that holds here too.
 *
 * They are weak references of the library, which the loader binds to the program's definitions: the
 * executable has to export them (-rdynamic, or linking with -lleakgc). Its symbol table is not searched,
 * that would cost every program some time at its start.
 *
 * Runs in ordinary context, outside our locks. */
#include "program.h"

#include <string.h>

#include "../preload/last_stack.h"
#include "../preload/leakgc.h"
#include "../preload/lock.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../preload/thread.h"

#pragma weak __lsan_is_turned_off
#pragma weak __lsan_default_options

/* Names that are the same on both sides have no second one. What is not here, or not among our options,
 * is told with verbose=1. */
static const struct {
    const char *theirs, *ours;
} names[] = {
    {"max_leaks", "max_sites"},
    {"use_globals", NULL},
    {"use_stacks", NULL},
    {"use_registers", NULL},
    {"use_tls", NULL},
    {"use_root_regions", NULL},
    {"exitcode", NULL},
    {"suppressions", NULL},
    {"print_suppressions", NULL},
    {"malloc_context_size", "stack_depth"},
    {"log_path", "report"},
    {"detect_leaks", "enabled"},
    {"verbosity", "verbose"},
};

static bool is(const char *s, const char *end, const char *word)
{
    return strlen(word) == (size_t)(end - s) && !memcmp(s, word, (size_t)(end - s));
}

/* --- Values that mean something else ------------------------------------------------------------ */

/* LeakSanitizer adds the process id to the name of a file; and % is no pattern there. */
static const char *file_pattern(const char *value, const char **inout_end, char *buf, size_t cap)
{
    size_t n = 0;
    if (is(value, *inout_end, "stderr") || is(value, *inout_end, "stdout"))
        return value;
    for (const char *s = value; s < *inout_end && n + 6 < cap; s++) {
        buf[n++] = *s;
        if (*s == '%')
            buf[n++] = '%';
    }
    memcpy(buf + n, ".%p", 3);
    *inout_end = buf + n + 3;
    return buf;
}

static bool count_thread(struct thread *t, void *arg)
{
    (void)t;
    ++*(size_t *)arg;
    return true;
}

/* Memory for the last stack has room for as many frames as are wanted: it is made again. */
static bool prepare_depth(void)
{
    struct thread *self = thread_self_or_null();
    size_t threads = 0;
    lock_take(LOCK_THREADS);
    thread_all_locked(count_thread, &threads);
    lock_release(LOCK_THREADS);
    if (self)
        last_stack_done(&self->last);
    return threads <= 1;
}

/* --- Options ------------------------------------------------------------------------------------ */

static bool is_quoted(const char *value, const char *end)
{
    return end - value >= 2 && (*value == '"' || *value == '\'') && end[-1] == *value;
}

static bool suggest(const char *ours, const char *value, const char *end)
{
    char path[4096];
    if (is_quoted(value, end)) {
        value++;
        end--;
    }
    if (!strcmp(ours, "report"))
        value = file_pattern(value, &end, path, sizeof path);
    if (!strcmp(ours, "verbose") && !is(value, end, "0")) { /* a level there */
        value = "1";
        end = value + 1;
    }
    if (!strcmp(ours, "stack_depth") && !prepare_depth())
        return false;
    return options_suggest(ours, value, end);
}

static void take_item(const char *item, const char *end)
{
    const char *equals = memchr(item, '=', (size_t)(end - item));
    const char *name_end = equals ? equals : end;
    bool known = false;
    for (size_t i = 0; equals && i < sizeof names / sizeof *names; i++)
        if (is(item, name_end, names[i].theirs))
            known = suggest(names[i].ours ? names[i].ours : names[i].theirs, equals + 1, end);
    if (known)
        return;
    char name[64];
    size_t n =
        (size_t)(name_end - item) < sizeof name ? (size_t)(name_end - item) : sizeof name - 1;
    memcpy(name, item, n);
    name[n] = '\0';
    log_verbose("__lsan_default_options: '%s' means nothing here; ignored", name);
}

static bool is_separator(char c)
{
    return c && strchr(" ,:\n\t\r", c);
}

static void take_list(const char *s)
{
    while (*s) {
        char quote = '\0';
        const char *begin = s;
        while (*s && (quote || !is_separator(*s))) {
            if (*s == quote)
                quote = '\0';
            else if (!quote && (*s == '\'' || *s == '"'))
                quote = *s;
            s++;
        }
        if (s > begin)
            take_item(begin, s);
        s += *s != '\0';
    }
}

void program_options(void)
{
    const char *text = &__lsan_default_options ? __lsan_default_options() : NULL;
    if (text)
        take_list(text);
}

bool program_is_turned_off(void)
{
    return &__lsan_is_turned_off && __lsan_is_turned_off();
}
