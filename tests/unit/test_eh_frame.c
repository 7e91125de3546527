/* SPDX-License-Identifier: MIT
 *
 * eh_frame.h: hand-made call frame information, right and wrong (frames.h); damaged data are read
 * between two pages without access. */
#include "../../preload/eh_frame.h"

#include "frames.h"
#include "unit.h"

static struct rule rule_of(const uint8_t *program, size_t bytes, size_t offset)
{
    struct frames f = frames_new();
    frames_add(&f, 0, 1u << 20, program, bytes);
    frames_build(&f);
    return frames_rule(&f, offset);
}

static void check(const char *what, struct rule rule, unsigned kind, int cfa, int bp)
{
    REQUIRE_MSG(rule.kind == kind, "%s: kind %u, not %u", what, rule.kind, kind);
    if (kind == RULE_SP || kind == RULE_BP || kind == RULE_REALIGNED) {
        REQUIRE_MSG(rule.cfa == cfa, "%s: CFA + %d, not %d", what, rule.cfa, cfa);
        REQUIRE_MSG(rule.bp == bp, "%s: BP at %d, not %d", what, rule.bp, bp);
    }
}

/* --- Instructions ----------------------------------------------------------------------------- */

enum { CALLER_BP = I_OFFSET | R_BP };

/* The word at BP - 8; BP + 0: how GCC describes a realigned frame. */
#define REALIGNED_CFA I_DEF_CFA_EXPRESSION, 3, 0x76, 0x78, 0x06
#define REALIGNED_BP I_EXPRESSION, R_BP, 2, 0x76, 0x00

#define CASE(kind, cfa, bp, ...)                                                                   \
    {                                                                                              \
#__VA_ARGS__, kind, cfa, bp, PROGRAM(__VA_ARGS__)                                          \
    }
#define OTHER(...) CASE(RULE_OTHER, 0, 0, __VA_ARGS__)

