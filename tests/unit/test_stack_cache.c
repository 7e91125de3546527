/* SPDX-License-Identifier: MIT
 *
 * stack_cache.h: made-up stacks (stacks.h) captured as capture.c does it, with each word of them
 * changed in turn; the memory of the cache; and a model: random trees of calls must be found the
 * same with the cache and without.
 *
 * Over 600 lines because what the tests of keys, memory and paying share is their model of a stack. */
#include "../../preload/stack_cache.h"

#include "../../preload/meta.h"
#include "../../preload/options.h"
#include "../../preload/space.h"
#include "../../preload/trace.h"
#include "stacks.h"
#include "unit.h"

static struct stack_model model;
static struct stack_cache cache;
static struct last_stack last;
static enum stack_path path;
static bool at_once; /* found by stack_cache_find alone */
static struct stack_walk walk;

static void setup(void)
{
    unit_alive();
    options.stack_depth = TRACE_FRAMES_MOST;
    stack_init(&model);
    model.frames_most = STACK_DEPTH + 1;
    stack_cache_init(&cache);
    last_stack_init(&last);
}

/* As capture() does it; 0: it is not remembered. */
static record remembered(void)
{
    struct stack_hint hint;
    record r = stack_cache_find(&cache, model.call, &hint);
    at_once = r != 0;
    return r ? r : stack_cache_follow(&cache, model.call, hint);
}

static record look(void)
{
    record r = remembered();
    path = STACK_HIT;
    if (r)
        return r;
    r = record_make(stack_capture(&model, &last, &path), 0);
    if (path != STACK_ALONE)
        stack_cache_learn(&cache, &last, model.call, r);
    return r;
}

static bool is_right(void)
{
    return stack_is_shown(&model, record_trace(look()));
}

static void add(enum form form, unsigned words, unsigned site)
{
    model.frame[model.depth++] = (struct function_frame){form, words, site};
}

static void lay_and_expect(enum stack_path expected)
{
    stack_lay(&model, 0x1111);
    REQUIRE(is_right());
    REQUIRE_MSG(path == expected, "path %d", path);
}

/* By a walk that knows nothing of the ones before. */
static void walk_fresh(void)
{
    stack_walk_init(&walk, options.stack_depth);
    walk_begin(&walk.walk, &model.thread, model.call);
    model.whole = walk_on(&walk.walk);
}

static void some_stack(void)
{
    model.depth = 0;
    add(FORM_SP, 9, 0);
    add(FORM_BP, 4, 0);
    add(FORM_REALIGNED, 5, 0);
    add(FORM_SP_BP, 5, 0);
    add(FORM_GUESS, 3, 0);
    add(FORM_BP, 6, 0);
    add(FORM_SP, 2, 0);
}

START_TEST(an_empty_cache_knows_nothing)
{
    some_stack();
    stack_lay(&model, 0);
    ck_assert_uint_eq(remembered(), 0);
    ck_assert_uint_eq(cache.size, 0);
    stack_cache_done(&cache); /* nothing to give back */
    ck_assert_uint_eq(remembered(), 0);
}
END_TEST

START_TEST(what_was_walked_is_remembered)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    for (int i = 0; i < 3; i++) {
        lay_and_expect(STACK_HIT);
    }
    for (unsigned depth = 1; depth <= 7; depth++) { /* all lengths, the remainders of STACK_STEP */
        some_stack();
        model.depth = depth;
        stack_lay(&model, 0x1111);
        ck_assert(is_right());
        ck_assert_int_eq(path == STACK_HIT, depth == 7);
        lay_and_expect(STACK_HIT);
    }
}
END_TEST

START_TEST(a_stack_of_one_frame_is_not_worth_it)
{
    for (int round = 0; round < 3; round++)
        lay_and_expect(STACK_ALONE);
}
END_TEST

START_TEST(learned_once)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    uint32_t used = cache.used, learned = cache.learned;
    for (int i = 0; i < 3; i++) /* walked although it is remembered */
        stack_cache_learn(&cache, &last, model.call,
                          record_make(stack_capture(&model, &last, &path), 0));
    ck_assert_uint_eq(cache.used, used);
    ck_assert_uint_eq(cache.learned, learned);
}
END_TEST

