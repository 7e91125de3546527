/* SPDX-License-Identifier: MIT
 *
 * Owns the question of resting.h, and the two files of the kernel that answer it:
 *
 *   /proc/self/task/TID/status    SigBlk: ffffffff7ffbfeff         bit signal - 1
 *   /proc/self/task/TID/syscall   128 0x... 0x... SP PC            "running", if it does not wait
 *
 * Only threads that the registry does not know are asked about: so they were not made by the program's
 * pthread_create, and have never allocated. A thread of pthread_create that has not come to our code yet
 * looks the same, and is treated the same: its argument is known (preload/thread.h).
 *
 * Runs with all locks of ours while threads stand still: system calls only. */
#include "resting.h"

#include <fcntl.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/module.h"
#include "../preload/real.h"
#include "../preload/sys.h"
#include "../preload/thread.h"

static int open_file(int tid, const char *name)
{
    char path[64];
    fmt(path, sizeof path, "/proc/self/task/%d/%s", tid, name);
    return sys_open(path, O_RDONLY, 0);
}

/* Thousands of groups may stand before it. */
static bool find_mask(int fd, uint64_t *ret)
{
    static const char key[] = "\nSigBlk:\t";
    enum { KEY = sizeof key - 1, DIGITS = 16, LINE = KEY + DIGITS };
    char text[1024];
    size_t held = 0;
    for (ssize_t n; (n = sys_read(fd, text + held, sizeof text - 1 - held)) > 0;) {
        held += (size_t)n;
        text[held] = '\0';
        const char *s = strstr(text, key);
        if (s && text + held - s >= LINE)
            return fmt_parse_u64(s + KEY, s + LINE, 16, ret);
        size_t kept = held < LINE ? held : LINE - 1;
        memmove(text, text + held - kept, kept);
        held = kept;
    }
    return false;
}

static bool blocks(int tid, int signal)
{
    uint64_t mask;
    int fd = open_file(tid, "status");
    if (fd < 0)
        return false;
    bool found = find_mask(fd, &mask);
    sys_close(fd);
    return found && mask >> (signal - 1) & 1;
}

/* The line as a string; its length. */
static size_t read_call(int tid, char *text, size_t cap)
{
    int fd = open_file(tid, "syscall");
    ssize_t n = fd < 0 ? 0 : sys_read(fd, text, cap - 1);
    if (fd >= 0)
        sys_close(fd);
    n = n > 0 ? n : 0;
    text[n] = '\0';
    return (size_t)n;
}

/* The last number of the line, and cuts it off. */
static bool take_last(char *text, size_t *inout_bytes, uint64_t *ret)
{
    size_t begin = *inout_bytes;
    while (begin > 0 && text[begin - 1] != ' ')
        begin--;
    if (begin < 2 || strncmp(text + begin, "0x", 2) ||
        !fmt_parse_u64(text + begin + 2, text + *inout_bytes, 16, ret))
        return false;
    *inout_bytes = begin - 1;
    return true;
}

static bool is_in_libc(uintptr_t pc)
{
    const struct module *m = module_at((uintptr_t)real()->exit, module_now());
    return m && pc >= m->begin && pc < m->end;
}

static bool is_other(struct thread *t, void *tid)
{
    return t->tid != *(const int *)tid;
}

bool resting_in_libc(int tid, int signal, uintptr_t *ret_sp)
{
    char text[256];
    uint64_t pc, sp;
    if (!thread_all_locked(is_other, &tid) || !blocks(tid, signal))
        return false;
    size_t n = read_call(tid, text, sizeof text);
    n -= n > 0 && text[n - 1] == '\n';
    if (!take_last(text, &n, &pc) || !take_last(text, &n, &sp) || !is_in_libc(pc))
        return false;
    *ret_sp = sp;
    return true;
}
