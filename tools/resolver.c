/* SPDX-License-Identifier: MIT
 *
 * Owns the answer to one pc: finds the file, its debug information (libdwfl: build-id directories,
 * .gnu_debuglink, .dwz files, compressed sections) and puts names and places together.
 *
 * One Dwfl for each module, opened when the first pc asks for it. One for all of them could not hold
 * a plugin that was unloaded and another that was loaded at the same addresses. The file is
 * reported at bias 0, and BIAS is subtracted here, so that all addresses are those of the file.
 *
 * The name of a concrete function: its linkage name demangled; in C the name in DWARF; else the
 * ELF symbol at the address, unless that is the DWARF name with a suffix (`work.part.0`); else the
 * qualified DWARF name. Of an inlined function: the linkage name, else the qualified DWARF name.
 *
 * Runs in ordinary context. A corrupt file may crash libdw; surviving that is symbolize.c's. */
#include "resolver.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demangle.h"
#include "elfsyms.h"
#include "mem.h"
#include "names.h"
#include "scopes.h"

struct resolver {
    Dwfl_Callbacks callbacks; /* referred to by dwfl */
    char *debug_path;         /* referred to by callbacks */
    Dwfl *dwfl;
    Dwfl_Module *module;
    uint64_t bias;       /* of the module in memory */
    uint64_t dwarf_bias; /* of the DWARF data against the file; not 0 for prelinked files */
    struct elfsyms symbols;
    struct scopes scopes;
};

/* Only regular files: opening a FIFO would wait, a device might do anything. */
static int open_file(const char *path, int *ret_fd)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return -ENOENT;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return -ENOENT;
    }
    *ret_fd = fd;
    return 0;
}

static bool has_build_id(Elf *elf, const uint8_t *id, size_t bytes)
{
    const void *found;
    ssize_t found_bytes = dwelf_elf_gnu_build_id(elf, &found);
    return found_bytes > 0 && (size_t)found_bytes == bytes && memcmp(found, id, bytes) == 0;
}

/* Opens the ELF file at bias 0 and checks that it is the module's. */
static int load_elf(struct resolver *resolver, const struct request_module *module)
{
    int fd;
    int result = open_file(module->path, &fd);
    if (result != 0)
        return result;
    dwfl_report_begin(resolver->dwfl);
    resolver->module = dwfl_report_elf(resolver->dwfl, module->path, module->path, fd, 0, true);
    if (!resolver->module) {
        close(fd);
        return -ENOEXEC;
    }
    dwfl_report_end(resolver->dwfl, NULL, NULL);

    GElf_Addr bias;
    GElf_Ehdr header;
    Elf *elf = dwfl_module_getelf(resolver->module, &bias);
    if (!elf || !gelf_getehdr(elf, &header) ||
        (header.e_type != ET_DYN && header.e_type != ET_EXEC))
        return -ENOEXEC;
    if (module->build_id && !has_build_id(elf, module->build_id, module->build_id_bytes))
        return -ESTALE;
    return 0;
}

int resolver_open(const struct request_module *module, enum resolver_trust trust, char *debug_path,
                  struct resolver **ret_resolver)
{
    struct resolver *resolver = mem_zeroed(1, sizeof(*resolver));
    *ret_resolver = NULL;
    resolver->bias = module->bias;
    resolver->debug_path = debug_path;
    resolver->callbacks = (Dwfl_Callbacks){
        .find_elf = dwfl_build_id_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
        .debuginfo_path = &resolver->debug_path,
    };
    resolver->dwfl = dwfl_begin(&resolver->callbacks);
    int result = resolver->dwfl ? load_elf(resolver, module) : -ENOMEM;
    if (result != 0) {
        resolver_close(resolver);
        return result;
    }
    elfsyms_load(&resolver->symbols, resolver->module);
    Dwarf *dwarf = NULL;
    if (trust == RESOLVER_ALL)
        dwarf = dwfl_module_getdwarf(resolver->module, &resolver->dwarf_bias);
    if (dwarf)
        scopes_load(&resolver->scopes, dwarf);
    *ret_resolver = resolver;
    return 0;
}

void resolver_close(struct resolver *resolver)
{
    elfsyms_done(&resolver->symbols);
    scopes_done(&resolver->scopes);
    if (resolver->dwfl)
        dwfl_end(resolver->dwfl);
    free(resolver);
}