/* Another site in any one of the frames. A walk does not join beyond a guess. */
START_TEST(each_frame_changes)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    for (unsigned i = 0; i < 7; i++) {
        some_stack();
        model.frame[i].site = 1;
        lay_and_expect(i >= 5 ? STACK_JOINED : STACK_WALKED);
        lay_and_expect(STACK_HIT);
        some_stack();
        lay_and_expect(STACK_HIT);
        stack_capture(&model, &last, &path); /* it is the last one again */
    }
}
END_TEST

/* Each word that a walk depends on, changed to something that ends the walk there. */
START_TEST(each_word_changes)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    walk_fresh();
    size_t words = walk.walk.words;
    struct walk_word word[64];
    memcpy(word, walk.walk.word, words * sizeof *word);
    ck_assert_uint_gt(words, 10);
    for (size_t i = 0; i < words; i++) {
        uintptr_t *place = (uintptr_t *)((uintptr_t)(model.call + 1) + word[i].offset);
        uintptr_t saved = *place;
        *place = saved == stack_end_pc() ? 0 : stack_end_pc(); /* as a BP it is nonsense */
        walk_fresh();
        const struct unit_trace *t = unit_trace(record_trace(look()));
        model.whole = true;
        REQUIRE_MSG(path != STACK_HIT, "word %zu", i);
        REQUIRE_MSG(t->frames == walk.walk.frames && t->frames < model.frames, "word %zu", i);
        REQUIRE(!memcmp(t->pc, walk.pc, t->frames * sizeof *t->pc));
        *place = saved;
        REQUIRE_MSG(is_right() && path == STACK_HIT, "word %zu", i);
    }
}
END_TEST

/* Words that no rule reads may be anything. */
START_TEST(other_words_do_not_matter)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    walk_fresh();
    for (uintptr_t *p = model.call + 2; p < model.word + STACK_WORDS; p++) {
        bool matters = false;
        for (size_t i = 0; i < walk.walk.words; i++)
            matters |= (uintptr_t)p == (uintptr_t)(model.call + 1) + walk.word[i].offset;
        if (!matters)
            *p = 0x5555;
    }
    ck_assert(is_right());
    ck_assert_int_eq(path, STACK_HIT);
}
END_TEST

START_TEST(bp_matters_where_a_rule_reads_it)
{
    add(FORM_SP, 2, 0);
    add(FORM_SP, 4, 0);
    stack_lay(&model, 1);
    ck_assert(is_right());
    stack_lay(&model, 2); /* nobody looks at it */
    ck_assert(is_right());
    ck_assert_int_eq(path, STACK_HIT);
    model.frame[0] = (struct function_frame){FORM_BP, 2, 0};
    stack_lay(&model, 1);
    ck_assert(is_right());
    stack_lay(&model, 2); /* the model sets the right one */
    ck_assert(is_right());
    ck_assert_int_eq(path, STACK_HIT);
    model.call[0] += 8; /* the stack is the same, BP is not: the walk ends there */
    ck_assert_uint_eq(remembered(), 0);
    const struct unit_trace *t = unit_trace(record_trace(look()));
    ck_assert_int_ne(path, STACK_HIT);
    ck_assert_uint_eq(t->frames, 2);
}
END_TEST

/* A tree: many stacks that differ in one of the outer frames all become known. Three that have one
 * place in the index drive each other out until the arena is full, and emptied or doubled. */
START_TEST(branches)
{
    unsigned hits = 0, turns = 0;
    for (; hits < 64 && turns < 200; turns++) {
        hits = 0;
        for (unsigned n = 0; n < 64; n++) {
            some_stack();
            for (unsigned i = 0; i < 6; i++)
                model.frame[i].site = n >> i & 1;
            stack_lay(&model, 0);
            REQUIRE(is_right());
            hits += path == STACK_HIT;
        }
        ck_assert(turns || !hits);
    }
    ck_assert_uint_eq(hits, 64);
}
END_TEST