static const struct program_case {
    const char *text;
    unsigned kind;
    int cfa, bp;
    const uint8_t *program;
    size_t bytes;
} programs[] = {
    CASE(RULE_SP, 8, 0, I_NOP),
    CASE(RULE_SP, 8, 0, I_NOP, I_NOP, I_NOP),

    /* the CFA */
    CASE(RULE_SP, 16, 0, I_DEF_CFA_OFFSET, 16),
    CASE(RULE_SP, 128, 0, I_DEF_CFA, R_SP, 0x80, 0x01),
    CASE(RULE_SP, 0x7ffffff8, 0, I_DEF_CFA_OFFSET, 0xf8, 0xff, 0xff, 0xff, 0x07),
    CASE(RULE_BP, 8, 0, I_DEF_CFA_REGISTER, R_BP),
    CASE(RULE_BP, 16, 0, I_DEF_CFA, R_BP, 16),
    CASE(RULE_SP, 24, 0, I_DEF_CFA_SF, R_SP, 0x7d), /* -3 times -8 */
    CASE(RULE_SP, -24, 0, I_DEF_CFA_SF, R_SP, 3),
    CASE(RULE_BP, 32, 0, I_DEF_CFA_OFFSET, 8, I_DEF_CFA_SF, R_BP, 0x7c),
    CASE(RULE_SP, 32, 0, I_DEF_CFA_OFFSET_SF, 0x7c),
    CASE(RULE_SP, 1032, 0, I_DEF_CFA_OFFSET_SF, 0xff, 0x7e), /* -129 times -8 */
    OTHER(I_DEF_CFA, R_10, 0),
    OTHER(I_DEF_CFA_REGISTER, R_BX),
    OTHER(I_DEF_CFA_OFFSET, 12),
    OTHER(I_DEF_CFA_OFFSET, 0x80, 0x80, 0x80, 0x80, 0x08), /* 2^31 */
    OTHER(I_DEF_CFA_OFFSET, 0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),

    /* where BP is */
    CASE(RULE_SP, 16, 2, I_DEF_CFA_OFFSET, 16, CALLER_BP, 2),
    CASE(RULE_BP, 16, 2, I_DEF_CFA_OFFSET, 16, CALLER_BP, 2, I_DEF_CFA_REGISTER, R_BP),
    CASE(RULE_SP, 8, 3, I_OFFSET_EXTENDED, R_BP, 3),
    CASE(RULE_SP, 8, 4, I_OFFSET_EXTENDED_SF, R_BP, 4),
    CASE(RULE_SP, 8, 4, I_GNU_NEGATIVE_OFFSET, R_BP, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0x01), /* minus -4 */
    CASE(RULE_SP, 8, 32767, CALLER_BP, 0xff, 0xff, 0x01),
    CASE(RULE_SP, 8, 0, CALLER_BP, 2, I_RESTORE | R_BP),
    CASE(RULE_SP, 8, 0, CALLER_BP, 2, I_RESTORE_EXTENDED, R_BP),
    CASE(RULE_SP, 8, 0, CALLER_BP, 2, I_SAME_VALUE, R_BP),
    CASE(RULE_SP, 8, 5, CALLER_BP, 2, CALLER_BP, 5),
    OTHER(CALLER_BP, 0x80, 0x80, 0x02),      /* 2^15 words away */
    OTHER(CALLER_BP, 0),                     /* at the CFA: our 0 means "in the register" */
    OTHER(I_OFFSET_EXTENDED_SF, R_BP, 0x7e), /* above the CFA */
    OTHER(I_GNU_NEGATIVE_OFFSET, R_BP, 2),
    OTHER(I_UNDEFINED, R_BP),
    OTHER(I_REGISTER, R_BP, R_BX),
    OTHER(I_VAL_OFFSET, R_BP, 2),
    OTHER(I_VAL_OFFSET_SF, R_BP, 2),
    OTHER(I_VAL_EXPRESSION, R_BP, 2, 0x76, 0x00),
    OTHER(REALIGNED_BP), /* only together with the CFA */

    /* other registers are nobody's business */
    CASE(RULE_SP, 8, 0, I_OFFSET | R_BX, 2, I_OFFSET | 15, 9, I_RESTORE | R_BX),
    CASE(RULE_SP, 8, 0, I_OFFSET_EXTENDED, 0x80, 0x01, 2, I_UNDEFINED, R_BX),
    CASE(RULE_SP, 8, 0, I_REGISTER, R_BX, R_10, I_SAME_VALUE, R_BX),
    CASE(RULE_SP, 8, 0, I_VAL_OFFSET, R_BX, 2, I_VAL_OFFSET_SF, R_BX, 0x7e),
    CASE(RULE_SP, 8, 0, I_EXPRESSION, R_BX, 2, 0x76, 0x00, I_VAL_EXPRESSION, R_BX, 1, 0x30),
    CASE(RULE_SP, 8, 0, I_GNU_NEGATIVE_OFFSET, R_BX, 3, I_OFFSET_EXTENDED_SF, R_BX, 3),
    CASE(RULE_SP, 8, 0, I_GNU_ARGS_SIZE, 0x80, 0x01),

    /* the return address */
    CASE(RULE_END, 0, 0, I_UNDEFINED, R_RA),
    CASE(RULE_END, 0, 0, I_DEF_CFA, R_10, 12, I_UNDEFINED, R_RA),
    CASE(RULE_SP, 8, 0, I_UNDEFINED, R_RA, I_RESTORE | R_RA),
    CASE(RULE_SP, 8, 0, I_UNDEFINED, R_RA, I_OFFSET | R_RA, 1),
    OTHER(I_OFFSET | R_RA, 2),
    OTHER(I_SAME_VALUE, R_RA),
    OTHER(I_REGISTER, R_RA, R_BX),
    OTHER(I_EXPRESSION, R_RA, 2, 0x76, 0x00),
    OTHER(I_VAL_OFFSET, R_RA, 1),

    /* expressions */
    CASE(RULE_REALIGNED, -8, 0, REALIGNED_CFA, REALIGNED_BP),
    CASE(RULE_REALIGNED, -8, 0, REALIGNED_BP, REALIGNED_CFA),
    CASE(RULE_REALIGNED, -136, -2, I_DEF_CFA_EXPRESSION, 4, 0x76, 0xf8, 0x7e, 0x06, I_EXPRESSION,
         R_BP, 2, 0x76, 0x70),
    CASE(RULE_SP, 16, 2, REALIGNED_CFA, I_DEF_CFA, R_SP, 16, CALLER_BP, 2),
    OTHER(REALIGNED_CFA),
    OTHER(REALIGNED_CFA, CALLER_BP, 2),
    OTHER(REALIGNED_CFA, I_EXPRESSION, R_BP, 3, 0x76, 0x00, 0x06), /* too much */
    OTHER(REALIGNED_CFA, I_EXPRESSION, R_BP, 1, 0x76),             /* too little */
    OTHER(REALIGNED_CFA, I_EXPRESSION, R_BP, 2, 0x77, 0x00),       /* from SP */
    OTHER(REALIGNED_CFA, I_EXPRESSION, R_BP, 2, 0x76, 0x04),       /* no word */
    OTHER(REALIGNED_CFA, I_EXPRESSION, R_BP, 0),
    OTHER(REALIGNED_BP, I_DEF_CFA_EXPRESSION, 2, 0x76, 0x78),             /* not the word */
    OTHER(REALIGNED_BP, I_DEF_CFA_EXPRESSION, 4, 0x76, 0x78, 0x06, 0x06), /* twice */
    OTHER(REALIGNED_BP, I_DEF_CFA_EXPRESSION, 3, 0x76, 0x7c, 0x06),       /* no word */
    OTHER(REALIGNED_BP, I_DEF_CFA_EXPRESSION, 3, 0x77, 0x78, 0x06),       /* from SP */
    OTHER(I_DEF_CFA_EXPRESSION, 11, 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24,
          0x22), /* PLT */

    /* states */
    CASE(RULE_SP, 8, 0, I_REMEMBER, I_DEF_CFA, R_BP, 64, CALLER_BP, 2, I_RESTORE_STATE),
    CASE(RULE_SP, 8, 0, I_REMEMBER, I_UNDEFINED, R_RA, I_RESTORE_STATE),
    CASE(RULE_BP, 64, 2, I_DEF_CFA, R_BP, 64, CALLER_BP, 2, I_REMEMBER, I_DEF_CFA, R_SP, 8,
         I_RESTORE | R_BP, I_RESTORE_STATE),
    CASE(RULE_SP, 16, 0, I_DEF_CFA_OFFSET, 16, I_REMEMBER, I_DEF_CFA_OFFSET, 24, I_REMEMBER,
         I_DEF_CFA_OFFSET, 32, I_RESTORE_STATE, I_RESTORE_STATE),
    CASE(RULE_SP, 24, 0, I_DEF_CFA_OFFSET, 16, I_REMEMBER, I_DEF_CFA_OFFSET, 24, I_REMEMBER,
         I_DEF_CFA_OFFSET, 32, I_RESTORE_STATE),
    CASE(RULE_SP, 8, 0, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER,
         I_REMEMBER, I_REMEMBER), /* as deep as it goes */
    OTHER(I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER, I_REMEMBER,
          I_REMEMBER, I_REMEMBER),
    OTHER(I_RESTORE_STATE),

    /* not instructions, or not of this machine */
    OTHER(0x17),
    OTHER(0x1d),
    OTHER(0x2d),
    OTHER(0x30),
    OTHER(0x3f),
};

