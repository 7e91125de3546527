/* SPDX-License-Identifier: MIT
 *
 * Owns the lookup of ELF symbols. The idea: dwfl_module_addrinfo walks over all symbols for each
 * address, which for a hundred thousand addresses is minutes; here they are sorted once.
 *
 * A symbol of size 0 (assembler code) reaches to the next symbol or the end of its section, and is
 * asked only where no symbol with a size answers, so that a label inside a function does not hide
 * the function. A gap between sized symbols stays a gap: in a stripped file the nearest exported
 * name before a static function would be a wrong answer.
 *
 * Runs in ordinary context. Names are not demangled here; that is demangle.c. */
#include "elfsyms.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* The executable section in which a symbol is defined; false when there is none. */
static bool find_code(Elf *elf, GElf_Word index, GElf_Shdr *ret_section)
{
    Elf_Scn *scn = elf ? elf_getscn(elf, index) : NULL;
    return scn && gelf_getshdr(scn, ret_section) && (ret_section->sh_flags & SHF_EXECINSTR);
}

/* Whether it can name code: functions, and labels of assembler files. */
static bool is_wanted(const GElf_Sym *sym, const char *name)
{
    unsigned type = GELF_ST_TYPE(sym->st_info);
    if (!name || !*name || sym->st_shndx == SHN_UNDEF)
        return false;
    if (type == STT_NOTYPE)
        return *name != '$'; /* ARM marks data in code with $d, $x */
    return type == STT_FUNC || type == STT_GNU_IFUNC;
}

static size_t count_underscores(const char *name)
{
    return strspn(name, "_");
}

static int binding_rank(uint8_t binding)
{
    return binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 1 : 2;
}

/* By address, the better alias first. Total, so that the answer does not depend on qsort. */
static int compare(const void *left, const void *right)
{
    const struct elfsym *a = left, *b = right;
    if (a->addr != b->addr)
        return a->addr < b->addr ? -1 : 1;
    int order = binding_rank(a->binding) - binding_rank(b->binding);
    if (order != 0)
        return order;
    size_t a_length = count_underscores(a->name), b_length = count_underscores(b->name);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    a_length = strlen(a->name);
    b_length = strlen(b->name);
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Where symbols without a size overlap, ranges_find gives the one that starts last. */
static void index_symbols(struct elfsyms *syms)
{
    for (size_t i = 0; i < syms->count; i++) {
        const struct elfsym *symbol = &syms->symbols[i];
        ranges_add(symbol->is_sized ? &syms->sized : &syms->sizeless, symbol->addr, symbol->end, i);
    }
    ranges_sort(&syms->sized);
    ranges_sort(&syms->sizeless);
}

void elfsyms_load(struct elfsyms *syms, Dwfl_Module *module)
{
    int count = dwfl_module_getsymtab(module);
    for (int i = 1; i < count; i++) {
        GElf_Sym sym;
        GElf_Addr addr;
        GElf_Word section_index;
        GElf_Shdr section;
        Elf *elf;
        Dwarf_Addr bias;
        const char *name =
            dwfl_module_getsym_info(module, i, &sym, &addr, &section_index, &elf, &bias);
        if (!name || !is_wanted(&sym, name) || !find_code(elf, section_index, &section))
            continue;
        uint64_t end = sym.st_size ? addr + sym.st_size : section.sh_addr + section.sh_size + bias;
        syms->symbols =
            mem_grow(syms->symbols, syms->count, &syms->capacity, sizeof(*syms->symbols));
        syms->symbols[syms->count++] = (struct elfsym){
            .name = name,
            .addr = addr,
            .end = end,
            .is_sized = sym.st_size != 0,
            .binding = GELF_ST_BIND(sym.st_info),
        };
    }
    if (syms->count == 0)
        return;
    qsort(syms->symbols, syms->count, sizeof(*syms->symbols), compare);
    index_symbols(syms);
}

const char *elfsyms_find(const struct elfsyms *syms, uint64_t addr)
{
    size_t index;
    if (!ranges_find(&syms->sized, addr, &index) && !ranges_find(&syms->sizeless, addr, &index))
        return NULL;
    return syms->symbols[index].name;
}

void elfsyms_done(struct elfsyms *syms)
{
    free(syms->symbols);
    ranges_done(&syms->sized);
    ranges_done(&syms->sizeless);
    *syms = (struct elfsyms){0};
}
