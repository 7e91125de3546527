/* SPDX-License-Identifier: MIT
 *
 * Owns the options. The idea: options.def is the only list; this file turns each row into a
 * descriptor {name, type, place, default, range} and interprets descriptors, so that a new option
 * is a new row and nothing else.
 *
 * Runs before the first allocation is served: no libc state, no allocation but meta memory (values
 * of string options are copied, because programs overwrite their environment: setproctitle).
 *
 * How children=0 reaches executed programs: see find_children_value. */
#include "options.h"

#include <string.h>

#include "fmt.h"
#include "log.h"
#include "meta.h"
#include "sys.h"

struct options options;

enum type {
    TYPE_bool,
    TYPE_uint,
    TYPE_size,
    TYPE_time,
    TYPE_string,
    TYPE_kinds,
    TYPE_heuristics,
    TYPE_interior,
    TYPE_mask,
};

/* A default is a number or a string; which one, the type says. */
union standard {
    uint64_t number;
    const char *string;
};
#define STANDARD_bool(x)                                                                           \
    {                                                                                              \
        .number = (x)                                                                              \
    }
#define STANDARD_uint(x)                                                                           \
    {                                                                                              \
        .number = (x)                                                                              \
    }
#define STANDARD_size(x)                                                                           \
    {                                                                                              \
        .number = (x)                                                                              \
    }
#define STANDARD_string(x)                                                                         \
    {                                                                                              \
        .string = (x)                                                                              \
    }
#define STANDARD_time(x)                                                                           \
    {                                                                                              \
        .string = (x)                                                                              \
    }
#define STANDARD_kinds(x)                                                                          \
    {                                                                                              \
        .string = (x)                                                                              \
    }

#define STANDARD_heuristics(x) STANDARD_kinds(x)
#define STANDARD_interior(x) STANDARD_kinds(x)
#define STANDARD_mask(x) STANDARD_kinds(x)

static const struct option {
    const char *key;
    enum type type;
    void *place;
    union standard standard;
    uint64_t lowest, highest;
    const char *help;
} table[] = {
#define OPTION(type, key, standard, lowest, highest, help)                                         \
    {#key, TYPE_##type, &options.key, STANDARD_##type(standard), lowest, highest, help},
#include "options.def"
#undef OPTION
};
enum { OPTION_COUNT = sizeof table / sizeof *table };
static bool is_set[OPTION_COUNT];

static const char *const type_names[] = {"0|1", "number", "bytes", "time", "text",
                                         "set", "set",    "word",  "mask"};
static const char *const kind_names[] = {"definite", "indirect", "possible", "reachable",
                                         "suppressed"};

static const char *const heuristic_names[] = {"length64", "stdstring", "newarray",
                                              "multipleinheritance"};
static const char *const interior_names[] = {"possible", "reachable"};

/* What a pointer mask must keep: all that tells addresses of one page from those of another. */
static const uint64_t MASK_LEAST = 0x7ffffffff000;

const char *loss_kind_name(enum loss_kind kind)
{
    return kind_names[kind];
}

static bool word_is(const char *s, const char *end, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(end - s) == n && memcmp(s, word, n) == 0;
}

static bool parse_bool(const char *s, const char *end, bool *ret)
{
    static const char *const words[2][4] = {{"0", "no", "false", "off"},
                                            {"1", "yes", "true", "on"}};
    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 4; i++)
            if (word_is(s, end, words[value][i])) {
                *ret = value;
                return true;
            }
    return false;
}

static bool parse_size(const char *s, const char *end, uint64_t *ret)
{
    unsigned shift = 0;
    if (s < end) {
        char last = end[-1];
        shift = last == 'k' || last == 'K'   ? 10
                : last == 'm' || last == 'M' ? 20
                : last == 'g' || last == 'G' ? 30
                                             : 0;
    }
    uint64_t value;
    if (!fmt_parse_u64(s, end - (shift ? 1 : 0), 10, &value) || value > UINT64_MAX >> shift)
        return false;
    *ret = value << shift;
    return true;
}

static bool parse_time(const char *s, const char *end, uint64_t *ret_us)
{
    static const struct {
        const char *name;
        uint64_t us;
    } units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"m", 60000000}, {"h", 3600000000}};
    const char *unit = s;
    uint64_t factor = 1000000;
    uint64_t value;
    while (unit < end && *unit >= '0' && *unit <= '9')
        unit++;
    if (unit < end)
        factor = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (word_is(unit, end, units[i].name))
            factor = units[i].us;
    if (!factor || !fmt_parse_u64(s, unit, 10, &value) || value > UINT64_MAX / factor)
        return false;
    *ret_us = value * factor;
    return true;
}

