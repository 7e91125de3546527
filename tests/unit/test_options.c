/* SPDX-License-Identifier: MIT
 *
 * options.h: every type, ranges, suffixes, quotes, which variable wins, the exact line for each bad
 * input (I16), children=0 handed to executed programs, secure mode, the table of help=1. */
#include "../../preload/options.h"

#include <unistd.h>

#include "unit.h"

static struct options standard;

/* Reads an environment of up to three variables; what was complained about. */
static const char *read3(const char *a, const char *b, const char *c)
{
    char *environment[5] = {strdup("PATH=/bin")};
    size_t n = 1;
    const char *given[] = {a, b, c};
    for (size_t i = 0; i < 3; i++)
        if (given[i])
            environment[n++] = strdup(given[i]);
    unit_capture();
    options_init(environment, false);
    const char *text = unit_captured();
    for (size_t i = 0; i < n; i++)
        free(environment[i]);
    return text;
}

static const char *read1(const char *a)
{
    return read3(a, NULL, NULL);
}

static void setup(void)
{
    unit_space();
    ck_assert_str_eq(read1(NULL), "");
    standard = options;
}

/* Of each row only those of type string do something. */
#define EQUAL_bool(key)
#define EQUAL_uint(key)
#define EQUAL_size(key)
#define EQUAL_time(key)
#define EQUAL_kinds(key)
#define EQUAL_heuristics(key)
#define EQUAL_interior(key)
#define EQUAL_mask(key)
#define EQUAL_string(key)                                                                          \
    if (strcmp(a->key, b->key))                                                                    \
        return false;                                                                              \
    a->key = b->key;

/* Whether the texts are equal; then a gets b's pointers, so that the rest can be compared as bytes. */
static bool strings_are_equal(struct options *a, const struct options *b)
{
#define OPTION(type, key, standard, lowest, highest, help) EQUAL_##type(key)
#include "../../preload/options.def"
#undef OPTION
    return true;
}

/* All options have their defaults. */
static void require_standard(void)
{
    struct options now = options;
    ck_assert(strings_are_equal(&now, &standard));
    ck_assert_mem_eq(&now, &standard, sizeof now);
}

START_TEST(defaults)
{
    ck_assert(options.enabled);
    ck_assert_str_eq(options.report, "stderr");
    ck_assert_str_eq(options.format, "");
    ck_assert_uint_eq(options.exitcode, 0);
    ck_assert(!options.min_bytes && !options.min_blocks && !options.max_sites);
    ck_assert_uint_eq(options.kinds, 1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT);
    ck_assert_uint_eq(options.stack_depth, 32);
    ck_assert(options.use_globals && options.use_stacks && options.use_registers);
    ck_assert(options.use_tls && options.use_mapped);
    ck_assert(options.use_kernel && options.use_root_regions);
    ck_assert_uint_eq(options.interior, INTERIOR_POSSIBLE);
    ck_assert_uint_eq(options.heuristics, 15);
    ck_assert(!options.unaligned);
    ck_assert_uint_eq(options.pointer_mask, UINT64_MAX);
    ck_assert_str_eq(options.only, "");
    ck_assert(options.children);
    ck_assert(!options.on__exit && !options.free_stacks && !options.details);
    ck_assert(options.symbolize);
    ck_assert_str_eq(options.helper, "");
    ck_assert(!options.verbose && !options.help && !options.selftest);
    ck_assert_str_eq(options.log, "stderr");
    ck_assert_uint_eq(options.interval, 60000000);
    ck_assert_uint_eq(options.max_cpu, 1);
    ck_assert_uint_eq(options.max_pause, 1000);
    ck_assert_uint_eq(options.min_age, 5000000);
    ck_assert_uint_eq(options.confirm, 2);
    ck_assert_str_eq(options.snapshot, "auto");
}
END_TEST

