/* SPDX-License-Identifier: MIT
 *
 * Owns the interpretation of .eh_frame (DWARF 5, section 6.4, with the GNU changes described in the
 * Linux Standard Base Core, chapter 10.6).
 *
 *   .eh_frame_hdr | version, encodings | table of (function, FDE), sorted | -> binary search
 *   .eh_frame     | CIE: common part | FDE: one function | FDE | CIE ...    -> run both programs
 *
 * A frame's layout at an address is what the program of its CIE and then that of its FDE have
 * established when they reach the address. Only four columns matter here: the CFA, RBP, the
 * return address, and RSP, which has to be the CFA.
 *
 * Runs in malloc, but once for each call site. Reads through a cursor that never leaves the module;
 * what is not understood is RULE_OTHER, which libunwind looks at then. */
#include "eh_frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { REGISTER_BP = 6, REGISTER_SP = 7, REGISTER_RA = 16 };
enum { SAVED_MOST = 8 };

/* --- A cursor over the module's memory -------------------------------------------------------- */

struct cursor {
    uintptr_t at, end;
    uintptr_t begin, limit; /* of the module */
    bool bad;
};

static uint64_t take(struct cursor *c, size_t bytes)
{
    uint64_t v = 0;
    if (c->at < c->begin || c->at > c->end || bytes > c->end - c->at) {
        c->bad = true;
        return 0;
    }
    memcpy(&v, (const void *)c->at, bytes);
    c->at += bytes;
    return v;
}

static uint64_t take_uleb(struct cursor *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; !c->bad; shift += 7) {
        uint64_t byte = take(c, 1);
        v |= shift < 64 ? (byte & 0x7f) << shift : 0;
        if (!(byte & 0x80))
            break;
    }
    return v;
}

static int64_t take_sleb(struct cursor *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; !c->bad;) {
        uint64_t byte = take(c, 1);
        v |= shift < 64 ? (byte & 0x7f) << shift : 0;
        shift += 7;
        if (!(byte & 0x80)) {
            if (byte & 0x40 && shift < 64)
                v |= ~(uint64_t)0 << shift;
            break;
        }
    }
    return (int64_t)v;
}

/* DW_EH_PE_*: low half the format, high half what it is relative to. */
enum { PE_FORMAT = 0x0f, PE_BASE = 0xf0, PE_PCREL = 0x10, PE_DATAREL = 0x30, PE_OMIT = 0xff };

static uintptr_t take_encoded(struct cursor *c, uint8_t encoding, uintptr_t data)
{
    uintptr_t here = c->at;
    uint64_t v = 0;
    switch (encoding & PE_FORMAT) {
    case 0x0: /* absptr */
    case 0x4: /* udata8 */
    case 0xc: /* sdata8 */
        v = take(c, 8);
        break;
    case 0x1:
        v = take_uleb(c);
        break;
    case 0x2:
        v = take(c, 2);
        break;
    case 0x3:
        v = take(c, 4);
        break;
    case 0x9:
        v = (uint64_t)take_sleb(c);
        break;
    case 0xa:
        v = (uint64_t)(int16_t)take(c, 2);
        break;
    case 0xb:
        v = (uint64_t)(int32_t)take(c, 4);
        break;
    default:
        c->bad = true;
    }
    switch (encoding & PE_BASE) {
    case 0:
        return v;
    case PE_PCREL:
        return here + v;
    case PE_DATAREL:
        return data + v;
    default:
        c->bad = true;
        return 0;
    }
}

static struct cursor cursor_at(const struct cursor *module, uintptr_t at)
{
    struct cursor c = *module;
    c.at = at;
    c.end = c.limit;
    return c;
}

/* Cuts the cursor to an entry's length field; false at the terminator. */
static bool enter_entry(struct cursor *c)
{
    uint64_t length = take(c, 4);
    if (length == 0xffffffff)
        length = take(c, 8);
    if (c->bad || length == 0 || length > c->end - c->at)
        return false;
    c->end = c->at + length;
    return true;
}

/* --- CIE and FDE ------------------------------------------------------------------------------ */

struct common {
    uint64_t code_align;
    int64_t data_align;
    uint8_t encoding; /* of addresses in FDEs */
    bool augmented;   /* 'z': FDEs have augmentation data */
    bool signal;      /* 'S': frame of a signal handler's return */
    struct cursor program;
};