/* A branch at each of the words holds only those behind it, and is found from its parent. */
START_TEST(branches_hold_what_follows)
{
    enum { DEPTH = 11, UNITS = 3 }; /* of an entry without steps, and of a step */
    for (int branch = -1; branch < DEPTH - 1; branch++) {
        uint32_t used = cache.used ? cache.used : UNITS;
        model.depth = 0;
        for (int i = 0; i < DEPTH; i++)
            add(FORM_SP, 2, branch >= 0 && i == DEPTH - 2 - branch);
        stack_lay(&model, 0);
        ck_assert(is_right() && path != STACK_HIT);
        unsigned words = (unsigned)(DEPTH - 1 - branch), steps = words > 4 ? (words + 3) / 4 : 1;
        ck_assert_uint_eq(cache.used - used, UNITS + steps * UNITS);
        ck_assert(is_right() && path == STACK_HIT);
        ck_assert_int_eq(at_once, branch < 0);
    }
}
END_TEST

/* --- Rules that are forgotten ----------------------------------------------------------------- */

START_TEST(a_new_generation_empties_it)
{
    for (unsigned branch = 0; branch < 2; branch++) { /* also what is found by way of another */
        some_stack();
        stack_lay(&model, 0x1111);
        ck_assert(is_right());
        model.frame[0].site ^= branch;
        stack_lay(&model, 0x1111);
        ck_assert(is_right());
        lay_and_expect(STACK_HIT);
        frame_rules_forget(0, 0);
        ck_assert_uint_eq(remembered(), 0);
        lay_and_expect(STACK_WALKED);
        lay_and_expect(STACK_HIT);
    }
}
END_TEST

/* --- Memory ----------------------------------------------------------------------------------- */

/* As many different stacks: the first frame's size makes the base another. Each comes so often that
 * it was worth to learn it. */
static void fill(unsigned from, unsigned to)
{
    for (unsigned n = from; n < to; n++) {
        model.depth = 0;
        add(FORM_BP, 2 + n % 1000, 0);
        add(FORM_SP, 2, n / 1000 % 16);
        add(FORM_SP, 4, n / 16000 % 16);
        stack_lay(&model, 0);
        for (int i = 0; i < 6; i++) /* more than needed: its root may lose its place to a branch */
            REQUIRE(is_right());
    }
}

/* A stack that has not been there before; whether it was learned. */
static bool show_new(unsigned n)
{
    uint32_t used = cache.used;
    model.depth = 0;
    add(FORM_BP, 2 + n % 1000, 0);
    add(FORM_SP, 2, n / 1000 % 16);
    add(FORM_SP, 4, n / 16000 % 16);
    stack_lay(&model, 0);
    REQUIRE(is_right() && path != STACK_HIT);
    return cache.used != used;
}

/* Until the arena is emptied; how many were learned since it was emptied before, of how many shown. */
static unsigned show_new_until_full(unsigned *n, unsigned *ret_learned)
{
    unsigned shown = 0, learned = 0;
    uint32_t used;
    do {
        used = cache.used;
        learned += show_new((*n)++);
        shown++;
    } while (cache.used >= used);
    *ret_learned = learned;
    return shown;
}

START_TEST(a_full_arena_is_doubled_or_emptied)
{
    fill(0, 1);
    uint32_t first = cache.size;
    ck_assert_uint_gt(first, 0);
    uint32_t size = first;
    for (unsigned n = 1; n < 200000; n += 10) {
        fill(n, n + 10);
        ck_assert(cache.size == size || cache.size == 2 * size);
        ck_assert_uint_le(cache.used, cache.size);
        size = cache.size;
    }
    ck_assert_uint_eq((size_t)size * STACK_UNIT, 2u << 20); /* and no larger */
    fill(0, 200000);
    ck_assert_uint_eq(cache.size, size);
}
END_TEST

START_TEST(with_plenty_of_hits_it_does_not_grow)
{
    for (unsigned plenty = 0; plenty < 2; plenty++) {
        unsigned n = 0, learned;
        stack_cache_done(&cache);
        last_stack_done(&last);
        show_new(n++);
        uint32_t size = cache.size, units = cache.used - 3;
        uint32_t total = (size - 3) / units;
        while (cache.learned < total)
            show_new(n++);
        for (unsigned i = 0; i < 64 * total - !plenty; i++)
            REQUIRE(remembered());
        ck_assert_uint_eq(show_new_until_full(&n, &learned), 1);
        ck_assert_uint_eq(cache.size, plenty ? size : 2 * size);
        ck_assert_uint_eq(cache.every, 1);
    }
}
END_TEST