START_TEST(times)
{
    static const struct {
        const char *text;
        uint64_t us;
    } cases[] = {{"7", 7000000}, {"7s", 7000000},   {"7ms", 7000},     {"7us", 7},
                 {"0", 0},       {"2m", 120000000}, {"1h", 3600000000}};
    char variable[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(variable, sizeof variable, "LEAKGC_INTERVAL=%s", cases[i].text);
        ck_assert_str_eq(read1(variable), "");
        ck_assert_uint_eq(options.interval, cases[i].us);
    }
    static const char *const bad[] = {
        "",    "s",   "7 s", "7d", "-7", "7.5", "99999999999999999999", "99999999999999h",
        "ms7", "7mss"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(variable, sizeof variable, "LEAKGC_INTERVAL=%s", bad[i]);
        ck_assert_str_ne(read1(variable), "");
        ck_assert_uint_eq(options.interval, 60000000);
    }
}
END_TEST

START_TEST(booleans)
{
    static const char *const words[2][4] = {{"0", "no", "false", "off"},
                                            {"1", "yes", "true", "on"}};
    char text[64];
    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 4; i++) {
            snprintf(text, sizeof text, "LEAKGC_OPTIONS=verbose=%s:symbolize=%s", words[value][i],
                     words[value][i]);
            ck_assert_str_eq(read1(text), "");
            ck_assert_int_eq(options.verbose, value);
            ck_assert_int_eq(options.symbolize, value);
        }
}
END_TEST

START_TEST(numbers)
{
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=exitcode=255:stack_depth=1:max_sites=4294967295"), "");
    ck_assert_uint_eq(options.exitcode, 255);
    ck_assert_uint_eq(options.stack_depth, 1);
    ck_assert_uint_eq(options.max_sites, UINT32_MAX);
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=stack_depth=256"), "");
    ck_assert_uint_eq(options.stack_depth, 256);
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        const char *text;
        size_t bytes;
    } cases[] = {
        {"0", 0},
        {"1", 1},
        {"4k", 4096},
        {"4K", 4096},
        {"3m", 3u << 20},
        {"3M", 3u << 20},
        {"2g", (size_t)2 << 30},
        {"2G", (size_t)2 << 30},
        {"18446744073709551615", SIZE_MAX},
        {"18014398509481983k", SIZE_MAX - 1023},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "LEAKGC_MIN_BYTES=%s", cases[i].text);
        ck_assert_str_eq(read1(text), "");
        ck_assert_uint_eq(options.min_bytes, cases[i].bytes);
    }
}
END_TEST

START_TEST(kinds)
{
    static const struct {
        const char *text;
        uint32_t bits;
    } cases[] = {{"definite", 1},
                 {"indirect", 2},
                 {"possible", 4},
                 {"reachable", 8},
                 {"all", 15},
                 {"reachable,definite", 9},
                 {"possible,all", 15},
                 {"definite,definite", 1},
                 {"definite,possible", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "LEAKGC_KINDS=%s", cases[i].text);
        ck_assert_str_eq(read1(text), "");
        ck_assert_uint_eq(options.kinds, cases[i].bits);
    }
    ck_assert_str_eq(loss_kind_name(LOSS_DEFINITE), "definite");
    ck_assert_str_eq(loss_kind_name(LOSS_INDIRECT), "indirect");
    ck_assert_str_eq(loss_kind_name(LOSS_POSSIBLE), "possible");
    ck_assert_str_eq(loss_kind_name(LOSS_REACHABLE), "reachable");
    ck_assert_str_eq(loss_kind_name(LOSS_SUPPRESSED), "suppressed");
}
END_TEST

START_TEST(strings_and_quotes)
{
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=report=/tmp/a.%p:only=a*,b?:verbose=1"), "");
    ck_assert_str_eq(options.report, "/tmp/a.%p");
    ck_assert_str_eq(options.only, "a*,b?");
    ck_assert(options.verbose);
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=report=\"/tmp/a:b\":exitcode=3"), "");
    ck_assert_str_eq(options.report, "/tmp/a:b");
    ck_assert_uint_eq(options.exitcode, 3);
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=only=\"\":exitcode=\"4\""), "");
    ck_assert_str_eq(options.only, "");
    ck_assert_uint_eq(options.exitcode, 4);
    ck_assert_str_eq(read1("LEAKGC_REPORT=/tmp/a:b=c"), "");
    ck_assert_str_eq(options.report, "/tmp/a:b=c");
}
END_TEST