static void read_augmentation(struct cursor *c, struct common *ret, uintptr_t text)
{
    uint64_t bytes = take_uleb(c);
    uintptr_t after = c->at + bytes;
    for (const char *a = (const char *)text + 1; *a && !c->bad; a++) {
        if (*a == 'R')
            ret->encoding = (uint8_t)take(c, 1);
        else if (*a == 'S')
            ret->signal = true;
        else if (*a == 'L')
            take(c, 1);
        else if (*a == 'P') {
            uint8_t encoding = (uint8_t)take(c, 1);
            take_encoded(c, encoding & PE_FORMAT, 0);
        } else
            break;
    }
    if (after < c->at && !c->bad)
        c->bad = true;
    c->at = after;
}

static bool read_common(struct cursor c, struct common *ret)
{
    *ret = (struct common){0};
    if (!enter_entry(&c) || take(&c, 4) != 0)
        return false;
    uint64_t version = take(&c, 1);
    uintptr_t text = c.at;
    while (take(&c, 1) != 0 && !c.bad)
        ;
    if (c.bad || (version != 1 && version != 3))
        return false;
    ret->code_align = take_uleb(&c);
    ret->data_align = take_sleb(&c);
    uint64_t return_column = version == 1 ? take(&c, 1) : take_uleb(&c);
    char first = *(const char *)text;
    ret->augmented = first == 'z';
    if (ret->augmented)
        read_augmentation(&c, ret, text);
    else if (first)
        return false;
    ret->program = c;
    return !c.bad && c.at <= c.end && return_column == REGISTER_RA;
}

struct function {
    uintptr_t begin, end;
    struct common common;
    struct cursor program;
};

static bool read_function(struct cursor c, struct function *ret)
{
    if (!enter_entry(&c))
        return false;
    uintptr_t here = c.at;
    uint64_t back = take(&c, 4);
    if (c.bad || back == 0 || !read_common(cursor_at(&c, here - back), &ret->common))
        return false;
    ret->begin = take_encoded(&c, ret->common.encoding, 0);
    ret->end = ret->begin + take_encoded(&c, ret->common.encoding & PE_FORMAT, 0);
    if (ret->common.augmented) {
        uint64_t bytes = take_uleb(&c);
        if (bytes > c.end - c.at)
            return false;
        c.at += bytes;
    }
    ret->program = c;
    return !c.bad;
}

/* --- The programs ------------------------------------------------------------------------------ */

enum column_kind { SAME, AT_OFFSET, BY_EXPRESSION, UNDEFINED, COMPLEX };

struct column {
    enum column_kind kind;
    int64_t offset;           /* AT_OFFSET: from the CFA */
    struct cursor expression; /* BY_EXPRESSION: its address */
};

struct row {
    bool cfa_by_expression;
    uint64_t cfa_register;
    int64_t cfa_offset;
    struct cursor cfa_expression;
    struct column bp, sp, ra;
};

struct machine {
    const struct common *common;
    uintptr_t location, target;
    struct row row, initial;
    struct row saved[SAVED_MOST];
    size_t saved_count;
};

static void set_column(struct machine *m, uint64_t reg, struct column column)
{
    if (reg == REGISTER_BP)
        m->row.bp = column;
    else if (reg == REGISTER_SP)
        m->row.sp = column;
    else if (reg == REGISTER_RA)
        m->row.ra = column;
}

/* Whatever the data say, without overflow. */
static int64_t scaled(const struct machine *m, int64_t factored)
{
    return (int64_t)((uint64_t)factored * (uint64_t)m->common->data_align);
}

static void set_offset(struct machine *m, uint64_t reg, int64_t factored)
{
    set_column(m, reg, (struct column){.kind = AT_OFFSET, .offset = scaled(m, factored)});
}

static void set_kind(struct machine *m, uint64_t reg, enum column_kind kind)
{
    set_column(m, reg, (struct column){.kind = kind});
}

static void restore(struct machine *m, uint64_t reg)
{
    if (reg == REGISTER_BP)
        m->row.bp = m->initial.bp;
    else if (reg == REGISTER_SP)
        m->row.sp = m->initial.sp;
    else if (reg == REGISTER_RA)
        m->row.ra = m->initial.ra;
}

static struct cursor take_block(struct cursor *c)
{
    uint64_t bytes = take_uleb(c);
    struct cursor block = *c;
    if (bytes > c->end - c->at) {
        c->bad = true;
        return block;
    }
    block.end = c->at += bytes;
    return block;
}

static void set_cfa(struct machine *m, uint64_t reg, int64_t offset)
{
    m->row.cfa_by_expression = false;
    m->row.cfa_register = reg;
    m->row.cfa_offset = offset;
}

