/* SPDX-License-Identifier: MIT
 *
 * Owns the look at the memory cgroup: version 2 (memory.current, memory.max) or 1
 * (memory.usage_in_bytes, memory.limit_in_bytes), of the process's own group or, where that has no limit
 * or is not visible (in a container), of the one mounted at the top.
 *
 * Runs in the thread of our own. */
#include "pressure.h"

#include <fcntl.h>
#include <string.h>

#include "../preload/clock.h"
#include "../preload/fmt.h"
#include "../preload/options.h"
#include "../preload/sys.h"

enum { PATH_BYTES = 512, QUIET_MS = 30000 };

static const struct version {
    const char *line;  /* before the path in /proc/self/cgroup */
    const char *mount; /* where such groups usually are */
    const char *used, *limit;
} versions[] = {
    {"0::", "/sys/fs/cgroup", "memory.current", "memory.max"},
    {":memory:", "/sys/fs/cgroup/memory", "memory.usage_in_bytes", "memory.limit_in_bytes"},
};

static ssize_t read_text(const char *path, char *text, size_t cap)
{
    int fd = sys_open(path, O_RDONLY, 0);
    ssize_t n = fd < 0 ? fd : sys_read(fd, text, cap - 1);
    if (fd >= 0)
        sys_close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n;
}

/* 0: no such file, or no number in it ("max"). */
static uint64_t read_number(const char *mount, const char *group, const char *file)
{
    char path[2 * PATH_BYTES], text[64];
    uint64_t number;
    fmt(path, sizeof path, "%s%s/%s", mount, group, file);
    if (read_text(path, text, sizeof text) <= 0)
        return 0;
    const char *end = text + strcspn(text, "\n");
    return fmt_parse_u64(text, end, 10, &number) ? number : 0;
}

static bool is_above(const struct version *v, const char *group)
{
    uint64_t used = read_number(v->mount, group, v->used);
    uint64_t limit = read_number(v->mount, group, v->limit);
    return used && limit && used >= limit / 100 * options.pressure;
}

static bool own_group(const struct version *v, char *ret, size_t cap)
{
    char text[2048];
    if (read_text("/proc/self/cgroup", text, sizeof text) <= 0)
        return false;
    const char *at = strstr(text, v->line);
    if (!at)
        return false;
    at += strlen(v->line);
    size_t n = strcspn(at, "\n");
    if (n >= cap)
        return false;
    memcpy(ret, at, n);
    ret[n] = '\0';
    return true;
}

bool pressure_is_high(void)
{
    static uint64_t quiet_until_ms;
    char group[PATH_BYTES];
    if (!options.pressure || clock_uptime_ms() < quiet_until_ms)
        return false;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        const struct version *v = &versions[i];
        if ((own_group(v, group, sizeof group) && is_above(v, group)) || is_above(v, "")) {
            quiet_until_ms = clock_uptime_ms() + QUIET_MS;
            return true;
        }
    }
    return false;
}
