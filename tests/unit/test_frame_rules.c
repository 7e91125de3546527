/* SPDX-License-Identifier: MIT
 *
 * frame_rules.h: what is stored and what is not, forgetting, growth, lack of memory, threads; and
 * the rules of real code against the frames that libunwind's cursor finds.
 *
 * Whether an address is stored shows in the lock: who asks for it again does not take LOCK_RULES,
 * and debug builds abort where a lock is taken twice. */
#include "../../preload/frame_rules.h"

#include <dlfcn.h>
#include <libunwind.h>
#include <link.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/eh_frame.h"
#include "../../preload/lock.h"
#include "../../preload/meta.h"
#include "unit.h"

static bool is_same(struct rule a, struct rule b)
{
    return a.kind == b.kind && a.bp == b.bp && a.cfa == b.cfa;
}

/* Without the table. */
static struct rule right_rule(uintptr_t pc)
{
    struct dl_find_object o;
    struct rule rule = {.kind = RULE_GUESS};
    if (!_dl_find_object((void *)(pc - 1), &o))
        rule = eh_frame_rule((uintptr_t)o.dlfo_eh_frame, (uintptr_t)o.dlfo_map_start,
                             (uintptr_t)o.dlfo_map_end, pc - 1);
    return rule;
}

/* The module of libc, as return addresses. */
enum { PCS = UNIT_TSAN ? 3000 : 20000 };
static uintptr_t libc_pc(unsigned i)
{
    static uintptr_t begin, end;
    struct dl_find_object o;
    if (!begin) {
        REQUIRE(!_dl_find_object(dlsym(dlopen("libc.so.6", RTLD_NOW), "qsort"), &o));
        end = (uintptr_t)o.dlfo_map_end;
        begin = (uintptr_t)o.dlfo_map_start;
    }
    return begin + 1 + (uintptr_t)i * 7919 * 5 % (end - begin - 1);
}

static struct rule rule_if_stored(uintptr_t pc)
{
    lock_take(LOCK_RULES);
    struct rule rule = frame_rule(pc); /* aborts if it is not */
    lock_release(LOCK_RULES);
    return rule;
}

/* --- The table -------------------------------------------------------------------------------- */

START_TEST(asked_once_known_for_ever)
{
    unsigned kinds[RULE_OTHER + 1] = {0};
    for (unsigned i = 0; i < PCS; i++) {
        struct rule rule = frame_rule(libc_pc(i));
        REQUIRE_MSG(is_same(rule, right_rule(libc_pc(i))), "%u", i);
        kinds[rule.kind]++;
        if (i % 997 == 0) /* through all sizes of the table */
            for (unsigned j = 0; j <= i; j++)
                REQUIRE_MSG(is_same(rule_if_stored(libc_pc(j)), right_rule(libc_pc(j))), "%u of %u",
                            j, i);
    }
    ck_assert_uint_gt(kinds[RULE_SP], PCS / 4);
    ck_assert_uint_gt(kinds[RULE_BP], 0);
    ck_assert_uint_gt(kinds[RULE_GUESS], 0); /* data */
}
END_TEST

START_TEST(code_in_no_module_is_a_guess_and_not_stored)
{
    void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const uintptr_t pcs[] = {(uintptr_t)code + 16, (uintptr_t)&code, 0x1000, 1, 0, UINTPTR_MAX};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof pcs / sizeof *pcs; i++)
            ck_assert_uint_eq(rule_if_stored(pcs[i]).kind,
                              RULE_GUESS); /* no lock: nothing stored */
        frame_rule(libc_pc(1));            /* a table */
    }
    munmap(code, 4096);
}
END_TEST

/* The control of rule_if_stored. */
static void ask_for_the_first_time(void *unused)
{
    (void)unused;
    rule_if_stored(libc_pc(1));
}

START_TEST(what_was_not_asked_is_not_stored)
{
    frame_rule(libc_pc(2));
    int status = unit_child(ask_for_the_first_time, NULL);
    unit_captured();
    ck_assert(WIFSIGNALED(status));
}
END_TEST

START_TEST(without_memory_it_is_looked_up_each_time)
{
    for (unsigned i = 0; i < 2000; i++) { /* at the first table, and at each growth */
        meta_fail_after = 0;
        ck_assert(is_same(frame_rule(libc_pc(i)), right_rule(libc_pc(i))));
        ck_assert(is_same(frame_rule(libc_pc(i)), right_rule(libc_pc(i))));
        meta_fail_after = -1;
    }
    for (unsigned i = 0; i < 2000; i++) {
        frame_rule(libc_pc(i));
        ck_assert(is_same(rule_if_stored(libc_pc(i)), right_rule(libc_pc(i))));
    }
}
END_TEST

/* --- Forgetting ------------------------------------------------------------------------------- */

