/* SPDX-License-Identifier: MIT
 *
 * Owns looking at a program before it is started. A program is static when it asks for no loader
 * (PT_INTERP), unless it is a shared object that is not marked as a position-independent program:
 * that is the loader itself, which does preload.
 *
 * Runs in ordinary context. */
#include "elfkind.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

static bool has_pie_flag(Elf *elf, const GElf_Phdr *dynamic)
{
    Elf_Data *data =
        elf_getdata_rawchunk(elf, (int64_t)dynamic->p_offset, dynamic->p_filesz, ELF_T_DYN);
    GElf_Dyn entry;
    for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++)
        if (entry.d_tag == DT_FLAGS_1)
            return entry.d_un.d_val & DF_1_PIE;
    return false;
}

static bool is_static(Elf *elf, const GElf_Ehdr *header)
{
    bool is_pie = false;
    size_t count;
    if (elf_getphdrnum(elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr phdr;
        if (!gelf_getphdr(elf, (int)i, &phdr))
            continue;
        if (phdr.p_type == PT_INTERP)
            return false;
        if (phdr.p_type == PT_DYNAMIC)
            is_pie = has_pie_flag(elf, &phdr);
    }
    return header->e_type == ET_EXEC || is_pie;
}

int elfkind_read(const char *path, struct elfkind *ret_kind)
{
    GElf_Ehdr header;
    *ret_kind = (struct elfkind){0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header))
        *ret_kind = (struct elfkind){
            .is_elf = true,
            .is_static = is_static(elf, &header),
            .machine = header.e_machine,
            .class = header.e_ident[EI_CLASS],
        };
    elf_end(elf);
    close(fd);
    return 0;
}

char *elfkind_interpreter(const char *path)
{
    char line[257] = {0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    ssize_t count = read(fd, line, sizeof(line) - 1);
    close(fd);
    if (count < 2 || strncmp(line, "#!", 2) != 0)
        return NULL;
    char *start = line + 2 + strspn(line + 2, " \t");
    start[strcspn(start, " \t\n")] = 0;
    return *start ? mem_string(start) : NULL;
}
