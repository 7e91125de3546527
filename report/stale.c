/* SPDX-License-Identifier: MIT
 *
 * Owns the judgement on control sockets that nobody serves any more, and clearing them away: a process that is
 * killed can't remove its own, and most servers end that way. So each new socket's owner looks round once.
 *
 * A process of another namespace may share the folder, and its id means nothing here: so a socket on which
 * somebody listens is left alone whatever its name. One that is removed in the moment between its bind(2) and
 * listen(2) is made again (remote_check).
 *
 * Runs in the thread of our own. */
#include "stale.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "../preload/fmt.h"
#include "../preload/sys.h"

enum { PATH_BYTES = 512 };

static bool nobody_listens(const char *path)
{
    int fd = sys_socket();
    int r = fd < 0 ? fd : sys_connect(fd, path);
    if (fd >= 0)
        sys_close(fd);
    return r == -ECONNREFUSED;
}

bool stale_is(const char *path)
{
    struct stat file;
    return !sys_lstat(path, &file) && S_ISSOCK(file.st_mode) && file.st_uid == sys_geteuid() &&
           nobody_listens(path);
}

/* folder/beforePIDafter */
struct shape {
    char folder[PATH_BYTES];
    const char *before, *after;
    size_t before_bytes, after_bytes;
};

static bool parse(const char *pattern, struct shape *ret)
{
    const char *slash = strrchr(pattern, '/');
    const char *id = strchr(pattern, '%');
    if (*pattern != '/' || !id || id < slash || id[1] != 'p' || strchr(id + 1, '%') ||
        (size_t)(slash - pattern) + 2 > sizeof ret->folder)
        return false;
    *ret = (struct shape){.before = slash + 1,
                          .before_bytes = (size_t)(id - slash - 1),
                          .after = id + 2,
                          .after_bytes = strlen(id + 2)};
    fmt(ret->folder, (size_t)(slash - pattern) + 2, "%s", pattern);
    return true;
}

static bool is_of_no_process(const struct shape *shape, const char *name)
{
    size_t bytes = strlen(name);
    uint64_t pid;
    if (bytes <= shape->before_bytes + shape->after_bytes ||
        memcmp(name, shape->before, shape->before_bytes) != 0 ||
        strcmp(name + bytes - shape->after_bytes, shape->after) != 0)
        return false;
    return fmt_parse_u64(name + shape->before_bytes, name + bytes - shape->after_bytes, 10, &pid) &&
           pid > 0 && pid <= INT32_MAX && sys_kill((int)pid, 0) == -ESRCH;
}

void stale_sweep(const char *pattern)
{
    char buf[4096] __attribute__((aligned(8)));
    char path[PATH_BYTES + 256];
    struct shape shape;
    ssize_t n;
    int fd = parse(pattern, &shape) ? sys_open(shape.folder, O_RDONLY | O_DIRECTORY, 0) : -1;
    while (fd >= 0 && (n = sys_getdents(fd, buf, sizeof buf)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct sys_entry *e = (const void *)(buf + at);
            fmt(path, sizeof path, "%s%s", shape.folder, e->name);
            if (is_of_no_process(&shape, e->name) && stale_is(path))
                sys_unlink(path);
            at += e->bytes;
        }
    if (fd >= 0)
        sys_close(fd);
}