/* Comma-separated words, of which the first `count` names have a bit each, or `all`. */
static bool parse_set(const char *s, const char *end, const char *const *names, unsigned count,
                      uint32_t *ret)
{
    uint32_t set = 0;
    while (s <= end) {
        const char *comma = memchr(s, ',', (size_t)(end - s));
        const char *stop = comma ? comma : end;
        uint32_t found = word_is(s, stop, "all") ? (1u << count) - 1 : 0;
        for (unsigned i = 0; i < count; i++)
            if (word_is(s, stop, names[i]))
                found = 1u << i;
        if (!found)
            return false;
        set |= found;
        s = stop + 1;
    }
    *ret = set;
    return true;
}

static bool parse_kinds(const char *s, const char *end, uint32_t *ret)
{
    return parse_set(s, end, kind_names, LOSS_SUPPRESSED, ret);
}

static bool parse_heuristics(const char *s, const char *end, uint32_t *ret)
{
    if (!word_is(s, end, "none"))
        return parse_set(s, end, heuristic_names, HEURISTICS, ret);
    *ret = 0;
    return true;
}

static bool parse_interior(const char *s, const char *end, uint32_t *ret)
{
    for (uint32_t i = INTERIOR_POSSIBLE; i <= INTERIOR_REACHABLE; i++)
        if (word_is(s, end, interior_names[i])) {
            *ret = i;
            return true;
        }
    return false;
}

static bool parse_mask(const char *s, const char *end, uint64_t *ret)
{
    uint64_t mask;
    if (end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
        s += 2;
    if (!fmt_parse_u64(s, end, 16, &mask) || (mask & MASK_LEAST) != MASK_LEAST)
        return false;
    *ret = mask;
    return true;
}

static const char *copy(const char *s, const char *end)
{
    size_t n = (size_t)(end - s);
    char *to = meta_alloc(n + 1);
    if (!to)
        return NULL;
    memcpy(to, s, n);
    to[n] = '\0';
    return to;
}

static bool has_text_default(const struct option *o)
{
    return o->type != TYPE_bool && o->type != TYPE_uint && o->type != TYPE_size;
}

static void complain(const struct option *o, const char *value, const char *end, const char *what)
{
    const char *shown = copy(value, end);
    is_set[o - table] = false;
    if (has_text_default(o))
        log_say("option '%s': '%s' %s; using %s", o->key, shown, what, o->standard.string);
    else
        log_say("option '%s': '%s' %s; using %lu", o->key, shown, what, o->standard.number);
}

static void complain_range(const struct option *o, const char *value, const char *end)
{
    char what[80];
    if (o->highest == UINT64_MAX)
        fmt(what, sizeof what, "is less than %lu", o->lowest);
    else
        fmt(what, sizeof what, "is not in %lu..%lu", o->lowest, o->highest);
    complain(o, value, end, what);
}

/* Those that are read by one function, and what is said of a bad value. */
static const char *const wrong[] = {
    [TYPE_bool] = "is not a boolean (0, 1, yes, no, true, false, on, off)",
    [TYPE_kinds] = "is not a set of definite, indirect, possible, reachable, all",
    [TYPE_heuristics] =
        "is not a set of length64, stdstring, newarray, multipleinheritance, all, or none",
    [TYPE_interior] = "is not possible or reachable",
    [TYPE_mask] = "is not a mask (hexadecimal, with all bits of 0x7ffffffff000)",
};

static bool parse(const struct option *o, const char *s, const char *end)
{
    switch (o->type) {
    case TYPE_bool:
        return parse_bool(s, end, o->place);
    case TYPE_kinds:
        return parse_kinds(s, end, o->place);
    case TYPE_heuristics:
        return parse_heuristics(s, end, o->place);
    case TYPE_interior:
        return parse_interior(s, end, o->place);
    case TYPE_mask:
        return parse_mask(s, end, o->place);
    default:
        return true;
    }
}

static void set_default(const struct option *o)
{
    is_set[o - table] = false;
    switch (o->type) {
    case TYPE_bool:
        *(option_bool *)o->place = o->standard.number != 0;
        break;
    case TYPE_uint:
        *(option_uint *)o->place = (uint32_t)o->standard.number;
        break;
    case TYPE_size:
        *(option_size *)o->place = o->standard.number;
        break;
    case TYPE_time:
        parse_time(o->standard.string, o->standard.string + strlen(o->standard.string), o->place);
        break;
    case TYPE_string:
        *(option_string *)o->place = o->standard.string;
        break;
    default:
        parse(o, o->standard.string, o->standard.string + strlen(o->standard.string));
        break;
    }
}

static void set_value(const struct option *o, const char *s, const char *end)
{
    uint64_t number = 0;
    set_default(o);
    is_set[o - table] = true;
    switch (o->type) {
    case TYPE_uint:
        if (!fmt_parse_u64(s, end, 10, &number) || number < o->lowest || number > o->highest)
            complain_range(o, s, end);
        else
            *(option_uint *)o->place = (uint32_t)number;
        break;
    case TYPE_size:
        if (!parse_size(s, end, &number))
            complain(o, s, end, "is not a size (bytes, or with k, M, G)");
        else if (number < o->lowest || number > o->highest)
            complain_range(o, s, end);
        else
            *(option_size *)o->place = number;
        break;
    case TYPE_time:
        if (!parse_time(s, end, &number))
            complain(o, s, end, "is not a time (seconds, or with us, ms, s, m, h)");
        else if (number > o->highest)
            complain(o, s, end, "is too long");
        else
            *(option_time *)o->place = number;
        break;
    case TYPE_string:
        if ((size_t)(end - s) < o->lowest)
            complain(o, s, end, "is empty");
        else if ((*(option_string *)o->place = copy(s, end)) == NULL)
            set_default(o);
        break;
    default:
        if (!parse(o, s, end))
            complain(o, s, end, wrong[o->type]);
        break;
    }
}

static const struct option *find(const char *key, const char *end)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (word_is(key, end, table[i].key))
            return &table[i];
    return NULL;
}