START_TEST(each_instruction)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const struct program_case *p = &programs[i];
        check(p->text, rule_of(p->program, p->bytes, 50), p->kind, p->cfa, p->bp);
    }
}
END_TEST

/* The same as the initial program; the function's own restores come back to it. */
START_TEST(initial_programs)
{
    static const uint8_t initial[] = {I_DEF_CFA, R_BP, 16, I_OFFSET | R_RA, 1, CALLER_BP, 2};
    struct frames f = frames_new();
    f.initial = initial;
    f.initial_bytes = sizeof initial;
    frames_add(&f, 0, 10, PROGRAM(I_NOP));
    frames_add(&f, 10, 20, PROGRAM(CALLER_BP, 5, I_RESTORE | R_BP));
    frames_add(&f, 20, 30, PROGRAM(I_UNDEFINED, R_RA, CALLER_BP, 5, I_RESTORE_EXTENDED, R_RA));
    frames_build(&f);
    check("none", frames_rule(&f, 5), RULE_BP, 16, 2);
    check("BP", frames_rule(&f, 15), RULE_BP, 16, 2);
    check("RA", frames_rule(&f, 25), RULE_BP, 16, 5);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const struct program_case *p = &programs[i];
        uint8_t all[64] = {I_DEF_CFA, R_SP, 8, I_OFFSET | R_RA, 1};
        bool restores = strstr(p->text, "I_RESTORE") != NULL;
        memcpy(all + 5, p->program, p->bytes);
        f = frames_new();
        f.initial = all;
        f.initial_bytes = 5 + p->bytes;
        frames_add(&f, 0, 10, PROGRAM(I_NOP));
        frames_build(&f);
        if (!restores || strstr(p->text, "I_RESTORE_STATE"))
            check(p->text, frames_rule(&f, 5), p->kind, p->cfa, p->bp);
    }
}
END_TEST

