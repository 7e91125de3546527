/* SPDX-License-Identifier: MIT
 *
 * Owns the search in DWARF. The idea: libdw's own searches (dwarf_getscopes) walk over all entries
 * of a unit for each address, and dwfl_module_addrdie needs .debug_aranges, which clang does not
 * write. Here the units of a file are sorted by address when it is opened, and the functions of a
 * unit when it is first asked for; after that an address costs two bisections and a walk down one
 * function's blocks:
 *
 *     address --unit_ranges--> unit --function_ranges--> function --walk--> inlined ... inlined
 *
 * Invariants: 1. Every walk ends, whatever the file says: it goes only to entries behind all those
 * it has seen (struct walk, last). 2. A range that starts at 0 is never indexed: linkers leave it
 * for functions they threw away, and several would overlap there.
 *
 * Runs in ordinary context. Split DWARF (.dwo beside the program) is followed; libdw knows no .dwp. */
#include "scopes.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* A walk in preorder over the entries below a root, which can leave out parts. */
struct walk {
    Dwarf_Die *parents; /* the open ancestors of the current entry, the root first */
    size_t depth, capacity;
    Dwarf_Off last; /* offset of the current entry */
    Dwarf_Die current;
};

static void walk_begin(struct walk *walk, const Dwarf_Die *root)
{
    walk->depth = 0;
    walk->current = *root;
    walk->last = dwarf_dieoffset(&walk->current);
}

static bool walk_accept(struct walk *walk, int result, Dwarf_Die *die)
{
    if (result != 0)
        return false;
    Dwarf_Off offset = dwarf_dieoffset(die);
    if (offset <= walk->last)
        return false;
    walk->last = offset;
    walk->current = *die;
    return true;
}

/* Goes to the next entry; below the current one only if `descend`. False at the end. */
static bool walk_next(struct walk *walk, bool descend)
{
    Dwarf_Die next;
    if (descend && dwarf_haschildren(&walk->current) > 0) {
        Dwarf_Die parent = walk->current;
        if (walk_accept(walk, dwarf_child(&parent, &next), &next)) {
            walk->parents =
                mem_grow(walk->parents, walk->depth, &walk->capacity, sizeof(*walk->parents));
            walk->parents[walk->depth++] = parent;
            return true;
        }
    }
    while (walk->depth > 0) {
        if (walk_accept(walk, dwarf_siblingof(&walk->current, &next), &next))
            return true;
        walk->current = walk->parents[--walk->depth];
    }
    return false;
}

static void walk_done(struct walk *walk)
{
    free(walk->parents);
}

static void add_ranges(struct ranges *ranges, Dwarf_Die *die, size_t value)
{
    Dwarf_Addr base, lo, hi;
    ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(die, offset, &base, &lo, &hi)) > 0)
        if (lo != 0) /* invariant 2 */
            ranges_add(ranges, lo, hi, value);
}

void scopes_load(struct scopes *scopes, Dwarf *dwarf)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Half version;
    uint8_t type;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf, cu, &cu, &version, &type, &die, NULL) == 0) {
        int tag = dwarf_tag(&die);
        if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
            continue;
        scopes->units = mem_grow(scopes->units, scopes->unit_count, &scopes->unit_capacity,
                                 sizeof(*scopes->units));
        scopes->units[scopes->unit_count] = (struct scopes_unit){.line_die = die, .die = die};
        add_ranges(&scopes->unit_ranges, &die, scopes->unit_count++);
    }
    ranges_sort(&scopes->unit_ranges);
}

/* Whether definitions of functions may stand below an entry. */
static bool may_hold_functions(int tag)
{
    switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_interface_type:
    case DW_TAG_subprogram:
    case DW_TAG_lexical_block:
        return true;
    default:
        return false;
    }
}

static void index_functions(struct scopes_unit *unit)
{
    struct walk walk = {0};
    walk_begin(&walk, &unit->die);
    for (bool more = walk_next(&walk, true); more;) {
        int tag = dwarf_tag(&walk.current);
        if (tag == DW_TAG_subprogram) {
            size_t ranges = unit->function_ranges.count;
            add_ranges(&unit->function_ranges, &walk.current, unit->function_count);
            if (unit->function_ranges.count != ranges) {
                unit->functions = mem_grow(unit->functions, unit->function_count,
                                           &unit->function_capacity, sizeof(*unit->functions));
                unit->functions[unit->function_count++] = walk.current;
            }
        }
        more = walk_next(&walk, may_hold_functions(tag));
    }
    walk_done(&walk);
    ranges_sort(&unit->function_ranges);
}

