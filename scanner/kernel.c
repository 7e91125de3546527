/* SPDX-License-Identifier: MIT
 *
 * Owns what the kernel tells of the pointers that it was given:
 *
 *   epoll    /proc/PID/fdinfo/FD   tfd: 5 events: 19 data: 55d0c8a2e2a0  pos:0 ino:1e39 sdev:9
 *   timers   /proc/PID/timers      signal: 60/000055d0c8a2e2a0       (with CONFIG_CHECKPOINT_RESTORE)
 *
 * Asking beats keeping a list: entries go when their file is closed, and nobody tells.
 * Only programs that use these are asked about (preload/kernel_holds.h). The thread of our own has
 * descriptors of its own, so it asks by another thread.
 *
 * Runs in ordinary context or with the world stopped: system calls only, scratch memory. */
#include "kernel.h"

#include <fcntl.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/kernel_holds.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "stop.h"

enum { PIECE_WORDS = 510, READ_BYTES = 16 << 10 };

struct piece {
    struct piece *below;
    size_t count;
    uintptr_t word[PIECE_WORDS];
};
static struct piece *found;
static bool failed; /* no memory for all of them */

static void keep(uintptr_t word)
{
    if (!space_in_cage(word & options.pointer_mask))
        return;
    if (!found || found->count == PIECE_WORDS) {
        struct piece *p = scratch_alloc(sizeof *p);
        failed |= !p;
        if (!p)
            return;
        p->below = found;
        found = p;
    }
    found->word[found->count++] = word;
}

static const char *behind(const char *s, const char *end, const char *key)
{
    size_t n = strlen(key);
    for (; s + n <= end; s++)
        if (!memcmp(s, key, n))
            return s + n;
    return NULL;
}

static void read_line(const char *line, const char *end)
{
    const char *s = NULL;
    uint64_t word;
    if (behind(line, end, "tfd:") == line + 4)
        s = behind(line, end, "data:");
    else if (behind(line, end, "signal:") == line + 7)
        s = behind(line, end, "/");
    while (s && s < end && *s == ' ')
        s++;
    const char *stop = s;
    while (s && stop < end && *stop != ' ')
        stop++;
    if (s && fmt_parse_u64(s, stop, 16, &word))
        keep(word);
}

static void read_lines(const char *path)
{
    char text[READ_BYTES];
    size_t held = 0;
    ssize_t got;
    int fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
    while (fd >= 0 && (got = sys_read(fd, text + held, sizeof text - held)) > 0) {
        char *line = text;
        char *end;
        held += (size_t)got;
        while ((end = memchr(line, '\n', held - (size_t)(line - text))) != NULL) {
            read_line(line, end);
            line = end + 1;
        }
        held -= (size_t)(line - text);
        memmove(text, line, held);
    }
    if (fd >= 0)
        sys_close(fd);
}

/* More epoll instances than are noted: every descriptor may be one. */
static void read_all_descriptors(int tid)
{
    char path[64], buf[4096] __attribute__((aligned(8)));
    ssize_t n;
    fmt(path, sizeof path, "/proc/self/task/%d/fdinfo", tid);
    int fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    while (fd >= 0 && (n = sys_getdents(fd, buf, sizeof buf)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct sys_entry *e = (const void *)(buf + at);
            at += e->bytes;
            fmt(path, sizeof path, "/proc/self/task/%d/fdinfo/%s", tid, e->name);
            if (e->name[0] != '.')
                read_lines(path);
        }
    if (fd >= 0)
        sys_close(fd);
}

void kernel_ask(void)
{
    int fds[KERNEL_EPOLLS];
    char path[64];
    found = NULL;
    failed = false;
    size_t epolls = options.use_kernel ? kernel_epolls(fds) : 0;
    int tid = epolls && sys_gettid() == ghost_tid() ? world_living_thread() : sys_gettid();
    for (size_t i = 0; i < epolls && epolls < KERNEL_EPOLLS; i++) {
        fmt(path, sizeof path, "/proc/self/task/%d/fdinfo/%d", tid, fds[i]);
        read_lines(path);
    }
    if (epolls == KERNEL_EPOLLS)
        read_all_descriptors(tid);
    if (options.use_kernel && kernel_timers())
        read_lines("/proc/self/timers");
}

void kernel_mark(struct mark *m)
{
    m->failed |= failed;
    for (const struct piece *p = found; p; p = p->below)
        for (size_t i = 0; i < p->count; i++)
            mark_word(m, p->word[i]);
}