/* --- Locations -------------------------------------------------------------------------------- */

START_TEST(rows_begin_where_the_program_says)
{
    static const uint8_t program[] = {
        I_ADVANCE | 1,
        I_DEF_CFA_OFFSET,
        16, /* from 1 */
        I_ADVANCE | 63,
        I_DEF_CFA_OFFSET,
        24, /* 64 */
        I_ADVANCE1,
        0xff,
        I_DEF_CFA_OFFSET,
        32, /* 319 */
        I_ADVANCE2,
        0,
        0x10,
        I_DEF_CFA_OFFSET,
        40, /* 4415 */
        I_ADVANCE4,
        0,
        0,
        1,
        0,
        I_DEF_CFA_OFFSET,
        48, /* 69951 */
    };
    static const struct {
        size_t from;
        int cfa;
    } rows[] = {{0, 8}, {1, 16}, {64, 24}, {319, 32}, {4415, 40}, {69951, 48}, {80000, 0}};
    for (unsigned align = 1; align <= 4; align *= 4) {
        struct frames f = frames_new();
        f.code_align = align;
        frames_add(&f, 0, 1u << 20, program, sizeof program);
        frames_build(&f);
        for (size_t i = 0; i < 6; i++) {
            check("first", frames_rule(&f, rows[i].from * align), RULE_SP, rows[i].cfa, 0);
            check("last", frames_rule(&f, rows[i + 1].from * align - 1), RULE_SP, rows[i].cfa, 0);
        }
    }
}
END_TEST

START_TEST(set_loc)
{
    uint8_t program[] = {I_DEF_CFA_OFFSET, 16, I_SET_LOC, 0, 0, 0, 0, I_DEF_CFA_OFFSET, 24};
    struct frames f = frames_new();
    frames_add(&f, 0, 100, program, sizeof program);
    frames_build(&f);
    uintptr_t operand = f.end - 4; /* found from behind: terminator, padding, program */
    while (*(uint8_t *)operand != I_DEF_CFA_OFFSET || *(uint8_t *)(operand + 1) != 24)
        operand--;
    operand -= 4;
    int32_t distance = (int32_t)(f.text + 40 - operand);
    memcpy((void *)operand, &distance, sizeof distance);
    check("before", frames_rule(&f, 39), RULE_SP, 16, 0);
    check("at", frames_rule(&f, 40), RULE_SP, 24, 0);
}
END_TEST