static void *open_plugin(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
    REQUIRE(n > 0);
    path[n] = '\0';
    strcpy(strrchr(path, '/'), "/plugin.so");
    void *plugin = dlopen(path, RTLD_NOW);
    REQUIRE(plugin);
    return plugin;
}

START_TEST(unloaded_code_is_forgotten)
{
    enum { COUNT = 9 };
    void *plugin = open_plugin();
    uintptr_t pc = (uintptr_t)dlsym(plugin, "plugin_function") + 1;
    struct rule rule[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        rule[i] = frame_rule(pc + i);
        ck_assert(rule[i].kind == RULE_SP || rule[i].kind == RULE_BP);
    }
    for (unsigned i = 0; i < 5000; i++) /* the table has grown meanwhile */
        frame_rule(libc_pc(i));
    dlclose(plugin);
    for (unsigned i = 0; i < COUNT; i++) /* nobody has said so yet */
        ck_assert(is_same(frame_rule(pc + i), rule[i]));
    uint32_t generation = frame_rules_generation;
    frame_rules_forget(pc + 3, pc + 6); /* half-open */
    ck_assert_uint_eq(frame_rules_generation, generation + 1);
    for (unsigned i = 0; i < COUNT; i++) {
        if (i >= 3 && i < 6)
            ck_assert_uint_eq(frame_rule(pc + i).kind, RULE_GUESS); /* code of no module now */
        else
            ck_assert(is_same(rule_if_stored(pc + i), rule[i]));
    }
    frame_rules_forget(0, UINTPTR_MAX);
    ck_assert_uint_eq(frame_rules_generation, generation + 2);
    for (unsigned i = 0; i < COUNT; i++)
        ck_assert_uint_eq(frame_rule(pc + i).kind, RULE_GUESS);
    plugin = open_plugin(); /* a module where one was: its rules are learned again */
    pc = (uintptr_t)dlsym(plugin, "plugin_function") + 1;
    for (unsigned i = 0; i < COUNT; i++)
        ck_assert(is_same(frame_rule(pc + i), rule[i]));
}
END_TEST

START_TEST(forgetting_before_anything_was_learned)
{
    uint32_t generation = frame_rules_generation;
    ck_assert_uint_ne(generation, 0);
    frame_rules_forget(0, UINTPTR_MAX);
    frame_rules_forget(5, 5);
    ck_assert_uint_eq(frame_rules_generation, generation + 2);
}
END_TEST

/* --- Threads ---------------------------------------------------------------------------------- */

static struct rule expected[PCS];

static void ask_all(void *forget, unsigned number)
{
    uint64_t seed = unit_seed(9000 + number);
    for (unsigned i = 0; i < PCS; i++) {
        unsigned n = unit_below(&seed, 2) ? i : (unsigned)unit_below(&seed, PCS);
        REQUIRE(is_same(frame_rule(libc_pc(n)), expected[n]));
        if (forget && number == 0 && i % 100 == 0)
            frame_rules_forget(libc_pc(n), libc_pc(n) + 4096);
    }
}

static void expect_all(void)
{
    for (unsigned i = 0; i < PCS; i++)
        expected[i] = right_rule(libc_pc(i));
}

START_TEST(threads_ask)
{
    expect_all();
    unit_threads(4, ask_all, NULL);
    for (unsigned i = 0; i < PCS; i++)
        frame_rule(libc_pc(i));
    for (unsigned i = 0; i < PCS; i++)
        REQUIRE(is_same(rule_if_stored(libc_pc(i)), expected[i]));
}
END_TEST

START_TEST(threads_ask_and_one_forgets)
{
    expect_all();
    unit_threads(4, ask_all, (void *)1);
}
END_TEST

/* --- Against libunwind's cursor --------------------------------------------------------------- */

static int (*get_context)(unw_context_t *);
static int (*init)(unw_cursor_t *, unw_context_t *);
static int (*step)(unw_cursor_t *);
static int (*get_reg)(unw_cursor_t *, int, unw_word_t *);
static unsigned checked[RULE_OTHER + 1];

static void find_libunwind(void)
{
    void *l = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    REQUIRE(l);
    *(void **)&get_context = dlsym(l, "_Ux86_64_getcontext");
    *(void **)&init = dlsym(l, "_ULx86_64_init_local");
    *(void **)&step = dlsym(l, "_ULx86_64_step");
    *(void **)&get_reg = dlsym(l, "_ULx86_64_get_reg");
    REQUIRE(get_context && init && step && get_reg);
}

struct registers {
    unw_word_t ip, sp, bp;
};

static struct registers registers_of(unw_cursor_t *c)
{
    struct registers r = {0, 0, 0};
    REQUIRE(!get_reg(c, UNW_REG_IP, &r.ip) && !get_reg(c, UNW_REG_SP, &r.sp) &&
            !get_reg(c, UNW_X86_64_RBP, &r.bp));
    return r;
}

