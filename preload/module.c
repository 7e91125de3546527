/* SPDX-License-Identifier: MIT
 *
 * Owns the history of modules. module_refresh compares the loader's list with ours; it is called
 * round dlclose and before a report, so every module that was ever unloaded was seen while it was
 * mapped. Entries are never freed.
 *
 * Runs in ordinary context (not in malloc). Locks: LOCK_MODULES, and inside it the loader's, which
 * dl_iterate_phdr takes; nothing that malloc calls takes LOCK_MODULES. */
#include "module.h"

#include <link.h>
#include <string.h>

#include "fmt.h"
#include "frame_rules.h"
#include "init.h"
#include "lock.h"
#include "meta.h"
#include "sys.h"
#include "trace.h"
#include "unwind.h"

static struct module *modules;
static uint32_t now;
static uint32_t passes;

uint32_t module_now(void)
{
    return __atomic_load_n(&now, __ATOMIC_ACQUIRE);
}

static void read_build_id(struct module *m, const struct dl_phdr_info *info)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_NOTE)
            continue;
        const char *at = (const char *)(info->dlpi_addr + p->p_vaddr);
        const char *end = at + p->p_memsz;
        while (at + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *note = (const void *)at;
            const char *name = at + sizeof *note;
            const char *data = name + ((note->n_namesz + 3) & ~3u);
            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(name, "GNU", 4)) {
                m->build_id_bytes = note->n_descsz < BUILD_ID_MOST ? note->n_descsz : BUILD_ID_MOST;
                memcpy(m->build_id, data, m->build_id_bytes);
                return;
            }
            at = data + ((note->n_descsz + 3) & ~3u);
        }
    }
}

static void range_of(const struct dl_phdr_info *info, uintptr_t *ret_begin, uintptr_t *ret_end)
{
    *ret_begin = UINTPTR_MAX;
    *ret_end = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD)
            continue;
        uintptr_t begin = info->dlpi_addr + p->p_vaddr;
        *ret_begin = begin < *ret_begin ? begin : *ret_begin;
        *ret_end = begin + p->p_memsz > *ret_end ? begin + p->p_memsz : *ret_end;
    }
}

static struct module *find_mapped(uintptr_t begin, const char *path)
{
    for (struct module *m = modules; m; m = m->next)
        if (m->begin == begin && m->unloaded == UINT32_MAX && (!*path || !strcmp(m->path, path)))
            return m;
    return NULL;
}

static struct module *add(const struct dl_phdr_info *info, uintptr_t begin, uintptr_t end,
                          const char *path)
{
    size_t n = strlen(path) + 1;
    struct module *m = meta_alloc_zeroed(sizeof *m + n);
    if (!m)
        return NULL;
    m->begin = begin;
    m->end = end;
    m->bias = info->dlpi_addr;
    m->loaded = now;
    m->unloaded = UINT32_MAX;
    memcpy(m->path, path, n);
    read_build_id(m, info);
    m->number = modules ? modules->number + 1 : 0;
    m->next = modules;
    modules = m;
    return m;
}

struct refresh {
    char path[4096];
    bool first;
    uint32_t pass;
};

/* The loader names the executable "", the vDSO by its soname, and what was opened by a relative
 * path by that; the working directory may be another one when somebody reads the report. */
static const char *path_of(const struct dl_phdr_info *info, struct refresh *r)
{
    const char *name = info->dlpi_name;
    if (r->first || !*name) {
        r->first = false;
        return init_program_path();
    }
    if (*name == '/')
        return name;
    if (!strchr(name, '/'))
        return "[vdso]";
    ssize_t n = sys_readlink("/proc/self/cwd", r->path, sizeof r->path - 1);
    n = n > 0 ? n : 0;
    fmt(r->path + n, sizeof r->path - (size_t)n, "/%s", name);
    return r->path;
}

static int visit(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct refresh *r = data;
    uintptr_t begin, end;
    const char *path = path_of(info, r);
    range_of(info, &begin, &end);
    if (begin >= end)
        return 0;
    struct module *m = find_mapped(begin, path);
    if (!m)
        m = add(info, begin, end, path);
    if (m)
        m->pass = r->pass;
    return 0;
}

/* Another thread may load a module where one was unmapped before we hear of that: what was recorded so far with
 * addresses there is the old one's. */
static void begin_after(const struct module *gone)
{
    for (struct module *m = modules; m; m = m->next)
        if (m->unloaded == UINT32_MAX && m->loaded == now && m->begin < gone->end &&
            gone->begin < m->end)
            m->loaded = now + 1;
}

static void settle_locked(uint32_t pass)
{
    bool gone = false;
    for (struct module *m = modules; m; m = m->next) {
        if (m->pass == pass || m->unloaded != UINT32_MAX)
            continue;
        m->unloaded = now + 1;
        begin_after(m);
        trace_retire(m->begin, m->end);
        frame_rules_forget(m->begin, m->end);
        gone = true;
    }
    if (gone)
        unwind_forget();
    if (gone)
        __atomic_store_n(&now, now + 1, __ATOMIC_RELEASE);
}

void module_refresh(void)
{
    lock_take(LOCK_MODULES);
    struct refresh r = {.first = true, .pass = ++passes};
    dl_iterate_phdr(visit, &r);
    settle_locked(r.pass);
    lock_release(LOCK_MODULES);
}

const struct module *module_at(uintptr_t address, uint32_t time)
{
    for (struct module *m = modules; m; m = m->next)
        if (address - m->begin < m->end - m->begin && m->loaded <= time && time < m->unloaded)
            return m;
    return NULL;
}

const struct module *module_first(void)
{
    return modules;
}
