/* SPDX-License-Identifier: MIT
 *
 * Owns the look at the memory cgroup: version 2 (memory.current, memory.max) or 1
 * (memory.usage_in_bytes, memory.limit_in_bytes), of the process's own group or, where that has no limit
 * or is not visible (in a container), of the one mounted at the top. And the trigger on pressure stall
 * information: of the same group, or where that can't be watched, of the whole machine.
 *
 * The trigger's window is two seconds: Linux allows others to privileged processes only (and before 6.5
 * all of them).
 *
 * Runs in the thread of our own. */
#include "pressure.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "../preload/clock.h"
#include "../preload/fmt.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../preload/sys.h"

enum { PATH_BYTES = 512, QUIET_MS = 30000, WINDOW_US = 2000000 };

const char *pressure_stall_file;

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
    char text[8192];
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

/* One scan in QUIET_MS for one reason. */
static bool may_tell(uint64_t *quiet_until_ms)
{
    uint64_t now = clock_uptime_ms();
    if (now < *quiet_until_ms)
        return false;
    *quiet_until_ms = now + QUIET_MS;
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
        if ((own_group(v, group, sizeof group) && is_above(v, group)) || is_above(v, ""))
            return may_tell(&quiet_until_ms);
    }
    return false;
}

/* --- Stalls ----------------------------------------------------------------------------------- */

/* The kernel wants the final NUL too. */
static int trigger(const char *path)
{
    char text[64];
    size_t n = fmt(text, sizeof text, "some %lu %u", options.psi, (unsigned)WINDOW_US);
    int fd = sys_open(path, O_RDWR | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    int r = sys_write_all(fd, text, n + 1);
    if (!r) {
        log_verbose("watching '%s'", path);
        return fd;
    }
    sys_close(fd);
    return r;
}

static int trigger_in(const char *mount, const char *group)
{
    char path[2 * PATH_BYTES];
    fmt(path, sizeof path, "%s%s/memory.pressure", mount, group[1] ? group : "");
    return trigger(path);
}

static int trigger_somewhere(void)
{
    char group[PATH_BYTES];
    if (pressure_stall_file)
        return trigger(pressure_stall_file);
    int fd = -1;
    if (own_group(&versions[0], group, sizeof group)) {
        fd = trigger_in("/sys/fs/cgroup", group);
        if (fd < 0) /* beside groups of version 1 */
            fd = trigger_in("/sys/fs/cgroup/unified", group);
    }
    if (fd < 0)
        fd = trigger_in("/sys/fs/cgroup", "/");
    return fd < 0 ? trigger("/proc/pressure/memory") : fd;
}

int pressure_stall_open(void)
{
    static bool said;
    if (!options.psi)
        return -1;
    int fd = trigger_somewhere();
    if (fd < 0 && !said) {
        log_say("option 'psi': not available here (%s)", strerrorname_np(-fd));
        said = true;
    }
    return fd < 0 ? -1 : fd;
}

bool pressure_stalls(int *fd, short revents)
{
    static uint64_t quiet_until_ms;
    if (revents & (POLLERR | POLLNVAL)) { /* the group is gone */
        log_verbose("pressure stalls are not watched any more");
        sys_close(*fd);
        *fd = -1;
        return false;
    }
    return revents & POLLPRI && may_tell(&quiet_until_ms);
}