/* Moves the location; false when the target lies before the new one: the row is complete. */
static bool advance(struct machine *m, uint64_t delta)
{
    m->location += delta * m->common->code_align;
    return m->location <= m->target;
}

/* The instructions with an operand in their low six bits, and those that move the location; false: the
 * row is complete. */
static bool step_location(struct machine *m, struct cursor *c, uint8_t op)
{
    switch (op) {
    case 0x01: /* set_loc */
        m->location = take_encoded(c, m->common->encoding, 0);
        return m->location <= m->target;
    case 0x02:
        return advance(m, take(c, 1));
    case 0x03:
        return advance(m, take(c, 2));
    case 0x04:
        return advance(m, take(c, 4));
    default:
        return advance(m, op & 0x3f);
    }
}

static void step_cfa(struct machine *m, struct cursor *c, uint8_t op)
{
    uint64_t reg;
    switch (op) {
    case 0x0c: /* def_cfa */
        reg = take_uleb(c);
        set_cfa(m, reg, (int64_t)take_uleb(c));
        break;
    case 0x0d: /* def_cfa_register */
        set_cfa(m, take_uleb(c), m->row.cfa_offset);
        break;
    case 0x0e: /* def_cfa_offset */
        m->row.cfa_offset = (int64_t)take_uleb(c);
        break;
    case 0x0f: /* def_cfa_expression */
        m->row.cfa_by_expression = true;
        m->row.cfa_expression = take_block(c);
        break;
    case 0x12: /* def_cfa_sf */
        reg = take_uleb(c);
        set_cfa(m, reg, scaled(m, take_sleb(c)));
        break;
    default: /* 0x13, def_cfa_offset_sf */
        m->row.cfa_offset = scaled(m, take_sleb(c));
    }
}

static void step_column(struct machine *m, struct cursor *c, uint8_t op)
{
    uint64_t reg = take_uleb(c);
    switch (op) {
    case 0x05: /* offset_extended */
        set_offset(m, reg, (int64_t)take_uleb(c));
        break;
    case 0x06: /* restore_extended */
        restore(m, reg);
        break;
    case 0x07:
        set_kind(m, reg, UNDEFINED);
        break;
    case 0x08:
        set_kind(m, reg, SAME);
        break;
    case 0x10: /* expression */
        set_column(m, reg, (struct column){.kind = BY_EXPRESSION, .expression = take_block(c)});
        break;
    case 0x11: /* offset_extended_sf */
        set_offset(m, reg, take_sleb(c));
        break;
    case 0x09: /* register */
    case 0x14: /* val_offset */
        take_uleb(c);
        set_kind(m, reg, COMPLEX);
        break;
    case 0x15: /* val_offset_sf */
        take_sleb(c);
        set_kind(m, reg, COMPLEX);
        break;
    case 0x16: /* val_expression */
        take_block(c);
        set_kind(m, reg, COMPLEX);
        break;
    default: /* 0x2f, GNU_negative_offset_extended */
        set_offset(m, reg, (int64_t)(0 - take_uleb(c)));
    }
}

/* One instruction; false: the row is complete, or the program is bad (c->bad). */
static bool step(struct machine *m, struct cursor *c)
{
    uint8_t op = (uint8_t)take(c, 1);
    switch (op >> 6) {
    case 1:
        return step_location(m, c, op);
    case 2:
        set_offset(m, op & 0x3f, (int64_t)take_uleb(c));
        return true;
    case 3:
        restore(m, op & 0x3f);
        return true;
    }
    if (op == 0x00) /* nop */
        return true;
    if (op <= 0x04)
        return step_location(m, c, op);
    if (op == 0x0a && m->saved_count < SAVED_MOST) /* remember_state */
        m->saved[m->saved_count++] = m->row;
    else if (op == 0x0b && m->saved_count) /* restore_state */
        m->row = m->saved[--m->saved_count];
    else if ((op >= 0x0c && op <= 0x0f) || op == 0x12 || op == 0x13)
        step_cfa(m, c, op);
    else if ((op >= 0x05 && op <= 0x09) || (op >= 0x10 && op <= 0x16) || op == 0x2f)
        step_column(m, c, op);
    else if (op == 0x2e) /* GNU_args_size */
        take_uleb(c);
    else
        c->bad = true;
    return !c->bad;
}

static bool run(struct machine *m, struct cursor c)
{
    while (c.at < c.end && step(m, &c))
        ;
    return !c.bad;
}

/* --- From a row to a rule ---------------------------------------------------------------------- */

enum { OP_DEREF = 0x06, OP_BREG_BP = 0x70 + REGISTER_BP };