/* Programs overwrite their environment. */
START_TEST(strings_are_copied)
{
    char variable[] = "LEAKGC_OPTIONS=report=/tmp/report";
    char *environment[] = {variable, NULL};
    options_init(environment, false);
    memset(variable, 'x', sizeof variable - 1);
    ck_assert_str_eq(options.report, "/tmp/report");
}
END_TEST

START_TEST(empty_items_are_nothing)
{
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=::verbose=1::"), "");
    ck_assert(options.verbose);
    ck_assert_str_eq(read1("LEAKGC_OPTIONS="), "");
    require_standard();
}
END_TEST

START_TEST(the_last_item_counts)
{
    ck_assert_str_eq(read1("LEAKGC_OPTIONS=exitcode=3:exitcode=4"), "");
    ck_assert_uint_eq(options.exitcode, 4);
}
END_TEST

START_TEST(single_variables_win)
{
    ck_assert_str_eq(read3("LEAKGC_OPTIONS=exitcode=3:verbose=1", "LEAKGC_EXITCODE=5", NULL), "");
    ck_assert_uint_eq(options.exitcode, 5);
    ck_assert(options.verbose);
    ck_assert_str_eq(read3("LEAKGC_EXITCODE=5", "LEAKGC_OPTIONS=exitcode=3", NULL), "");
    ck_assert_uint_eq(options.exitcode, 5);
}
END_TEST

/* Every row of the table can be set by its own variable, in capitals. */
START_TEST(each_has_a_variable)
{
#define VALUE_bool "0"
#define VALUE_uint "2"
#define VALUE_size "77"
#define VALUE_time "77ms"
#define VALUE_string "77"
#define VALUE_kinds "possible"
#define VALUE_heuristics "newarray"
#define VALUE_interior "reachable"
#define VALUE_mask "7fffffffffff"
    static const struct {
        const char *key, *value;
    } rows[] = {
#define OPTION(type, key, standard, lowest, highest, help) {#key, VALUE_##type},
#include "../../preload/options.def"
#undef OPTION
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char one[100], list[100];
        size_t n = (size_t)snprintf(one, sizeof one, "LEAKGC_%s=", rows[i].key);
        for (size_t at = 7; at < n; at++)
            one[at] = one[at] >= 'a' && one[at] <= 'z' ? (char)(one[at] - 'a' + 'A') : one[at];
        snprintf(one + n, sizeof one - n, "%s", rows[i].value);
        snprintf(list, sizeof list, "LEAKGC_OPTIONS=%s=%s", rows[i].key, rows[i].value);
        ck_assert_str_eq(read1(one), "");
        struct options by_variable = options;
        ck_assert_str_eq(read1(list), "");
        ck_assert_msg(strings_are_equal(&by_variable, &options), "%s", one);
        ck_assert_msg(!memcmp(&by_variable, &options, sizeof options), "%s", one);
    }
}
END_TEST

