/* SPDX-License-Identifier: MIT
 *
 * Owns the search for files. The library is looked for, in this order: beside the command (a build
 * directory), in ../lib, ../lib/<multiarch> and ../lib64 from it (an installed tree, which may be
 * moved), in LEAKGC_LIBDIR, which the build may define.
 *
 * Programs are found as execvp(3) finds them: the first executable file on PATH.
 *
 * Runs in ordinary context. */
#include "locate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

#define LIBRARY "libleakgc.so"

/* The directory of the platform, as Debian names it. */
#if defined(__x86_64__)
#define MULTIARCH "../lib/x86_64-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "../lib/aarch64-linux-gnu"
#elif defined(__riscv)
#define MULTIARCH "../lib/riscv64-linux-gnu"
#else
#define MULTIARCH "../lib"
#endif

static const char *const library_directories[] = {".", "../lib", MULTIARCH, "../lib64"};

char *locate_self(void)
{
    return realpath("/proc/self/exe", NULL);
}

static char *existing(char *path)
{
    char *absolute = realpath(path, NULL);
    free(path);
    return absolute;
}

char *locate_library(const char *self)
{
    const char *slash = strrchr(self, '/');
    int length = slash ? (int)(slash - self) : 0;
    size_t count = sizeof(library_directories) / sizeof(*library_directories);
    for (size_t i = 0; i < count; i++) {
        char *found =
            existing(mem_format("%.*s/%s/" LIBRARY, length, self, library_directories[i]));
        if (found)
            return found;
    }
#ifdef LEAKGC_LIBDIR
    return existing(mem_string(LEAKGC_LIBDIR "/" LIBRARY));
#else
    return NULL;
#endif
}

static int check_executable(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == EACCES ? -EACCES : -ENOENT;
    if (!S_ISREG(status.st_mode) || access(path, X_OK) != 0)
        return -EACCES;
    return 0;
}

int locate_program(const char *name, char **ret_path)
{
    int result = -ENOENT;
    *ret_path = NULL;
    if (strchr(name, '/') || !*name) {
        result = check_executable(name);
        if (result == 0)
            *ret_path = mem_string(name);
        return result;
    }
    const char *path = getenv("PATH");
    if (!path)
        path = "/bin:/usr/bin";
    for (const char *end; result != 0; path = end + 1) {
        end = strchrnul(path, ':');
        int length = (int)(end - path); /* an empty element is the current directory */
        char *file = mem_format("%.*s%s%s", length, path, length ? "/" : "./", name);
        int found = check_executable(file);
        if (found != -ENOENT)
            result = found; /* -EACCES is remembered while the search goes on */
        if (found == 0)
            *ret_path = file;
        else
            free(file);
        if (!*end)
            break;
    }
    return result;
}