/* What was learned as the branch of an entry that has gone is found all the same. */
START_TEST(emptied_between_branches)
{
    unsigned learned = 0, emptied = 0, hits = 0;
    for (unsigned n = 0; n < 100000 && emptied < 20; n++) {
        uint32_t used = cache.used;
        model.depth = 0;
        add(FORM_SP, 9, n / 16 % 16);
        add(FORM_SP, 9, n / 256 % 16);
        add(FORM_SP, 4, n % 16);
        add(FORM_SP, 2, n / 4096 % 16);
        stack_lay(&model, 0);
        REQUIRE(is_right());
        learned += path != STACK_HIT;
        for (int i = 0; i < 70; i++)
            look();
        emptied += cache.used < used;
        REQUIRE(is_right()); /* if its root has not lost its place in the index to a branch */
        hits += path == STACK_HIT;
    }
    ck_assert_uint_gt(learned, 1000);
    ck_assert_uint_gt(hits, learned - learned / 100);
    ck_assert_uint_eq(emptied, 20);
}
END_TEST

START_TEST(without_memory)
{
    some_stack();
    lay_and_expect(STACK_WALKED); /* the rules are known from here on */
    stack_cache_done(&cache);
    for (long n = 0; n < 2; n++) { /* the index, the arena */
        meta_fail_after = n;
        lay_and_expect(STACK_JOINED);
        meta_fail_after = -1;
        ck_assert_uint_eq(cache.size, 0);
        ck_assert_uint_eq(remembered(), 0);
    }
    uintptr_t ready = space.meta.ready; /* the index is given back where there is no arena */
    for (int i = 0; i < 1000; i++) {
        meta_fail_after = 1;
        lay_and_expect(STACK_JOINED);
    }
    ck_assert_uint_eq(space.meta.ready, ready);
    meta_fail_after = -1;
    lay_and_expect(STACK_JOINED);
    lay_and_expect(STACK_HIT);
    uint32_t size = cache.size; /* doubling fails: it goes on with what it has */
    for (unsigned n = 0; n < 2000; n++) {
        meta_fail_after = 0;
        fill(n, n + 1);
    }
    meta_fail_after = -1;
    ck_assert_uint_eq(cache.size, size);
}
END_TEST

START_TEST(done_gives_the_memory_back)
{
    fill(0, 1000);
    stack_cache_done(&cache);
    last_stack_done(&last);
    uintptr_t ready = space.meta.ready;
    for (int round = 0; round < 200; round++) {
        some_stack();
        lay_and_expect(STACK_WALKED);
        lay_and_expect(STACK_HIT);
        stack_cache_done(&cache);
        last_stack_done(&last);
        ck_assert_uint_eq(remembered(), 0);
        ck_assert_uint_eq(cache.size, 0);
    }
    ck_assert_uint_eq(space.meta.ready, ready);
}
END_TEST

START_TEST(the_deepest_stacks)
{
    for (unsigned depth = 250; depth <= 290; depth += 5) {
        model.depth = 0;
        for (unsigned i = 0; i < depth; i++)
            add(FORM_BP, 2, i % 2);
        lay_and_expect(STACK_WALKED);
        lay_and_expect(STACK_HIT);
        ck_assert_uint_eq(model.frames, depth + 1);
        model.frame[depth - 100].site ^= 1;
        lay_and_expect(STACK_WALKED);
        lay_and_expect(STACK_HIT);
        model.frame[depth - 10].site ^= 1;
        lay_and_expect(STACK_JOINED);
        lay_and_expect(STACK_HIT);
    }
}
END_TEST

/* Whose words are more than a walk can note. */
START_TEST(stacks_that_can_not_be_remembered)
{
    for (unsigned i = 0; i < 290; i++)
        add(FORM_REALIGNED, 4, 0);
    for (int round = 0; round < 3; round++)
        lay_and_expect(STACK_ALONE);
    model.frame[290 - 200].site ^= 1;
    lay_and_expect(STACK_ALONE);
}
END_TEST

/* --- Whether learning pays -------------------------------------------------------------------- */

