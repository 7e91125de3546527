/* SPDX-License-Identifier: MIT
 *
 * suppress.h: which blocks are quiet. The suppression is met by stacks of this program (obj:), not by those
 * of nobody's code. */
#include "../../report/suppress.h"

#include <unistd.h>

#include "../../preload/alloc.h"
#include "../../preload/module.h"
#include "../../preload/trace.h"
#include "unit.h"

enum { MOST = 64 };

static struct candidate candidates[MOST];
static struct live scan;

static void read_suppressions(const char *text)
{
    char path[] = "/tmp/leakgc-unit-XXXXXX";
    int fd = mkstemp(path);
    REQUIRE(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    options.suppressions = path;
    suppress_init();
    unlink(path);
}

static void setup(void)
{
    unit_alive();
    module_refresh();
    scan = (struct live){.candidate = candidates};
    read_suppressions("{\nthis program\nMemcheck:Leak\nobj:*/unit-tests\n}\n");
}

enum whose { KNOWN, OURS };

static uint32_t stack_of(enum whose whose)
{
    uintptr_t pc = whose == OURS ? 0x1000 : (uintptr_t)setup + 4;
    return trace_intern(&pc, 1);
}

/* A live block as a candidate; where it is. KNOWN: to the suppression. */
static uintptr_t *lose(enum whose whose, enum loss_kind kind, size_t bytes)
{
    bool zeroed;
    record r = record_make(stack_of(whose), 1);
    void *p = heap_alloc(thread_current()->heap, sizeclass_of(bytes), bytes, r, &zeroed);
    struct block b;
    REQUIRE(p && alloc_find((uintptr_t)p, &b) && scan.count < MOST);
    memset(p, 0, bytes);
    size_t at = scan.count++;
    for (; at > 0 && candidates[at - 1].begin > b.begin; at--)
        candidates[at] = candidates[at - 1];
    candidates[at] = (struct candidate){
        .begin = b.begin, .bytes = bytes, .record = b.record, .kind = kind, .carried = {1, 1}};
    scan.scan.total[kind].bytes += bytes;
    scan.scan.total[kind].blocks++;
    return p;
}

static const struct candidate *find(const uintptr_t *p)
{
    for (size_t i = 0; i < scan.count; i++)
        if (candidates[i].begin == (uintptr_t)p)
            return &candidates[i];
    return NULL;
}

static uint32_t kind(const uintptr_t *p)
{
    return find(p)->kind;
}

static void point(uintptr_t *from, const void *to)
{
    *from = (uintptr_t)to;
}

START_TEST(only_what_matches)
{
    uintptr_t *a = lose(KNOWN, LOSS_DEFINITE, 64);
    uintptr_t *b = lose(OURS, LOSS_DEFINITE, 64);
    suppress_mark(&scan);
    ck_assert_uint_eq(kind(a), LOSS_SUPPRESSED);
    ck_assert_uint_eq(kind(b), LOSS_DEFINITE);
    ck_assert_uint_eq(scan.scan.total[LOSS_SUPPRESSED].bytes, 64);
    ck_assert_uint_eq(scan.scan.total[LOSS_DEFINITE].blocks, 1);
    ck_assert_uint_eq(suppress_list()->item[0].blocks, 1);
    ck_assert_uint_eq(suppress_list()->item[0].bytes, 64);
}
END_TEST

START_TEST(all_that_it_reaches)
{
    uintptr_t *a = lose(KNOWN, LOSS_DEFINITE, 64);
    uintptr_t *b = lose(OURS, LOSS_INDIRECT, 100);
    uintptr_t *c = lose(OURS, LOSS_INDIRECT, 1000);
    uintptr_t *d = lose(OURS, LOSS_POSSIBLE, 10);
    uintptr_t *e = lose(OURS, LOSS_INDIRECT, 10); /* nothing points to it */
    point(a + 7, b);
    point(b, (char *)c + 999); /* into it */
    point(c + 124, d);
    suppress_mark(&scan);
    ck_assert_uint_eq(kind(b), LOSS_SUPPRESSED);
    ck_assert_uint_eq(kind(c), LOSS_SUPPRESSED);
    ck_assert_uint_eq(kind(d), LOSS_SUPPRESSED);
    ck_assert_uint_eq(kind(e), LOSS_INDIRECT);
    ck_assert_uint_eq(suppress_list()->item[0].bytes, 64 + 100 + 1000 + 10);
    ck_assert_uint_eq(suppress_list()->item[0].blocks, 4);
}
END_TEST

START_TEST(not_one_past_its_end)
{
    uintptr_t *a = lose(KNOWN, LOSS_DEFINITE, 64);
    uintptr_t *b = lose(OURS, LOSS_INDIRECT, 64);
    point(a, b + 8);
    suppress_mark(&scan);
    ck_assert_uint_eq(kind(b), LOSS_INDIRECT);
}
END_TEST

START_TEST(cycles_and_chains)
{
    uintptr_t *a = lose(OURS, LOSS_DEFINITE, 64); /* leads the cycle a -> b -> c -> a */
    uintptr_t *b = lose(OURS, LOSS_INDIRECT, 64);
    uintptr_t *c = lose(KNOWN, LOSS_INDIRECT, 64);
    point(a, b);
    point(b, c);
    point(c, a);
    suppress_live(&scan);
    ck_assert_uint_eq(scan.count, 0);
    ck_assert_uint_eq(scan.scan.total[LOSS_SUPPRESSED].blocks, 3);
}
END_TEST

START_TEST(what_leads_to_it_stays)
{
    uintptr_t *a = lose(OURS, LOSS_DEFINITE, 64); /* a -> b -> c, a -> d */
    uintptr_t *b = lose(KNOWN, LOSS_INDIRECT, 32);
    uintptr_t *c = lose(OURS, LOSS_INDIRECT, 16);
    uintptr_t *d = lose(OURS, LOSS_INDIRECT, 500);
    point(a, b);
    point(a + 1, d);
    point(b, c);
    find(a);
    suppress_live(&scan);
    ck_assert_uint_eq(scan.count, 2);
    ck_assert_uint_eq(kind(a), LOSS_DEFINITE);
    ck_assert_uint_eq(find(a)->carried.bytes, 500);
    ck_assert_uint_eq(find(a)->carried.blocks, 1);
    ck_assert_uint_eq(kind(d), LOSS_INDIRECT);
    ck_assert_ptr_null(find(c));
}
END_TEST

START_TEST(live_data_is_not_taken_along)
{
    uintptr_t *a = lose(KNOWN, LOSS_DEFINITE, 64);
    uintptr_t *b = lose(OURS, LOSS_REACHABLE, 64);
    uintptr_t *c = lose(KNOWN, LOSS_REACHABLE, 64);
    uintptr_t *d = lose(OURS, LOSS_REACHABLE, 64);
    point(a, b);
    point(c, d);
    suppress_mark(&scan);
    ck_assert_uint_eq(kind(b), LOSS_REACHABLE);
    ck_assert_uint_eq(kind(c), LOSS_SUPPRESSED);
    ck_assert_uint_eq(kind(d), LOSS_SUPPRESSED);
}
END_TEST

START_TEST(scan_after_scan)
{
    uintptr_t *a = lose(KNOWN, LOSS_DEFINITE, 64);
    suppress_mark(&scan);
    ck_assert_uint_eq(kind(a), LOSS_SUPPRESSED);
    scan.count = 0;
    suppress_mark(&scan); /* no block: the figures are those of this scan */
    ck_assert_uint_eq(suppress_list()->item[0].blocks, 0);
    ck_assert(suppress_list()->item[0].used);
    lose(OURS, LOSS_DEFINITE, 64);
    lose(KNOWN, LOSS_DEFINITE, 64);
    suppress_after_fork();
    suppress_live(&scan);
    ck_assert_uint_eq(scan.count, 1);
}
END_TEST

START_TEST(no_stack)
{
    bool zeroed;
    void *p = heap_alloc(thread_current()->heap, sizeclass_of(64), 64, record_make(0, 1), &zeroed);
    candidates[scan.count++] =
        (struct candidate){.begin = (uintptr_t)p, .bytes = 64, .record = record_make(0, 1)};
    suppress_live(&scan);
    ck_assert_uint_eq(scan.count, 1);
}
END_TEST

Suite *suite_suppress(void)
{
    Suite *s = suite_create("suppress");
    TCase *c = unit_case(s, "suppress");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, only_what_matches);
    tcase_add_test(c, all_that_it_reaches);
    tcase_add_test(c, not_one_past_its_end);
    tcase_add_test(c, cycles_and_chains);
    tcase_add_test(c, what_leads_to_it_stays);
    tcase_add_test(c, live_data_is_not_taken_along);
    tcase_add_test(c, scan_after_scan);
    tcase_add_test(c, no_stack);
    return s;
}