/* What the rule says about the caller's registers. */
static struct registers apply(struct rule rule, struct registers r)
{
    uintptr_t cfa = (rule.kind == RULE_SP ? r.sp : r.bp) + (uintptr_t)(intptr_t)rule.cfa;
    uintptr_t bp = r.bp;
    if (rule.kind == RULE_REALIGNED) {
        cfa = *(uintptr_t *)cfa;
        bp = *(uintptr_t *)(r.bp + (uintptr_t)(8 * (intptr_t)rule.bp));
    } else if (rule.bp) {
        bp = *(uintptr_t *)(cfa - (uintptr_t)(8 * (intptr_t)rule.bp));
    }
    return (struct registers){*(uintptr_t *)(cfa - 8), cfa, bp};
}

/* Each frame of this stack from its caller on. */
__attribute__((noinline)) static void check_this_stack(void)
{
    unw_context_t context;
    unw_cursor_t cursor;
    get_context(&context);
    REQUIRE(!init(&cursor, &context));
    REQUIRE(step(&cursor) > 0); /* a return address: the rule is that of the call before it */
    for (;;) {
        struct registers r = registers_of(&cursor);
        struct rule rule = r.ip ? frame_rule(r.ip) : (struct rule){.kind = RULE_END};
        int more = step(&cursor);
        checked[rule.kind]++;
        if (more <= 0 || rule.kind == RULE_OTHER || rule.kind == RULE_GUESS) {
            REQUIRE(rule.kind == RULE_END || rule.kind == RULE_OTHER || rule.kind == RULE_GUESS);
            return;
        }
        if (rule.kind == RULE_END)
            return; /* libunwind may find a zero behind it */
        struct registers theirs = registers_of(&cursor), ours = apply(rule, r);
        REQUIRE_MSG(ours.sp == theirs.sp && ours.ip == theirs.ip && ours.bp == theirs.bp,
                    "pc 0x%lx: CFA 0x%lx, libunwind 0x%lx", r.ip, ours.sp, theirs.sp);
    }
}

static int in_qsort(const void *a, const void *b)
{
    check_this_stack();
    return *(const char *)a - *(const char *)b;
}

static int in_iteration(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)info;
    (void)size;
    (void)arg;
    check_this_stack();
    return 0;
}

static void in_a_handler(int sig)
{
    (void)sig;
    check_this_stack();
}

static void *in_a_thread(void *unused)
{
    check_this_stack();
    return unused;
}

static void realigned_caller(unsigned n)
{
    volatile char aligned[64] __attribute__((aligned(64)));
    volatile char *more = __builtin_alloca(n);
    aligned[0] = more[0] = 1;
    check_this_stack();
    REQUIRE(aligned[0] == more[0]);
}

START_TEST(rules_give_the_frames_of_libunwind)
{
    char text[] = "dcba";
    pthread_t thread;
    pthread_once_t once = PTHREAD_ONCE_INIT;
    find_libunwind();
    check_this_stack();
    qsort(text, 4, 1, in_qsort);
    bsearch("b", text, 4, 1, in_qsort);
    dl_iterate_phdr(in_iteration, NULL);
    pthread_once(&once, check_this_stack);
    realigned_caller(100);
    ck_assert_int_eq(pthread_create(&thread, NULL, in_a_thread, NULL), 0);
    pthread_join(thread, NULL);
    signal(SIGUSR1, in_a_handler);
    raise(SIGUSR1);
    ck_assert_uint_gt(checked[RULE_SP], 10);
    ck_assert_uint_gt(checked[RULE_BP], 10);
    ck_assert_uint_gt(checked[RULE_END], 5);
    ck_assert_uint_eq(checked[RULE_OTHER], 1); /* the frame of the signal */
    if (!UNIT_ASAN)                            /* whose frames are all addressed by BP */
        ck_assert_uint_gt(checked[RULE_REALIGNED], 0);
}
END_TEST

Suite *suite_frame_rules(void)
{
    Suite *s = suite_create("frame_rules");
    TCase *c = unit_case(s, "frame_rules");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, asked_once_known_for_ever);
    tcase_add_test(c, code_in_no_module_is_a_guess_and_not_stored);
    tcase_add_test(c, what_was_not_asked_is_not_stored);
    tcase_add_test(c, without_memory_it_is_looked_up_each_time);
    tcase_add_test(c, unloaded_code_is_forgotten);
    tcase_add_test(c, forgetting_before_anything_was_learned);
    tcase_add_test(c, rules_give_the_frames_of_libunwind);
    c = unit_case_threads(s, "frame_rules_threads");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, threads_ask);
    tcase_add_test(c, threads_ask_and_one_forgets);
    return s;
}