START_TEST(stacks_that_never_come_again)
{
    static const uint32_t every[] = {4, 16, 64, 64, 64};
    unsigned n = 0, learned, shown;
    show_new(n++);
    uint32_t first = cache.size;
    while (cache.size * STACK_UNIT < 2u << 20) {
        shown = show_new_until_full(&n, &learned);
        ck_assert_uint_eq(cache.every, 1);
        ck_assert_uint_eq(learned, shown);
    }
    for (size_t i = 0; i < sizeof every / sizeof *every; i++) {
        shown = show_new_until_full(&n, &learned);
        ck_assert_uint_eq(cache.every, every[i]);
        ck_assert_uint_eq(cache.size, first); /* a small one will do */
        if (i)
            ck_assert_uint_eq(shown, learned * every[i - 1]);
        ck_assert_uint_eq(cache.hits, 0);
        ck_assert_uint_eq(cache.learned, 1);
    }
    ck_assert_uint_lt(n, 256000); /* all were new */
}
END_TEST

/* If those few that were learned come again often enough for all, all are learned again. */
START_TEST(stacks_that_come_again)
{
    for (unsigned enough = 0; enough < 2; enough++) {
        unsigned n = 0, learned;
        stack_cache_done(&cache);
        last_stack_done(&last);
        while (cache.every == 1)
            show_new(n++);
        ck_assert_uint_eq(cache.every, 4);
        uint32_t used = cache.used;
        while (!show_new(n++))
            ;
        uint32_t units = cache.used - used; /* of each */
        uint32_t total = cache.learned + (cache.size - cache.used) / units;
        for (unsigned i = cache.hits; i < 3 * 4 * total - !enough; i++)
            REQUIRE(is_right() && path == STACK_HIT);
        show_new_until_full(&n, &learned);
        ck_assert_uint_eq(cache.every, enough ? 1 : 16);
        ck_assert_uint_eq(show_new(n++), enough);
    }
}
END_TEST

/* After 16 times in vain, once in 16, until it is not in vain. */
START_TEST(looked_for_seldom_where_it_is_not_found)
{
    struct stack_model branch, other;
    for (unsigned site = 0; site < 2; site++) { /* the second one hangs from the first */
        some_stack();
        model.frame[0].site = site;
        lay_and_expect(STACK_WALKED);
    }
    branch = model;
    some_stack();
    model.frame[1].site = 1; /* not learned */
    other = model;
    for (int misses = 14; misses <= 17; misses++) {
        model = branch;
        stack_lay(&model, 0x1111);
        ck_assert(remembered() && !at_once);
        model = other;
        stack_lay(&model, 0x1111);
        for (int i = 0; i < misses; i++)
            ck_assert_uint_eq(remembered(), 0);
        model = branch;
        stack_lay(&model, 0x1111);
        for (int i = misses; i >= 16 && i < 31; i++)
            ck_assert_uint_eq(remembered(), 0);
        for (int i = 0; i < 40; i++)
            ck_assert_uint_ne(remembered(), 0);
    }
}
END_TEST

/* A thread does as it would have been best for the one that ended before it. */
START_TEST(new_threads_know_whether_it_paid)
{
    unsigned n = 0;
    for (int round = 0; round < 4; round++) {
        ck_assert_uint_eq(cache.every, round % 2 ? 16 : 1);
        bool paid = round % 2;
        uint32_t every = cache.every;
        while (cache.learned < 63)
            show_new(n++);
        some_stack();
        stack_lay(&model, 0x1111);
        while (!remembered())
            look();
        while (cache.hits < cache.learned * every * 3 - !paid)
            REQUIRE(remembered());
        stack_cache_done(&cache);
        stack_cache_init(&cache);
    }
    ck_assert_uint_eq(cache.every, 1);
    for (int round = 0; round < 3; round++) { /* too few to tell */
        while (cache.learned < 63)
            show_new(n++);
        stack_cache_done(&cache);
        stack_cache_init(&cache);
        ck_assert_uint_eq(cache.every, 1);
    }
}
END_TEST

/* --- Keys ------------------------------------------------------------------------------------- */

static void lay_of(unsigned words, unsigned site)
{
    model.depth = 0;
    add(FORM_BP, words, 0);
    add(FORM_SP, 2, site);
    stack_lay(&model, 0x1111);
}

