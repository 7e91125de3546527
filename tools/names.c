/* SPDX-License-Identifier: MIT
 *
 * Owns what a function is called. A concrete or inlined function refers to an abstract one
 * (abstract_origin), that to its declaration in a class (specification); each attribute may stand
 * on any of them, and what is around the function is what is around the last.
 *
 * DWARF has no way up: the entries around one are found from the top of the unit, at each level
 * the last entry that starts at or before it.
 *
 * Invariant: every search ends, whatever the file says; it only goes to higher offsets.
 *
 * Runs in ordinary context. Demangling is demangle.c's. */
#include "names.h"

#include <dwarf.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mem.h"

#define MAX_REFERENCES 16 /* as libdw follows */

static const char *find_string(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute storage;
    Dwarf_Attribute *found = dwarf_attr_integrate(die, attribute, &storage);
    return found ? dwarf_formstring(found) : NULL;
}

const char *names_linkage(Dwarf_Die *function)
{
    const char *name = find_string(function, DW_AT_linkage_name);
    return name ? name : find_string(function, DW_AT_MIPS_linkage_name);
}

const char *names_plain(Dwarf_Die *function)
{
    return find_string(function, DW_AT_name);
}

static Dwarf_Die find_declaration(const Dwarf_Die *function)
{
    Dwarf_Die die = *function;
    for (int i = 0; i < MAX_REFERENCES; i++) {
        Dwarf_Attribute storage;
        Dwarf_Die next;
        Dwarf_Attribute *reference = dwarf_attr(&die, DW_AT_abstract_origin, &storage);
        if (!reference)
            reference = dwarf_attr(&die, DW_AT_specification, &storage);
        if (!reference || !dwarf_formref_die(reference, &next))
            break;
        die = next;
    }
    return die;
}

/* Goes one level down towards the offset; false when the entry there is the one. */
static bool descend(Dwarf_Die *die, Dwarf_Off target)
{
    Dwarf_Die child, next;
    if (dwarf_haschildren(die) <= 0 || dwarf_child(die, &child) != 0)
        return false;
    if (dwarf_dieoffset(&child) > target || dwarf_dieoffset(&child) <= dwarf_dieoffset(die))
        return false;
    while (dwarf_siblingof(&child, &next) == 0 && dwarf_dieoffset(&next) <= target &&
           dwarf_dieoffset(&next) > dwarf_dieoffset(&child))
        child = next;
    *die = child;
    return dwarf_dieoffset(&child) != target;
}

static const char *name_scope(Dwarf_Die *die)
{
    const char *name;
    switch (dwarf_tag(die)) {
    case DW_TAG_namespace:
        name = names_plain(die);
        return name ? name : "(anonymous namespace)";
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_interface_type:
    case DW_TAG_module:
    case DW_TAG_subprogram:
        return names_plain(die);
    default:
        return NULL;
    }
}

char *names_qualified(Dwarf_Die *function)
{
    const char *plain = names_plain(function);
    Dwarf_Die declaration = find_declaration(function);
    Dwarf_Die die;
    if (!plain)
        return NULL;
    if (!dwarf_diecu(&declaration, &die, NULL, NULL))
        return mem_string(plain);
    char *name = mem_string("");
    while (descend(&die, dwarf_dieoffset(&declaration))) {
        const char *scope = name_scope(&die);
        if (scope) {
            char *longer = mem_format("%s%s::", name, scope);
            free(name);
            name = longer;
        }
    }
    char *whole = mem_format("%s%s", name, plain);
    free(name);
    return whole;
}
