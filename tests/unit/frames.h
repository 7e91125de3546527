/* SPDX-License-Identifier: MIT
 *
 * Hand-made call frame information: an image of .eh_frame_hdr and .eh_frame in memory of its own,
 * right before a page that can't be read, and behind another. For test_eh_frame.c and its like.
 *
 *   no access | ...  header, table | CIE | FDE | FDE | terminator | no access
 *                   begin                                        end */
#ifndef LEAKGC_UNIT_FRAMES_H
#define LEAKGC_UNIT_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../preload/frame_rules.h"

enum { FRAMES_MOST = 8, FRAMES_BYTES = 4096, FRAMES_TEXT = 0x2000 };

/* DWARF's numbers of registers, and its instructions (DWARF 5, 7.24). */
enum { R_BX = 3, R_BP = 6, R_SP = 7, R_10 = 10, R_RA = 16 };
enum {
    I_NOP = 0,
    I_SET_LOC,
    I_ADVANCE1,
    I_ADVANCE2,
    I_ADVANCE4,
    I_OFFSET_EXTENDED,
    I_RESTORE_EXTENDED,
    I_UNDEFINED,
    I_SAME_VALUE,
    I_REGISTER,
    I_REMEMBER,
    I_RESTORE_STATE,
    I_DEF_CFA,
    I_DEF_CFA_REGISTER,
    I_DEF_CFA_OFFSET,
    I_DEF_CFA_EXPRESSION,
    I_EXPRESSION,
    I_OFFSET_EXTENDED_SF,
    I_DEF_CFA_SF,
    I_DEF_CFA_OFFSET_SF,
    I_VAL_OFFSET,
    I_VAL_OFFSET_SF,
    I_VAL_EXPRESSION,
    I_GNU_ARGS_SIZE = 0x2e,
    I_GNU_NEGATIVE_OFFSET,
    I_ADVANCE = 0x40,
    I_OFFSET = 0x80,
    I_RESTORE = 0xc0,
};

/* A program, in a call: PROGRAM(I_DEF_CFA_OFFSET, 16) */
#define PROGRAM(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

struct frames {
    /* What the CIE and the header say; frames_new has the usual. */
    uint8_t version;
    const char *augmentation;
    uint8_t encoding;    /* of addresses in FDEs, for 'R' */
    uint8_t personality; /* encoding, for 'P' */
    unsigned code_align;
    uint8_t data_align; /* an sleb of one byte: 0x78 is -8 */
    uint8_t return_column;
    bool long_lengths; /* 64-bit length fields */
    uint8_t header_version, frame_encoding, count_encoding, table_encoding;
    uint32_t count_said; /* added to the count of the table */
    const uint8_t *initial;
    size_t initial_bytes;

    unsigned count;
    struct {
        size_t from, to; /* offsets from text */
        const uint8_t *program;
        size_t bytes;
    } function[FRAMES_MOST];

    /* Where it is. The text is not memory. */
    uintptr_t begin, end, text;
    size_t bytes;
    uint8_t image[FRAMES_BYTES];
};

/* No function yet; "zR", pc-relative 32-bit addresses, and the initial program of all compilers: the
 * CFA is SP + 8, the return address below it. */
struct frames frames_new(void);

/* Adds a function [text + from, text + to); ascending. */
void frames_add(struct frames *f, size_t from, size_t to, const uint8_t *program, size_t bytes);

/* Makes the image, and puts its first `most` bytes before the page. The text is FRAMES_TEXT above begin. */
void frames_build(struct frames *f);
void frames_place(struct frames *f, size_t most);

/* The rule at text + offset. */
struct rule frames_rule(const struct frames *f, size_t offset);

#endif