START_TEST(edges_of_functions)
{
    struct frames f = frames_new();
    frames_add(&f, 16, 32, PROGRAM(I_DEF_CFA_OFFSET, 16));
    frames_add(&f, 32, 48, PROGRAM(I_DEF_CFA_OFFSET, 24)); /* right behind */
    frames_add(&f, 64, 65, PROGRAM(I_DEF_CFA_OFFSET, 32)); /* a gap, one byte */
    frames_add(&f, 80, 80, PROGRAM(I_DEF_CFA_OFFSET, 40)); /* empty */
    frames_build(&f);
    static const struct {
        size_t at;
        int cfa; /* 0: no function */
    } cases[] = {{0, 0},  {15, 0},  {16, 16}, {31, 16}, {32, 24}, {47, 24}, {48, 0},
                 {63, 0}, {64, 32}, {65, 0},  {79, 0},  {80, 0},  {81, 0},  {4096, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check("edge", frames_rule(&f, cases[i].at), cases[i].cfa ? RULE_SP : RULE_GUESS,
              cases[i].cfa, 0);
    check("far below", eh_frame_rule(f.begin, f.begin, f.end, 1), RULE_GUESS, 0, 0);
    check("far above", eh_frame_rule(f.begin, f.begin, f.end, UINTPTR_MAX), RULE_GUESS, 0, 0);
}
END_TEST

/* Each number of functions: the search finds every one. */
START_TEST(many_functions)
{
    static const uint8_t program[FRAMES_MOST][2] = {{I_DEF_CFA_OFFSET, 16}, {I_DEF_CFA_OFFSET, 24},
                                                    {I_DEF_CFA_OFFSET, 32}, {I_DEF_CFA_OFFSET, 40},
                                                    {I_DEF_CFA_OFFSET, 48}, {I_DEF_CFA_OFFSET, 56},
                                                    {I_DEF_CFA_OFFSET, 64}, {I_DEF_CFA_OFFSET, 72}};
    for (unsigned count = 0; count <= FRAMES_MOST; count++) {
        struct frames f = frames_new();
        for (unsigned i = 0; i < count; i++)
            frames_add(&f, 100 + i * 20, 110 + i * 20, program[i], 2);
        frames_build(&f);
        check("before", frames_rule(&f, 99), RULE_GUESS, 0, 0);
        for (unsigned i = 0; i < count; i++)
            for (unsigned at = 0; at < 20; at++)
                check("in", frames_rule(&f, 100 + i * 20 + at), at < 10 ? RULE_SP : RULE_GUESS,
                      16 + 8 * (int)i, 0);
    }
}
END_TEST

/* --- Forms ------------------------------------------------------------------------------------ */

static struct rule rule_in(struct frames f)
{
    static const uint8_t program[] = {I_DEF_CFA_OFFSET, 48, CALLER_BP, 3};
    frames_add(&f, 0, 100, program, sizeof program);
    frames_add(&f, 100, 200, program, 2);
    frames_build(&f);
    check("the second", frames_rule(&f, 150), frames_rule(&f, 50).kind, 48, 0);
    return frames_rule(&f, 50);
}

START_TEST(versions_augmentations_and_encodings)
{
    static const char *const augmentations[] = {"",     "z",   "zR",  "zPLR", "zPR",
                                                "zRLP", "zLR", "zRB", "zR?"};
    static const uint8_t encodings[] = {0x00, 0x04, 0x0c, 0x10, 0x11, 0x12,
                                        0x13, 0x14, 0x19, 0x1a, 0x1b, 0x1c};
    static const uint8_t personalities[] = {0x00, 0x03, 0x0b, 0x9b, 0x1c, 0x09, 0x01, 0x0a};
    for (uint8_t version = 1; version <= 3; version += 2)
        for (size_t a = 0; a < sizeof augmentations / sizeof *augmentations; a++)
            for (size_t e = 0; e < sizeof encodings; e++)
                for (size_t p = 0; p < sizeof personalities; p++) {
                    struct frames f = frames_new();
                    f.version = version;
                    f.augmentation = augmentations[a];
                    f.encoding = encodings[e];
                    f.personality = personalities[p];
                    check(f.augmentation, rule_in(f), RULE_SP, 48, 3);
                    f.long_lengths = true;
                    check(f.augmentation, rule_in(f), RULE_SP, 48, 3);
                }
}
END_TEST

START_TEST(data_and_code_alignment)
{
    struct frames f = frames_new();
    f.data_align = 0x7c; /* -4: the return address is at CFA - 4 now */
    check("-4", rule_in(f), RULE_OTHER, 0, 0);
    static const uint8_t initial[] = {I_DEF_CFA, R_SP, 8, I_OFFSET | R_RA, 2};
    f.initial = initial;
    f.initial_bytes = sizeof initial;
    frames_add(&f, 0, 100, PROGRAM(I_DEF_CFA_OFFSET, 48, CALLER_BP, 6));
    frames_build(&f);
    check("-4, twice the factors", frames_rule(&f, 50), RULE_SP, 48, 3);
}
END_TEST

START_TEST(signal_frames)
{
    struct frames f = frames_new();
    f.augmentation = "zRS";
    check("zRS", rule_in(f), RULE_OTHER, 0, 0);
    f.augmentation = "zSR";
    check("zSR", rule_in(f), RULE_OTHER, 0, 0);
    f.augmentation = "zS";
    f.encoding = 0;
    check("zS", rule_in(f), RULE_OTHER, 0, 0);
}
END_TEST

START_TEST(forms_that_are_not_understood)
{
    static const uint8_t encodings[] = {0x05, 0x0d, 0x2b, 0x3b + 0x10, 0x50, 0x6b, 0xff};
    for (uint8_t version = 0; version <= 5; version++) {
        struct frames f = frames_new();
        f.version = version;
        check("version", rule_in(f), version == 1 || version == 3 ? RULE_SP : RULE_OTHER, 48, 3);
    }
    for (size_t e = 0; e < sizeof encodings; e++) {
        struct frames f = frames_new();
        f.encoding = encodings[e];
        check("encoding", rule_in(f), RULE_OTHER, 0, 0);
    }
    static const char *const augmentations[] = {"eh", "R", "S", "armcc+"};
    for (size_t a = 0; a < sizeof augmentations / sizeof *augmentations; a++) {
        struct frames f = frames_new();
        f.augmentation = augmentations[a];
        check(f.augmentation, rule_in(f), RULE_OTHER, 0, 0);
    }
    struct frames f = frames_new();
    f.return_column = 15;
    check("return column", rule_in(f), RULE_OTHER, 0, 0);
}
END_TEST

START_TEST(headers)
{
    static const uint8_t counts[] = {0x02, 0x03, 0x04, 0x0a, 0x0b, 0x0c, 0x00};
    static const uint8_t frame_pointers[] = {0x1b, 0x00, 0x03, 0x0b, 0x1c, 0x3b};
    struct frames f;
    for (size_t i = 0; i < sizeof counts; i++) {
        f = frames_new();
        f.count_encoding = counts[i];
        if (counts[i] != 0x02 && counts[i] != 0x0a) /* those leave the table unaligned */
            check("count", rule_in(f), RULE_SP, 48, 3);
    }
    for (size_t i = 0; i < sizeof frame_pointers; i++) {
        f = frames_new();
        f.frame_encoding = frame_pointers[i];
        check("pointer to frames", rule_in(f), RULE_SP, 48, 3);
    }
    f = frames_new();
    f.count_encoding = 0xff;
    check("no table", rule_in(f), RULE_OTHER, 0, 0);
    f = frames_new();
    f.table_encoding = 0x1b;
    check("form of table", rule_in(f), RULE_OTHER, 0, 0);
    f = frames_new();
    f.header_version = 2;
    check("version", rule_in(f), RULE_OTHER, 0, 0);
    f = frames_new();
    f.count_said = 1u << 20; /* more than there is room for */
    check("count", rule_in(f), RULE_OTHER, 0, 0);
}
END_TEST

/* --- Damage ----------------------------------------------------------------------------------- */

/* An image with most things in it. */
static struct frames rich(void)
{
    static const uint8_t one[] = {I_ADVANCE | 1,
                                  I_DEF_CFA_OFFSET,
                                  16,
                                  CALLER_BP,
                                  2,
                                  I_ADVANCE | 3,
                                  I_DEF_CFA_REGISTER,
                                  R_BP,
                                  I_REMEMBER,
                                  I_ADVANCE1,
                                  9,
                                  I_DEF_CFA,
                                  R_SP,
                                  8,
                                  I_ADVANCE2,
                                  1,
                                  0,
                                  I_RESTORE_STATE};
    static const uint8_t two[] = {
        I_ADVANCE | 5, REALIGNED_CFA, REALIGNED_BP, I_ADVANCE4,           9,    0, 0, 0,
        I_DEF_CFA_SF,  R_SP,          0x7d,         I_OFFSET_EXTENDED_SF, R_BP, 3};
    static const uint8_t three[] = {I_UNDEFINED, R_RA};
    struct frames f = frames_new();
    f.augmentation = "zPLR";
    frames_add(&f, 0, 20, one, sizeof one);
    frames_add(&f, 20, 50, two, sizeof two);
    frames_add(&f, 60, 64, three, sizeof three);
    frames_build(&f);
    return f;
}

static bool is_same(struct rule a, struct rule b)
{
    return a.kind == b.kind && a.bp == b.bp && a.cfa == b.cfa;
}

/* The end of the module comes at every byte: never a crash, never a different rule. */
START_TEST(truncated_at_each_byte)
{
    enum { TEXT = 70 };
    struct frames f = rich();
    struct rule right[TEXT];
    for (size_t at = 0; at < TEXT; at++)
        right[at] = frames_rule(&f, at);
    check("the first's end", right[19], RULE_BP, 16, 2);
    check("the second", right[30], RULE_REALIGNED, -8, 0);
    for (size_t most = 0; most <= f.bytes; most++) {
        frames_place(&f, most);
        for (size_t at = 0; at < TEXT; at++) {
            struct rule rule = frames_rule(&f, at);
            REQUIRE_MSG(rule.kind == RULE_OTHER || is_same(rule, right[at]), "%zu bytes, pc %zu",
                        most, at);
        }
    }
}
END_TEST

/* An entry's end is the end of its program: an operand that would lie behind it is missing. */
START_TEST(operands_behind_the_entry)
{
    static const uint8_t program[] = {I_NOP, I_NOP, I_NOP, I_DEF_CFA_OFFSET};
    unsigned missing = 0;
    for (size_t nops = 0; nops < 4; nops++) { /* one of these ends where its entry does */
        struct frames f = frames_new();
        frames_add(&f, 0, 100, program + 3 - nops, nops + 1);
        frames_add(&f, 100, 200, program, 1);
        frames_build(&f);
        missing += frames_rule(&f, 50).kind == RULE_OTHER;
    }
    ck_assert_uint_eq(missing, 1);
}
END_TEST

/* The module begins behind the header, or the header lies elsewhere. */
START_TEST(header_outside_the_module)
{
    struct frames f = rich();
    for (size_t n = 1; n <= f.bytes; n++) {
        uintptr_t begin = f.begin + n;
        check("begin", eh_frame_rule(f.begin, begin, f.end, f.text + 5), RULE_OTHER, 0, 0);
    }
    uintptr_t wild[] = {0, 1, f.end, f.end - 1, f.end - 8, f.end + 4096, f.begin - 1, UINTPTR_MAX};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++)
        check("elsewhere", eh_frame_rule(wild[i], f.begin, f.end, f.text + 5), RULE_OTHER, 0, 0);
}
END_TEST

/* One or a few bytes of a good image are wrong. */
START_TEST(damaged_bytes)
{
    uint64_t seed = unit_seed(4000);
    struct frames f = rich();
    unsigned kinds[RULE_OTHER + 1] = {0};
    for (int round = 0; round < 100000; round++) {
        memcpy((void *)f.begin, f.image, f.bytes);
        for (size_t n = 1 + unit_below(&seed, 4); n; n--)
            ((uint8_t *)f.begin)[unit_below(&seed, f.bytes)] = (uint8_t)unit_random(&seed);
        struct rule rule = frames_rule(&f, unit_below(&seed, 70));
        REQUIRE(rule.kind > RULE_UNKNOWN && rule.kind <= RULE_OTHER);
        kinds[rule.kind]++;
    }
    for (unsigned kind = RULE_SP; kind <= RULE_OTHER; kind++)
        ck_assert_msg(kinds[kind] > 100, "kind %u: %u", kind, kinds[kind]);
}
END_TEST

/* Nothing but chance behind the header's first bytes, or behind the heads of the entries: length,
 * which CIE, version. */
START_TEST(random_bytes)
{
    enum { ENCODINGS = 4, TABLE = 12, ENTRIES = TABLE + 3 * 8, CIE_HEAD = 9, FDE_HEAD = 8 };
    uint64_t seed = unit_seed(5000);
    struct frames f = rich();
    for (int round = 0; round < 100000; round++) {
        uint8_t *image = (uint8_t *)f.begin;
        bool heads = unit_below(&seed, 4);
        memcpy(image, f.image, f.bytes);
        for (size_t i = heads ? ENTRIES : ENCODINGS; i < f.bytes; i++)
            image[i] = (uint8_t)(unit_random(&seed) >> 40) & (unit_below(&seed, 2) ? 0xff : 0x1f);
        for (size_t i = 0; heads && i < 3; i++) {
            int32_t fde;
            memcpy(&fde, f.image + TABLE + 8 * i + 4, sizeof fde);
            memcpy(image + fde, f.image + fde, FDE_HEAD);
            memcpy(image + ENTRIES, f.image + ENTRIES, CIE_HEAD + unit_below(&seed, 12));
        }
        frames_rule(&f, unit_below(&seed, 70));
    }
}
END_TEST

/* Random programs in a good frame round them. */
START_TEST(random_programs)
{
    uint64_t seed = unit_seed(6000);
    uint8_t program[60];
    for (int round = 0; round < 100000; round++) {
        size_t bytes = unit_below(&seed, sizeof program) + 1;
        for (size_t i = 0; i < bytes; i++)
            program[i] = (uint8_t)(unit_random(&seed) >> 40) & (unit_below(&seed, 2) ? 0xff : 0x1f);
        rule_of(program, bytes, unit_below(&seed, 1000));
    }
}
END_TEST

Suite *suite_eh_frame(void)
{
    Suite *s = suite_create("eh_frame");
    TCase *c = unit_case(s, "eh_frame");
    tcase_add_test(c, each_instruction);
    tcase_add_test(c, initial_programs);
    tcase_add_test(c, rows_begin_where_the_program_says);
    tcase_add_test(c, set_loc);
    tcase_add_test(c, edges_of_functions);
    tcase_add_test(c, many_functions);
    tcase_add_test(c, versions_augmentations_and_encodings);
    tcase_add_test(c, data_and_code_alignment);
    tcase_add_test(c, signal_frames);
    tcase_add_test(c, forms_that_are_not_understood);
    tcase_add_test(c, headers);
    c = unit_case(s, "eh_frame_damage");
    tcase_add_test(c, truncated_at_each_byte);
    tcase_add_test(c, operands_behind_the_entry);
    tcase_add_test(c, header_outside_the_module);
    tcase_add_test(c, damaged_bytes);
    tcase_add_test(c, random_bytes);
    tcase_add_test(c, random_programs);
    return s;
}