/* One `key=value` of LEAKGC_OPTIONS. A value may hold a colon inside double quotes. */
static void set_item(const char *s, const char *end)
{
    const char *equals = memchr(s, '=', (size_t)(end - s));
    const struct option *o = find(s, equals ? equals : end);
    if (!o)
        log_say("unknown option '%s'; ignored", copy(s, equals ? equals : end));
    else if (!equals)
        log_say("option '%s' has no value (write %s=...); ignored", o->key, o->key);
    else if (end - equals >= 3 && equals[1] == '"' && end[-1] == '"')
        set_value(o, equals + 2, end - 1);
    else
        set_value(o, equals + 1, end);
}

static void set_list(const char *s)
{
    while (*s) {
        const char *end = s;
        bool quoted = false;
        while (*end && (quoted || *end != ':'))
            quoted ^= *end++ == '"';
        if (end > s)
            set_item(s, end);
        s = *end ? end + 1 : end;
    }
}

/* LEAKGC_MIN_BYTES -> min_bytes: compares without copying. */
static const struct option *find_variable(const char *name, const char *end)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const char *key = table[i].key;
        const char *s = name;
        for (; s < end && *key; s++, key++)
            if (*s != (*key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key))
                break;
        if (s == end && !*key)
            return &table[i];
    }
    return NULL;
}

/* children=0 must reach the programs that this one executes, and they must tell that it was said
 * to their parent. The environment that they inherit is ours to read but not to grow, so the value
 * is rewritten in place: its first character becomes '-'. A process that finds it so is a child. */
static char *find_children_value(char **environment)
{
    char *found = NULL;
    for (char **e = environment; *e; e++) {
        if (!strncmp(*e, "LEAKGC_CHILDREN=", 16))
            return *e + 16;
        if (!strncmp(*e, "LEAKGC_OPTIONS=", 15))
            for (char *at = *e + 14; (at = strstr(at + 1, "children=")) != NULL;)
                if (at[-1] == ':' || at[-1] == '=')
                    found = at + 9;
    }
    return found;
}

/* Told only to who tried to set something. */
static void complain_secure(char **environment)
{
    for (char **e = environment; *e; e++)
        if (!strncmp(*e, "LEAKGC_", 7)) {
            log_say("the program runs with privileges of another user: options are ignored");
            return;
        }
}

void options_init(char **environment, bool secure)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        set_default(&table[i]);
    if (secure && environment)
        complain_secure(environment);
    if (secure || !environment)
        return;
    char *children = find_children_value(environment);
    if (children && *children == '-') {
        options.enabled = false;
        options.children = false;
        return;
    }
    for (char **e = environment; *e; e++)
        if (!strncmp(*e, "LEAKGC_OPTIONS=", 15))
            set_list(*e + 15);
    for (char **e = environment; *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals || strncmp(*e, "LEAKGC_", 7) || !strncmp(*e, "LEAKGC_OPTIONS=", 15))
            continue;
        const struct option *o = find_variable(*e + 7, equals);
        if (o)
            set_value(o, equals + 1, equals + strlen(equals));
        else
            log_say("unknown variable '%s'; ignored", copy(*e, equals));
    }
    if (!options.children && children)
        *children = '-';
}

bool options_suggest(const char *key, const char *value, const char *value_end)
{
    const struct option *o = find(key, key + strlen(key));
    if (o && !is_set[o - table])
        set_value(o, value, value_end);
    return o != NULL;
}

bool options_is_default(const void *place)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (table[i].place == place)
            return !is_set[i];
    return false;
}

void options_help(void)
{
    char line[512];
    size_t n =
        fmt(line, sizeof line,
            "leakgc options: LEAKGC_OPTIONS=key=value:key=value, or LEAKGC_KEY=value each\n");
    sys_write_all(2, line, n);
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option *o = &table[i];
        char standard[64];
        if (has_text_default(o))
            fmt(standard, sizeof standard, "%s", *o->standard.string ? o->standard.string : "none");
        else
            fmt(standard, sizeof standard, "%lu", o->standard.number);
        n = fmt(line, sizeof line, "  %-14s %-7s %s (default: %s)\n", o->key, type_names[o->type],
                o->help, standard);
        sys_write_all(2, line, n);
    }
}
