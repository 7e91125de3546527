/* SPDX-License-Identifier: MIT
 *
 * Owns output: opening by pattern, buffering, writing everything. After a write error
 * the rest is dropped: there is nobody left to tell. Runs in ordinary context; no libc stdio, no allocation. */
#include "sink.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/utsname.h>

#include "../preload/ending.h"
#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/init.h"
#include "../preload/log.h"
#include "../preload/sys.h"

static size_t append(char *buf, size_t cap, size_t at, const char *text)
{
    return at + fmt(buf + at, cap - at, "%s", text);
}

void sink_expand(char *buf, size_t cap, const char *pattern, unsigned number)
{
    struct utsname names;
    char text[32];
    size_t at = 0;
    buf[0] = '\0';
    if (*pattern != '/' && *init_directory())
        at = fmt(buf, cap, "%s/", init_directory());
    for (const char *p = pattern; *p && at + 1 < cap; p++) {
        const char *piece = text;
        text[0] = *p;
        text[1] = '\0';
        if (*p == '%' && p[1]) {
            switch (*++p) {
            case 'p':
                fmt(text, sizeof text, "%d", sys_getpid());
                break;
            case 'e':
                piece = init_program();
                break;
            case 'n':
                fmt(text, sizeof text, "%u", number);
                break;
            case 'h':
                piece = uname(&names) ? "unknown" : names.nodename;
                break;
            case 't':
                fmt(text, sizeof text, "%lu", sys_unix_seconds());
                break;
            case '%':
                break;
            default:
                fmt(text, sizeof text, "%%%c", *p);
            }
        }
        at = append(buf, cap, at, piece);
    }
}

/* The program's own descriptor; what we opened ourselves to reach it is to be closed. */
static void use_descriptor(struct sink *s, int fd)
{
    s->close = sys_gettid() == ghost_tid();
    s->fd = s->close ? ghost_borrow(fd) : fd;
}

void sink_open(struct sink *s, const char *target)
{
    static unsigned number;
    char path[4096];
    s->failed = false;
    s->used = 0;
    if (!strcmp(target, "stderr") || !strcmp(target, "stdout")) {
        use_descriptor(s, target[3] == 'o' ? 1 : ending_stderr());
        return;
    }
    sink_expand(path, sizeof path, target, ++number);
    int fd = sys_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd < 0) {
        log_say("'%s' can't be opened (%s); using stderr", path, strerrorname_np(-fd));
        use_descriptor(s, ending_stderr());
        return;
    }
    s->fd = fd;
    s->close = true;
}

static void flush(struct sink *s)
{
    if (!s->failed)
        s->failed = sys_write_all(s->fd, s->buf, s->used) != 0;
    s->used = 0;
}

void sink_print(struct sink *s, const char *format, ...)
{
    enum { LINE_MOST = 4096 + 512 };
    va_list args;
    if (sizeof s->buf - s->used < LINE_MOST)
        flush(s);
    va_start(args, format);
    s->used += fmt_v(s->buf + s->used, sizeof s->buf - s->used, format, args);
    va_end(args);
}

void sink_close(struct sink *s)
{
    flush(s);
    if (s->close)
        sys_close(s->fd);
}
