/* SPDX-License-Identifier: MIT
 *
 * Owns the question "are these the program's blocks at all?" (foreign.h). Reporting no leaks for a
 * program with its own allocator would be a lie.
 *
 * A malloc that the executable exports is found by dlsym. One that it hides (static jemalloc with
 * hidden symbols) is found in the executable's symbol table, if that was not stripped; it is looked
 * for only when no allocation came straight from the executable's code.
 *
 * Runs in ordinary context. */
#include "foreign.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>

#include "../preload/alloc.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "../preload/trace.h"

/* Asked by trying: the address of malloc says little, since an executable that takes it has a stub
 * of its own that leads on to ours. */
static bool leads_to_us(void *(*found)(size_t))
{
    void (*give_back)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "free");
    void *p = found(1);
    bool ours = !p || space_in_cage((uintptr_t)p);
    if (give_back)
        give_back(p);
    return ours;
}

bool foreign_malloc_at_start(void)
{
    Dl_info info;
    void *found = dlsym(RTLD_DEFAULT, "malloc");
    if (!found || leads_to_us((void *(*)(size_t))found))
        return false;
    log_say("the program's malloc is not ours but that of %s; its blocks are not checked for leaks",
            dladdr(found, &info) && info.dli_fname ? info.dli_fname : "another module");
    return true;
}

static bool read_at(int fd, void *buf, size_t bytes, uint64_t at)
{
    return sys_pread(fd, buf, bytes, (off_t)at) == (ssize_t)bytes;
}

/* Whether the section [symbols] defines a function malloc with code. */
static bool defines_malloc(int fd, const ElfW(Shdr) * symbols, const ElfW(Shdr) * strings)
{
    ElfW(Sym) batch[256];
    uint64_t at = symbols->sh_offset;
    uint64_t end = at + symbols->sh_size;
    while (at + sizeof *batch <= end) {
        size_t n = (end - at) / sizeof *batch < 256 ? (end - at) / sizeof *batch : 256;
        if (!read_at(fd, batch, n * sizeof *batch, at))
            return false;
        for (size_t i = 0; i < n; i++) {
            char name[7];
            if (ELF64_ST_TYPE(batch[i].st_info) == STT_FUNC && batch[i].st_shndx != SHN_UNDEF &&
                read_at(fd, name, sizeof name, strings->sh_offset + batch[i].st_name) &&
                !memcmp(name, "malloc", sizeof name))
                return true;
        }
        at += n * sizeof *batch;
    }
    return false;
}

/* Of the sections whose headers are at [at, at + count): the symbol table that linking used, if there is one. */
static bool find_symbols(int fd, uint64_t at, size_t count, ElfW(Shdr) * ret)
{
    ElfW(Shdr) batch[32];
    for (size_t n; count; count -= n, at += n * sizeof *batch) {
        n = count < 32 ? count : 32;
        if (!read_at(fd, batch, n * sizeof *batch, at))
            return false;
        for (size_t i = 0; i < n; i++)
            if (batch[i].sh_type == SHT_SYMTAB) {
                *ret = batch[i];
                return true;
            }
    }
    return false;
}

static bool executable_defines_malloc(void)
{
    ElfW(Ehdr) header;
    ElfW(Shdr) symbols, strings;
    int fd = sys_open("/proc/self/exe", O_RDONLY, 0);
    if (fd < 0)
        return false;
    bool found =
        read_at(fd, &header, sizeof header, 0) && header.e_shentsize == sizeof symbols &&
        find_symbols(fd, header.e_shoff, header.e_shnum, &symbols) &&
        symbols.sh_link < header.e_shnum &&
        read_at(fd, &strings, sizeof strings, header.e_shoff + symbols.sh_link * sizeof strings) &&
        defines_malloc(fd, &symbols, &strings);
    sys_close(fd);
    return found;
}

static const struct module *executable(void)
{
    const struct module *last =
        NULL; /* the loader lists the executable first; ours is newest first */
    for (const struct module *m = module_first(); m; m = m->next)
        last = m;
    return last;
}

static bool is_from_executable(uint32_t trace, void *arg)
{
    const struct module *m = arg;
    struct trace_frame f;
    return trace_next(&trace, &f) && f.pc - m->begin < m->end - m->begin;
}

bool foreign_malloc_inside(void)
{
    const struct module *m = executable();
    return m && !trace_any(is_from_executable, (void *)(uintptr_t)m) && executable_defines_malloc();
}