static void index_unit(struct scopes_unit *unit)
{
    Dwarf_Die split;
    if (unit->is_indexed)
        return;
    unit->is_indexed = true;
    if (dwarf_cu_info(unit->die.cu, NULL, NULL, NULL, &split, NULL, NULL, NULL) == 0 &&
        dwarf_tag(&split) == DW_TAG_compile_unit)
        unit->die = split;
    if (dwarf_getsrclines(&unit->line_die, &unit->lines, &unit->line_count) != 0)
        unit->line_count = 0;
    if (dwarf_getsrcfiles(&unit->die, &unit->files, &unit->file_count) != 0)
        unit->file_count = 0;
    Dwarf_Attribute storage;
    Dwarf_Attribute *directory = dwarf_attr(&unit->line_die, DW_AT_comp_dir, &storage);
    unit->directory = directory ? dwarf_formstring(directory) : NULL;
    index_functions(unit);
}

static void push_chain(struct scopes *scopes, const Dwarf_Die *die)
{
    scopes->chain =
        mem_grow(scopes->chain, scopes->chain_count, &scopes->chain_capacity, sizeof(*die));
    scopes->chain[scopes->chain_count++] = *die;
}

/* Adds the functions inlined at the address. An entry that holds the address becomes the new root:
 * its siblings can't hold it too. */
static void find_inlined(struct scopes *scopes, const Dwarf_Die *function, uint64_t addr)
{
    struct walk walk = {0};
    walk_begin(&walk, function);
    for (bool descend = true; walk_next(&walk, descend);) {
        Dwarf_Die die = walk.current;
        int tag = dwarf_tag(&die);
        bool is_inlined = tag == DW_TAG_inlined_subroutine;
        bool is_block =
            tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
        descend = (is_inlined || is_block) && dwarf_haspc(&die, addr) > 0;
        if (descend)
            walk_begin(&walk, &die);
        if (descend && is_inlined)
            push_chain(scopes, &die);
    }
    walk_done(&walk);
}

struct scopes_unit *scopes_find(struct scopes *scopes, uint64_t addr)
{
    size_t index;
    scopes->chain_count = 0;
    if (!ranges_find(&scopes->unit_ranges, addr, &index))
        return NULL;
    struct scopes_unit *unit = &scopes->units[index];
    index_unit(unit);
    if (ranges_find(&unit->function_ranges, addr, &index)) {
        push_chain(scopes, &unit->functions[index]);
        find_inlined(scopes, &unit->functions[index], addr);
    }
    return unit;
}

/* The last row at or below the address: rows are sorted, and of several for one address the last
 * describes the instruction, the others are empty. NULL behind the end of a sequence. */
static Dwarf_Line *find_row(const struct scopes_unit *unit, uint64_t addr)
{
    size_t low = 0, high = unit->line_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        Dwarf_Addr start;
        if (dwarf_lineaddr(dwarf_onesrcline(unit->lines, middle), &start) != 0)
            return NULL;
        if (start <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    Dwarf_Line *row = low > 0 ? dwarf_onesrcline(unit->lines, low - 1) : NULL;
    bool is_end = true;
    if (!row || dwarf_lineendsequence(row, &is_end) != 0 || is_end)
        return NULL;
    return row;
}

/* libdw calls the file number 0 of DWARF up to version 4 "???". */
static const char *known(const char *file)
{
    return file && strcmp(file, "???") != 0 ? file : NULL;
}

struct scopes_place scopes_line(const struct scopes_unit *unit, uint64_t addr)
{
    struct scopes_place place = {.directory = unit->directory};
    Dwarf_Line *row = find_row(unit, addr);
    if (!row)
        return place;
    place.file = known(dwarf_linesrc(row, NULL, NULL));
    if (dwarf_lineno(row, &place.line) != 0)
        place.line = 0;
    if (dwarf_linecol(row, &place.column) != 0)
        place.column = 0;
    return place;
}

static int small_number_of(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute storage;
    Dwarf_Word value;
    if (!dwarf_attr(die, attribute, &storage) || dwarf_formudata(&storage, &value) != 0)
        return 0;
    return value <= INT32_MAX ? (int)value : 0;
}

struct scopes_place scopes_call(const struct scopes_unit *unit, Dwarf_Die *inlined)
{
    struct scopes_place place = {.directory = unit->directory};
    size_t file = (size_t)small_number_of(inlined, DW_AT_call_file);
    if (dwarf_hasattr(inlined, DW_AT_call_file) && file < unit->file_count)
        place.file = known(dwarf_filesrc(unit->files, file, NULL, NULL));
    place.line = small_number_of(inlined, DW_AT_call_line);
    place.column = small_number_of(inlined, DW_AT_call_column);
    return place;
}

bool scopes_is_c(const struct scopes_unit *unit)
{
    Dwarf_Die die = unit->die;
    switch (dwarf_srclang(&die)) {
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
        return true;
    default:
        return false;
    }
}

void scopes_done(struct scopes *scopes)
{
    for (size_t i = 0; i < scopes->unit_count; i++) {
        free(scopes->units[i].functions);
        ranges_done(&scopes->units[i].function_ranges);
    }
    free(scopes->units);
    free(scopes->chain);
    ranges_done(&scopes->unit_ranges);
    *scopes = (struct scopes){0};
}
