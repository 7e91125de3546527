/* SPDX-License-Identifier: MIT
 *
 * Owns finding a module's file by its path and by its build id. A file with another build id is another file,
 * whatever its name; where the module had no build id, its path is believed.
 *
 * Runs in ordinary context. */
#include "modfile.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

enum verdict { IT_IS, IS_NO_FILE, IS_OTHER };

static bool is_id(const char *hex, const uint8_t *id, size_t bytes)
{
    char digits[3];
    if (strlen(hex) != 2 * bytes)
        return false;
    for (size_t i = 0; i < bytes; i++) {
        snprintf(digits, sizeof(digits), "%02x", id[i]);
        if (memcmp(hex + 2 * i, digits, 2) != 0)
            return false;
    }
    return true;
}

static enum verdict judge(const char *path, const char *build_id)
{
    struct stat status;
    const void *id;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return IS_NO_FILE;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return IS_NO_FILE;
    if (!*build_id) {
        close(fd);
        return IT_IS;
    }
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    ssize_t bytes = elf && elf_kind(elf) == ELF_K_ELF ? dwelf_elf_gnu_build_id(elf, &id) : -1;
    enum verdict verdict = bytes > 0 && is_id(build_id, id, (size_t)bytes) ? IT_IS : IS_OTHER;
    elf_end(elf);
    close(fd);
    return verdict;
}

/* The path when it is the file; else NULL, and the path is freed. */
static char *try(struct model_module *module, char *path)
{
    enum verdict verdict = judge(path, module->build_id);
    if (verdict == IT_IS) {
        module->names = NAMES_FOUND;
        return path;
    }
    if (verdict == IS_OTHER)
        module->names = NAMES_OTHER_FILE;
    free(path);
    return NULL;
}

static char *try_folder(struct model_module *module, const char *folder, size_t length)
{
    const char *id = module->build_id;
    char *path =
        try(module, mem_format("%.*s/.build-id/%.2s/%s.debug", (int)length, folder, id, id + 2));
    return path
               ? path
               : try(module, mem_format("%.*s/.build-id/%.2s/%s", (int)length, folder, id, id + 2));
}

char *modfile_find(struct model_module *module, const char *sysroot, const char *debug_path)
{
    module->names = NAMES_NO_FILE;
    if (*module->path != '/')
        return NULL; /* [vdso] */
    char *path = try(module, mem_format("%s%s", sysroot ? sysroot : "", module->path));
    while (!path && strlen(module->build_id) > 2) {
        size_t length = strcspn(debug_path, ":");
        if (*debug_path == '/')
            path = try_folder(module, debug_path, length);
        if (!debug_path[length])
            break;
        debug_path += length + 1;
    }
    return path;
}