/* Two, then three keys with one place in the index: two are kept. */
START_TEST(keys_with_the_same_hash)
{
    struct {
        unsigned words, site;
    } same[3];
    unsigned found = 0;
    fill(0, 1);
    some_stack();
    for (unsigned n = 0; n < 16000 && found < 3; n++) {
        lay_of(2 + n % 1000, n / 1000);
        size_t h = stack_hash(&cache, (uintptr_t)(model.call + 1), model.call[1]);
        if (h == 7)
            same[found].words = 2 + n % 1000, same[found++].site = n / 1000;
    }
    ck_assert_uint_eq(found, 3);
    for (int round = 0; round < 10; round++)
        for (unsigned i = 0; i < 2; i++) {
            lay_of(same[i].words, same[i].site);
            lay_and_expect(round ? STACK_HIT : STACK_JOINED);
            lay_and_expect(STACK_HIT);
        }
    frame_rules_forget(0, 0);
    for (unsigned i = 0; i < 2; i++) { /* at either place they are of an old generation */
        lay_of(same[i].words, same[i].site);
        ck_assert_uint_eq(remembered(), 0);
    }
    for (int round = 0; round < 4; round++)
        for (unsigned i = 0; i < 3; i++) {
            lay_of(same[i].words, same[i].site);
            REQUIRE(is_right());
        }
}
END_TEST

/* --- The model -------------------------------------------------------------------------------- */

/* A program that calls and returns at random; at each step it "allocates". */
START_TEST(random_trees_of_calls)
{
    enum { STEPS = UNIT_TSAN ? 20000 : 100000 };
    uint64_t seed = unit_seed(8000 + (uint64_t)_i);
    size_t paths[4] = {0};
    for (int step = 0; step < STEPS; step++) {
        size_t back = unit_below(&seed, unit_below(&seed, 8) ? 3 : 1 + model.depth);
        model.depth -= back < model.depth ? (unsigned)back : model.depth;
        for (size_t n = unit_below(&seed, 4); n && model.depth < 40; n--) {
            model.frame[model.depth] = stack_random_frame(&seed, unit_below(&seed, 200) == 0);
            model.depth++;
        }
        if (model.depth && unit_below(&seed, 4) == 0)
            model.frame[unit_below(&seed, model.depth)].site ^= 1;
        if (unit_below(&seed, 1000) == 0)
            frame_rules_forget(0, 0);
        if (unit_below(&seed, 300) == 0)
            meta_fail_after = 0;
        stack_lay(&model, unit_random(&seed));
        REQUIRE_MSG(is_right(), "step %d", step);
        paths[path]++;
        meta_fail_after = -1;
    }
    ck_assert_uint_gt(paths[STACK_HIT], STEPS / 20);
    ck_assert_uint_gt(paths[STACK_JOINED], STEPS / 50);
    ck_assert_uint_gt(paths[STACK_WALKED], STEPS / 20);
}
END_TEST

Suite *suite_stack_cache(void)
{
    Suite *s = suite_create("stack_cache");
    TCase *c = unit_case(s, "stack_cache");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, an_empty_cache_knows_nothing);
    tcase_add_test(c, what_was_walked_is_remembered);
    tcase_add_test(c, a_stack_of_one_frame_is_not_worth_it);
    tcase_add_test(c, learned_once);
    tcase_add_test(c, each_frame_changes);
    tcase_add_test(c, each_word_changes);
    tcase_add_test(c, other_words_do_not_matter);
    tcase_add_test(c, bp_matters_where_a_rule_reads_it);
    tcase_add_test(c, branches);
    tcase_add_test(c, branches_hold_what_follows);
    tcase_add_test(c, a_new_generation_empties_it);
    tcase_add_test(c, keys_with_the_same_hash);
    c = unit_case(s, "stack_cache_memory");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, a_full_arena_is_doubled_or_emptied);
    tcase_add_test(c, with_plenty_of_hits_it_does_not_grow);
    tcase_add_test(c, emptied_between_branches);
    tcase_add_test(c, without_memory);
    tcase_add_test(c, done_gives_the_memory_back);
    tcase_add_test(c, the_deepest_stacks);
    tcase_add_test(c, stacks_that_can_not_be_remembered);
    tcase_add_test(c, stacks_that_never_come_again);
    tcase_add_test(c, stacks_that_come_again);
    tcase_add_test(c, looked_for_seldom_where_it_is_not_found);
    tcase_add_test(c, new_threads_know_whether_it_paid);
    c = unit_case(s, "stack_cache_model");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_loop_test(c, random_trees_of_calls, 0, 3);
    return s;
}