START_TEST(complaints)
{
    static const struct {
        const char *variable, *line;
    } cases[] = {
        {"LEAKGC_OPTIONS=exitcode=300", "option 'exitcode': '300' is not in 0..255; using 0"},
        {"LEAKGC_OPTIONS=exitcode=256", "option 'exitcode': '256' is not in 0..255; using 0"},
        {"LEAKGC_EXITCODE=abc", "option 'exitcode': 'abc' is not in 0..255; using 0"},
        {"LEAKGC_EXITCODE=", "option 'exitcode': '' is not in 0..255; using 0"},
        {"LEAKGC_EXITCODE=-1", "option 'exitcode': '-1' is not in 0..255; using 0"},
        {"LEAKGC_EXITCODE=7k", "option 'exitcode': '7k' is not in 0..255; using 0"},
        {"LEAKGC_STACK_DEPTH=0", "option 'stack_depth': '0' is not in 1..256; using 32"},
        {"LEAKGC_STACK_DEPTH=257", "option 'stack_depth': '257' is not in 1..256; using 32"},
        {"LEAKGC_MIN_BLOCKS=4294967296",
         "option 'min_blocks': '4294967296' is not in 0..4294967295; using 0"},
        {"LEAKGC_REPORT=", "option 'report': '' is empty; using stderr"},
        {"LEAKGC_OPTIONS=log=", "option 'log': '' is empty; using stderr"},
        {"LEAKGC_OPTIONS=foo=1", "unknown option 'foo'; ignored"},
        {"LEAKGC_OPTIONS=verb=1", "unknown option 'verb'; ignored"},
        {"LEAKGC_OPTIONS=verbosely=1", "unknown option 'verbosely'; ignored"},
        {"LEAKGC_OPTIONS==1", "unknown option ''; ignored"},
        {"LEAKGC_OPTIONS=verbose", "option 'verbose' has no value (write verbose=...); ignored"},
        {"LEAKGC_FOO=1", "unknown variable 'LEAKGC_FOO'; ignored"},
        {"LEAKGC_verbose=1", "unknown variable 'LEAKGC_verbose'; ignored"},
        {"LEAKGC_OPTIONS=verbose=maybe",
         "option 'verbose': 'maybe' is not a boolean (0, 1, yes, no, true, false, on, off); "
         "using 0"},
        {"LEAKGC_SYMBOLIZE=2",
         "option 'symbolize': '2' is not a boolean (0, 1, yes, no, true, false, on, off); "
         "using 1"},
        {"LEAKGC_VERBOSE=",
         "option 'verbose': '' is not a boolean (0, 1, yes, no, true, false, on, off); using 0"},
        {"LEAKGC_MIN_BYTES=x",
         "option 'min_bytes': 'x' is not a size (bytes, or with k, M, G); using 0"},
        {"LEAKGC_MIN_BYTES=k",
         "option 'min_bytes': 'k' is not a size (bytes, or with k, M, G); using 0"},
        {"LEAKGC_MIN_BYTES=1kk",
         "option 'min_bytes': '1kk' is not a size (bytes, or with k, M, G); using 0"},
        {"LEAKGC_MIN_BYTES=1T",
         "option 'min_bytes': '1T' is not a size (bytes, or with k, M, G); using 0"},
        {"LEAKGC_MIN_BYTES=18014398509481984k",
         "option 'min_bytes': '18014398509481984k' is not a size (bytes, or with k, M, G); "
         "using 0"},
        {"LEAKGC_KINDS=lost",
         "option 'kinds': 'lost' is not a set of definite, indirect, possible, reachable, all; "
         "using definite,indirect"},
        {"LEAKGC_KINDS=definite,",
         "option 'kinds': 'definite,' is not a set of definite, indirect, possible, reachable, "
         "all; using definite,indirect"},
        {"LEAKGC_KINDS=suppressed",
         "option 'kinds': 'suppressed' is not a set of definite, indirect, possible, reachable, "
         "all; using definite,indirect"},
        {"LEAKGC_KINDS=",
         "option 'kinds': '' is not a set of definite, indirect, possible, reachable, all; "
         "using definite,indirect"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(read1(cases[i].variable), unit_log_line(cases[i].line));
        require_standard();
    }
}
END_TEST

/* Exactly one line for numbers beyond 64 bits too; the others of the list still count. */
START_TEST(a_bad_item_does_not_hurt_the_others)
{
    const char *text = read1("LEAKGC_OPTIONS=verbose=1:exitcode=99999999999999999999999:"
                             "max_sites=7:nothing=1:min_bytes=1k");
    size_t lines = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    ck_assert_uint_eq(lines, 2);
    ck_assert(options.verbose);
    ck_assert_uint_eq(options.exitcode, 0);
    ck_assert_uint_eq(options.max_sites, 7);
    ck_assert_uint_eq(options.min_bytes, 1024);
}
END_TEST

/* The line says which value is used: it must be so, whatever was set before. */
START_TEST(a_bad_value_gives_the_default)
{
    ck_assert_str_eq(read3("LEAKGC_OPTIONS=exitcode=9", "LEAKGC_EXITCODE=1000", NULL),
                     unit_log_line("option 'exitcode': '1000' is not in 0..255; using 0"));
    ck_assert_uint_eq(options.exitcode, 0);
}
END_TEST

START_TEST(other_variables_are_not_ours)
{
    ck_assert_str_eq(read3("LEAKGCX=1", "XLEAKGC_VERBOSE=1", "LEAKGC=1"), "");
    require_standard();
}
END_TEST

START_TEST(secure_mode_ignores_everything)
{
    char bad[] = "LEAKGC_OPTIONS=foo=1:verbose=1:children=0";
    char good[] = "LEAKGC_EXITCODE=3";
    char *environment[] = {bad, good, NULL};
    unit_capture();
    options_init(environment, true);
    ck_assert_str_eq(unit_captured(), unit_log_line("the program runs with privileges of another "
                                                    "user: options are ignored"));
    unit_capture();
    options_init((char *[]){"PATH=/bin", "MY_LEAKGC_EXITCODE=3", NULL}, true);
    ck_assert_str_eq(unit_captured(), "");
    require_standard();
    ck_assert_str_eq(bad, "LEAKGC_OPTIONS=foo=1:verbose=1:children=0");
}
END_TEST

START_TEST(no_environment)
{
    options_init(NULL, false);
    require_standard();
}
END_TEST

/* --- children=0 ------------------------------------------------------------------------------- */

/* Reads the environment as a program does, then as a program that it executes: whether the first
 * is active, whether the second is. */
static void pass_on(char **environment, bool *ret_parent, bool *ret_child)
{
    unit_capture();
    options_init(environment, false);
    *ret_parent = options.enabled;
    options_init(environment, false);
    *ret_child = options.enabled;
    ck_assert_str_eq(unit_captured(), "");
}

START_TEST(children)
{
    static const struct {
        const char *a, *b;
        bool child;
    } cases[] = {
        {"LEAKGC_CHILDREN=0", NULL, false},
        {"LEAKGC_CHILDREN=no", NULL, false},
        {"LEAKGC_CHILDREN=1", NULL, true},
        {"LEAKGC_OPTIONS=children=0", NULL, false},
        {"LEAKGC_OPTIONS=verbose=1:children=off:exitcode=3", NULL, false},
        {"LEAKGC_OPTIONS=verbose=1:children=1", NULL, true},
        {"LEAKGC_OPTIONS=children=0", "LEAKGC_CHILDREN=1", true},
        {"LEAKGC_OPTIONS=children=1", "LEAKGC_CHILDREN=0", false},
        {"LEAKGC_CHILDREN=0", "LEAKGC_OPTIONS=children=1", false},
        {"LEAKGC_OPTIONS=children=1:children=0", NULL, false},
        {"LEAKGC_OPTIONS=report=/tmp/children=x:children=0", NULL, false},
        {"LEAKGC_OPTIONS=verbose=1", NULL, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *a = strdup(cases[i].a);
        char *b = cases[i].b ? strdup(cases[i].b) : NULL;
        char *environment[] = {a, b, NULL};
        bool parent, child;
        pass_on(environment, &parent, &child);
        ck_assert_msg(parent, "%s %s", cases[i].a, cases[i].b ? cases[i].b : "");
        ck_assert_msg(child == cases[i].child, "%s %s", cases[i].a, cases[i].b ? cases[i].b : "");
        ck_assert_uint_eq(strlen(a), strlen(cases[i].a)); /* rewritten in place, not grown */
        free(a);
        free(b);
    }
}
END_TEST

START_TEST(children_1_changes_no_variable)
{
    char a[] = "LEAKGC_OPTIONS=children=1:verbose=0";
    char b[] = "LEAKGC_CHILDREN=yes";
    char *environment[] = {a, b, NULL};
    options_init(environment, false);
    ck_assert_str_eq(a, "LEAKGC_OPTIONS=children=1:verbose=0");
    ck_assert_str_eq(b, "LEAKGC_CHILDREN=yes");
}
END_TEST

/* Of the grandchildren too. */
START_TEST(children_0_reaches_all_generations)
{
    char a[] = "LEAKGC_OPTIONS=exitcode=3:children=0";
    char *environment[] = {a, NULL};
    options_init(environment, false);
    ck_assert(options.enabled && !options.children);
    for (int i = 0; i < 3; i++) {
        options_init(environment, false);
        ck_assert(!options.enabled);
    }
}
END_TEST

/* --- help=1 ----------------------------------------------------------------------------------- */

static void help(void *unused)
{
    (void)unused;
    dup2(stub_stderr, 2);
    options_help();
}

START_TEST(help_shows_every_option)
{
    static const char *const keys[] = {
#define OPTION(type, key, standard, lowest, highest, help) #key,
#include "../../preload/options.def"
#undef OPTION
    };
    enum { COUNT = sizeof keys / sizeof *keys };
    ck_assert_int_eq(unit_child(help, NULL), 0);
    const char *line = strchr(unit_captured(), '\n');
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_ptr_nonnull(line);
        size_t n = strlen(keys[i]);
        ck_assert_msg(!strncmp(line + 3, keys[i], n) && line[3 + n] == ' ', "%s", keys[i]);
        const char *next = strchr(line + 1, '\n');
        const char *shown = memmem(line, (size_t)(next - line), "(default: ", 10);
        ck_assert_msg(shown != NULL && next[-1] == ')', "%s", keys[i]);
        if (!strcmp(keys[i], "stack_depth"))
            ck_assert(!strncmp(shown, "(default: 32)\n", 14));
        line = next;
    }
    ck_assert_str_eq(line, "\n");
}
END_TEST

static bool suggest(const char *key, const char *value)
{
    return options_suggest(key, value, value + strlen(value));
}

START_TEST(suggestions_hold_where_nothing_was_said)
{
    read3("LEAKGC_OPTIONS=exitcode=3", "LEAKGC_MAX_SITES=4", NULL);
    ck_assert(suggest("exitcode", "7") && options.exitcode == 3);
    ck_assert(suggest("max_sites", "7") && options.max_sites == 4);
    ck_assert(suggest("min_blocks", "7") && options.min_blocks == 7);
    ck_assert(suggest("report", "a file") && !strcmp(options.report, "a file"));
    ck_assert(!suggest("nonsense", "7"));
    unit_capture();
    ck_assert(suggest("stack_depth", "1000"));
    ck_assert_str_eq(unit_captured(),
                     unit_log_line("option 'stack_depth': '1000' is not in 1..256; using 32"));
    read1(NULL);
    ck_assert(suggest("exitcode", "7") && options.exitcode == 7);
}
END_TEST

START_TEST(what_was_set_is_no_default)
{
    char *same[] = {"LEAKGC_CONTROL=/tmp/leakgc.%p", NULL};
    char *other[] = {"LEAKGC_OPTIONS=report=x", NULL};
    options_init(other, false);
    ck_assert(options_is_default(&options.control));
    ck_assert(!options_is_default(&options.report));
    options_init(same, false);
    ck_assert(!options_is_default(&options.control));
    ck_assert(options_is_default(&options.report));
    char *two[] = {"LEAKGC_OPTIONS=interval=60:max_cpu=101", NULL};
    options_init(two, false);
    ck_assert(!options_is_default(&options.interval));
    ck_assert(options_is_default(&options.max_cpu));
}
END_TEST

Suite *suite_options(void)
{
    Suite *s = suite_create("options");
    TCase *c = unit_case(s, "options_values");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, defaults);
    tcase_add_test(c, booleans);
    tcase_add_test(c, numbers);
    tcase_add_test(c, sizes);
    tcase_add_test(c, times);
    tcase_add_test(c, what_was_set_is_no_default);
    tcase_add_test(c, suggestions_hold_where_nothing_was_said);
    tcase_add_test(c, kinds);
    tcase_add_test(c, strings_and_quotes);
    tcase_add_test(c, strings_are_copied);
    tcase_add_test(c, empty_items_are_nothing);
    tcase_add_test(c, the_last_item_counts);
    tcase_add_test(c, single_variables_win);
    tcase_add_test(c, each_has_a_variable);
    c = unit_case(s, "options_complaints");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, complaints);
    tcase_add_test(c, a_bad_item_does_not_hurt_the_others);
    tcase_add_test(c, a_bad_value_gives_the_default);
    tcase_add_test(c, other_variables_are_not_ours);
    tcase_add_test(c, secure_mode_ignores_everything);
    tcase_add_test(c, no_environment);
    c = unit_case(s, "options_children");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, children);
    tcase_add_test(c, children_1_changes_no_variable);
    tcase_add_test(c, children_0_reaches_all_generations);
    c = unit_case(s, "options_help");
    tcase_add_test(c, help_shows_every_option);
    return s;
}
