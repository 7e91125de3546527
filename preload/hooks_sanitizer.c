/* SPDX-License-Identifier: MIT
 *
 * Owns standing aside for the shared runtimes of sanitizers. They bring a malloc and much else that has to
 * come before everybody's, and programs built for them do not start, or crash, under a preloaded library.
 * So such a program is executed again at once, without us in LD_PRELOAD.
 *
 * At once means: before any code of the program or of the sanitizer, some of which runs before all
 * constructors. That early there is only the resolver of an indirect function (IFUNC), which the loader
 * calls when it relocates the library; all others but the executable have been relocated by then. The
 * function that it resolves is of no interest.
 *
 * What is not changed: a runtime that stands before us, which the user wants so; a loader that was started
 * by hand; a library that is preloaded by /etc/ld.so.preload, which can't be taken out. A sanitizer that is
 * linked statically has its malloc in the executable, and needs no more than report/foreign.c.
 *
 * Runs before everything, and calls nothing of libc: the sanitizer has taken the place of its string
 * functions, and is not ready. Compilers must not make calls of loops (plain_loop). */
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/auxv.h>

#include "hooks_sanitizer.h"
#include "sys.h"

extern void *__libc_stack_end;

static inline void plain_loop(void)
{
    __asm__ volatile("" : : : "memory");
}

static size_t length(const char *s)
{
    size_t n = 0;
    for (; s[n]; n++)
        plain_loop();
    return n;
}

/* The option names stand in small letters in `word`, in either in `s`. */
static bool begins(const char *s, const char *word)
{
    for (; *word; s++, word++) {
        char small = *s >= 'A' && *s <= 'Z' ? (char)(*s | 0x20) : *s;
        if (*s != *word && small != *word)
            return false;
    }
    return true;
}

static const char *name_of(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/')
            name = path + 1;
    return name;
}

/* --- Who is there ----------------------------------------------------------------------------- */

static bool is_sanitizer(const char *name)
{
    return begins(name, "libasan.so") || begins(name, "libtsan.so") || begins(name, "liblsan.so") ||
           begins(name, "libhwasan.so") || begins(name, "libclang_rt.asan") ||
           begins(name, "libclang_rt.tsan") || begins(name, "libclang_rt.hwasan");
}

/* The name of a sanitizer behind us in the order of search, or NULL. */
static const char *find_sanitizer(const struct link_map *us)
{
    for (const struct link_map *m = us; m; m = m->l_next)
        if (is_sanitizer(name_of(m->l_name)))
            return name_of(m->l_name);
    return NULL;
}

static const struct link_map *find_us(void)
{
    for (const struct link_map *m = _r_debug.r_map; m; m = m->l_next)
        if (m->l_ld == _DYNAMIC)
            return m;
    return NULL;
}

/* --- The environment -------------------------------------------------------------------------- */

/* Takes the words with this name out of a list, in place; whether there was one. */
static bool take_out(char *list, const char *name)
{
    bool found = false;
    char *to = list;
    while (*list) {
        const char *word = list;
        for (; *list && *list != ':' && *list != ' '; list++)
            plain_loop();
        char end = *list;
        *list = '\0';
        if (begins(name_of(word), name) && !name_of(word)[length(name)]) {
            found = true;
        } else {
            for (; word < list; word++, to++) {
                *to = *word;
                plain_loop();
            }
            if (end)
                *to++ = end;
        }
        list += end != '\0';
    }
    *to = '\0';
    return found;
}

static bool leave(char **environment, const char *name)
{
    bool found = false;
    for (char **e = environment; *e; e++)
        if (begins(*e, "LD_PRELOAD="))
            found |= take_out(*e + 11, name);
    return found;
}

/* Whether the options could mean that nothing is said in this program. They are not read here. */
static bool is_quiet(char **environment)
{
    for (char **e = environment; *e; e++)
        for (const char *s = begins(*e, "LEAKGC_") ? *e : ""; *s; s++)
            if (begins(s, "only=") || begins(s, "enabled=") || begins(s, "children=-"))
                return true;
    return false;
}

/* --- Standing aside --------------------------------------------------------------------------- */

static char *put(char *to, const char *s)
{
    for (; *s; s++) {
        *to++ = *s;
        plain_loop();
    }
    return to;
}

static void say(const char *sanitizer)
{
    char line[512], digits[16];
    char *digit = digits + sizeof digits - 1;
    *digit = '\0';
    for (int pid = sys_getpid(); pid; pid /= 10)
        *--digit = (char)('0' + pid % 10);
    char *to =
        put(put(put(line, "=="), digit), "==leakgc: the program was built with a sanitizer (");
    to = put(to, length(sanitizer) < 100 ? sanitizer : "?");
    to = put(to, ") and runs without leakgc; its blocks are not checked for leaks\n");
    sys_write_all(2, line, (size_t)(to - line));
}

/* Returns if it can't be done; the sanitizer then says what it thinks of that. */
static void stand_aside(const char *sanitizer, const struct link_map *us)
{
    char path[4096];
    char **at = __libc_stack_end;
    char **argv = at + 1;
    char **environment = argv + *(long *)at + 1;
    if (!getauxval(AT_BASE) || !leave(environment, name_of(us->l_name)))
        return;
    if (!is_quiet(environment))
        say(sanitizer);
    ssize_t n = sys_readlink("/proc/self/exe", path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    sys_execve(path, argv, environment);
    sys_execve("/proc/self/exe", argv, environment); /* it was moved or deleted */
}

static void nothing(void) {}

/* The resolver. */
__attribute__((used)) static void (*look(void))(void)
{
    const struct link_map *us = find_us();
    const char *sanitizer = us ? find_sanitizer(us) : NULL;
    if (sanitizer && __libc_stack_end)
        stand_aside(sanitizer, us);
    return nothing;
}

__attribute__((ifunc("look"))) void hooks_sanitizer(void);