/* "The word at BP + offset", or, without deref, that address itself. */
static bool is_at_bp(struct cursor e, bool deref, int64_t *ret_offset)
{
    if (take(&e, 1) != OP_BREG_BP)
        return false;
    *ret_offset = take_sleb(&e);
    if (deref && take(&e, 1) != OP_DEREF)
        return false;
    return !e.bad && e.at == e.end;
}

static const struct rule other = {.kind = RULE_OTHER};

/* Code that realigns its stack (GCC's DRAP) keeps the CFA in a slot of the new frame. */
static struct rule realigned_rule(const struct row *row)
{
    int64_t cfa, bp;
    if (!is_at_bp(row->cfa_expression, true, &cfa) || row->bp.kind != BY_EXPRESSION ||
        !is_at_bp(row->bp.expression, false, &bp) || cfa % 8 || bp % 8 || cfa != (int32_t)cfa ||
        bp / 8 != (int16_t)(bp / 8))
        return other;
    return (struct rule){.kind = RULE_REALIGNED, .bp = (int16_t)(bp / 8), .cfa = (int32_t)cfa};
}

static struct rule rule_from(const struct row *row)
{
    struct rule rule = {.kind = RULE_SP};
    if (row->ra.kind == UNDEFINED)
        return (struct rule){.kind = RULE_END};
    if (row->ra.kind != AT_OFFSET || row->ra.offset != -8 || row->sp.kind != SAME)
        return other;
    if (row->cfa_by_expression)
        return realigned_rule(row);
    if (row->cfa_register == REGISTER_BP)
        rule.kind = RULE_BP;
    else if (row->cfa_register != REGISTER_SP)
        return other;
    int64_t cfa = row->cfa_offset;
    int64_t bp = row->bp.kind == AT_OFFSET ? (int64_t)(0 - (uint64_t)row->bp.offset) : 0;
    if (cfa % 8 || cfa != (int32_t)cfa || bp % 8 || bp / 8 != (int16_t)(bp / 8) ||
        (row->bp.kind != SAME && (row->bp.kind != AT_OFFSET || bp <= 0)))
        return other;
    rule.cfa = (int32_t)cfa;
    rule.bp = (int16_t)(bp / 8);
    return rule;
}

/* --- Finding the function ----------------------------------------------------------------------- */

static uintptr_t table_entry(uintptr_t header, uintptr_t table, size_t i)
{
    int32_t offset;
    memcpy(&offset, (const void *)(table + i * sizeof offset), sizeof offset);
    return header + (uintptr_t)(intptr_t)offset;
}

/* Address of the FDE whose function is the last to begin at or before pc; 0: none; 1: unknown form
 * of table. The usual table has pairs of 32-bit offsets from the header. */
static uintptr_t find_function(const struct cursor *module, uintptr_t header, uintptr_t pc)
{
    enum { USUAL = PE_DATAREL | 0xb };
    struct cursor c = cursor_at(module, header);
    uint64_t version = take(&c, 1);
    uint8_t frame_encoding = (uint8_t)take(&c, 1);
    uint8_t count_encoding = (uint8_t)take(&c, 1);
    uint8_t table_encoding = (uint8_t)take(&c, 1);
    if (c.bad || version != 1 || table_encoding != USUAL || count_encoding == PE_OMIT)
        return 1;
    take_encoded(&c, frame_encoding, header);
    uint64_t count = take_encoded(&c, count_encoding, header);
    if (c.bad || count > (c.end - c.at) / 8)
        return 1;
    size_t low = 0, high = count;
    while (low < high) { /* the first entry that begins after pc */
        size_t middle = low + (high - low) / 2;
        if (table_entry(header, c.at, 2 * middle) <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? table_entry(header, c.at, 2 * (low - 1) + 1) : 0;
}

struct rule eh_frame_rule(uintptr_t header, uintptr_t begin, uintptr_t end, uintptr_t pc)
{
    const struct rule guess = {.kind = RULE_GUESS};
    struct cursor module = {.begin = begin, .limit = end, .end = end};
    struct function f;
    uintptr_t at = find_function(&module, header, pc);
    if (!at)
        return guess;
    if (at == 1 || !read_function(cursor_at(&module, at), &f))
        return other;
    if (pc < f.begin || pc >= f.end)
        return guess;
    if (f.common.signal)
        return other;
    struct machine m = {.common = &f.common, .location = f.begin, .target = pc};
    if (!run(&m, f.common.program))
        return other;
    m.initial = m.row;
    if (!run(&m, f.program))
        return other;
    return rule_from(&m.row);
}