/* Names come from files: no control character of theirs may look like a separator of ours. */
static void put_text(const char *text, FILE *out)
{
    if (!text || !*text)
        text = "-";
    for (; *text; text++)
        putc_unlocked((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
}

/* Slashes that compilers double when they join paths are written once. */
static void put_path(const char *path, FILE *out)
{
    char *clean = mem_string(path);
    char *end = clean;
    for (const char *p = path; *p; p++)
        if (*p != '/' || end == clean || end[-1] != '/')
            *end++ = *p;
    *end = 0;
    put_text(clean, out);
    free(clean);
}

static void put_file(const struct scopes_place *place, FILE *out)
{
    if (!place->file || !*place->file || *place->file == '/' || !place->directory) {
        put_path(place->file ? place->file : "", out);
        return;
    }
    char *joined = mem_format("%s/%s", place->directory, place->file);
    put_path(joined, out);
    free(joined);
}

/* linkage: NULL if it is not asked for. */
static void put_frame(const char *function, const struct scopes_place *place, const char *linkage,
                      FILE *out)
{
    fputs("f\t", out);
    put_text(function, out);
    putc('\t', out);
    put_file(place, out);
    fprintf(out, "\t%d\t%d", place->line, place->column);
    if (linkage) {
        putc('\t', out);
        put_text(linkage, out);
    }
    putc('\n', out);
}

/* Of C functions there is none. symbol: of a concrete function, or NULL. */
static const char *linkage_of(Dwarf_Die *function, const char *symbol)
{
    const char *name = function ? names_linkage(function) : NULL;
    if (!name && symbol && (strncmp(symbol, "_Z", 2) == 0 || strncmp(symbol, "_R", 2) == 0))
        name = symbol;
    return name ? name : "";
}

static char *name_in_dwarf(const struct scopes_unit *unit, Dwarf_Die *function)
{
    const char *plain = names_plain(function);
    if (!plain || scopes_is_c(unit))
        return mem_string(plain ? plain : "");
    return names_qualified(function);
}

static char *name_inlined(const struct scopes_unit *unit, Dwarf_Die *function)
{
    const char *name = names_linkage(function);
    return name ? demangle(name) : name_in_dwarf(unit, function);
}

/* Whether the symbol is the name, or the name with the suffix of a part or clone of it. */
static bool is_variant(const char *symbol, const char *name)
{
    size_t length = strlen(name);
    return strncmp(symbol, name, length) == 0 && (symbol[length] == 0 || symbol[length] == '.');
}

static char *name_concrete(const struct scopes_unit *unit, Dwarf_Die *function, const char *symbol)
{
    const char *name = names_linkage(function);
    if (name)
        return demangle(name);
    name = names_plain(function);
    if (symbol && !(name && (scopes_is_c(unit) || is_variant(symbol, name))))
        return demangle(symbol);
    return name_in_dwarf(unit, function);
}

void resolver_answer(struct resolver *resolver, uint64_t addr, bool linkage, FILE *out)
{
    uint64_t file_addr = addr - resolver->bias;
    uint64_t dwarf_addr = file_addr - resolver->dwarf_bias;
    struct scopes *scopes = &resolver->scopes;
    const char *symbol = elfsyms_find(&resolver->symbols, file_addr);
    struct scopes_unit *unit = scopes_find(scopes, dwarf_addr);
    struct scopes_place place = {0};
    if (unit)
        place = scopes_line(unit, dwarf_addr);

    /* Each frame stands where it was executing; its caller, where it called. */
    for (size_t i = scopes->chain_count; i-- > 1;) {
        char *name = name_inlined(unit, &scopes->chain[i]);
        put_frame(name, &place, linkage ? linkage_of(&scopes->chain[i], NULL) : NULL, out);
        free(name);
        place = scopes_call(unit, &scopes->chain[i]);
    }
    char *name = scopes->chain_count > 0 ? name_concrete(unit, &scopes->chain[0], symbol)
                                         : demangle(symbol ? symbol : "");
    Dwarf_Die *function = scopes->chain_count > 0 ? &scopes->chain[0] : NULL;
    put_frame(name, &place, linkage ? linkage_of(function, symbol) : NULL, out);
    free(name);
    fputs(".\n", out);
}

void resolver_answer_unknown(FILE *out)
{
    fputs("f\t-\t-\t0\t0\n.\n", out);
}
