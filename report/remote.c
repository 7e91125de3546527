/* SPDX-License-Identifier: MIT
 *
 * Owns the control socket (remote.h): who may ask, and how long a client may take.
 *
 * The program must not be disturbed by whoever connects. So nothing here waits: descriptors do not block,
 * a client has a deadline for its line and room for little, there are few at a time, and an answer that
 * does not fit into the socket's buffer at once is dropped. What is long goes into a memory file, whose descriptor is
 * passed: one message, whatever its length. Where no descriptor is left, nobody is
 * accepted for a while. Who asks has to wait until three times as long has passed as the last answer
 * took: so however often somebody asks, answers take a quarter of the time of one processor. A client
 * that is not of the program's user, nor root, gets one line.
 *
 * The file has mode 0600 from its first moment: bind(2) takes the socket's own. What is found at its path is
 * replaced only if it is the socket of a process of this user that has ended, for then nobody accepts.
 *
 * Runs in the thread of our own. */
#include "remote.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "../preload/clock.h"
#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/leftover.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "sink.h"
#include "stale.h"

enum {
    PATIENCE_MS = 1000,
    REST = 3,
    NS_IN_MS = 1000000,
    LINE_MOST = 256,
    BACKLOG = 16,
    MODE = 0600
};

struct client {
    int fd; /* -1: no client */
    uint64_t until_ms;
    size_t used;
    const struct request *asked;
    char line[LINE_MOST];
};

static int listener = -1;
static uint64_t accept_from_ms; /* uptime before which nobody is accepted */
static uint64_t answer_from_ms; /* and before which nobody is answered */
static struct client clients[REMOTE_CLIENTS] = {[0 ... REMOTE_CLIENTS - 1] = {.fd = -1}};

/* --- The file --------------------------------------------------------------------------------- */

static int bind_to(int fd, const char *path)
{
    int r = sys_fchmod(fd, MODE);
    if (!r)
        r = sys_bind(fd, path);
    if (r == -EADDRINUSE && stale_is(path)) {
        sys_unlink(path);
        r = sys_bind(fd, path);
    }
    return r;
}

/* A path that the user chose and that can't be used is told; the standard one may well be out of reach. */
static void complain(const char *path, int error)
{
    if (error == -EADDRINUSE)
        log_verbose("no control socket: something else is at '%s'", path);
    else if (options_is_default(&options.control))
        log_verbose("no control socket '%s' (%s)", path, strerrorname_np(-error));
    else
        log_say("no control socket '%s' (%s)", path, strerrorname_np(-error));
}

/* Its file would take the place of one of these. */
static bool is_for_text(const char *pattern)
{
    return !strcmp(pattern, options.report) || !strcmp(pattern, options.log) ||
           !strcmp(pattern, options.scan_log);
}

void remote_open(void)
{
    char path[4096];
    if (!*options.control || is_for_text(options.control))
        return;
    sink_expand(path, sizeof path, options.control, 1);
    int fd = sys_socket();
    int r = fd < 0 ? fd : bind_to(fd, path);
    if (!r) {
        leftover_set(path);
        r = sys_listen(fd, BACKLOG);
    }
    if (!r) {
        listener = fd;
        stale_sweep(options.control);
        return;
    }
    complain(path, r);
    if (fd >= 0)
        sys_close(fd);
}

/* Not while a program is about to be executed, which took the file away (preload/hooks_exec.c). */
void remote_check(void)
{
    if (listener < 0 || leftover_is_there() || !ghost_may_stop())
        return;
    remote_close();
    remote_open();
}

/* --- Clients ---------------------------------------------------------------------------------- */

static void drop(struct client *c)
{
    sys_close(c->fd);
    c->fd = -1;
    c->asked = NULL;
}

/* file: to be passed along, or -1. */
static void answer(struct client *c, const char *text, size_t bytes, int file)
{
    if (file < 0)
        sys_send(c->fd, text, bytes);
    else
        sys_send_with(c->fd, text, bytes, file);
    drop(c);
}

static void refuse(struct client *c, const char *why)
{
    char line[128];
    answer(c, line, fmt(line, sizeof line, "error %s\n", why), -1);
}

static struct client *free_client(void)
{
    for (size_t i = 0; i < REMOTE_CLIENTS; i++)
        if (clients[i].fd < 0)
            return &clients[i];
    return NULL;
}

static bool may_ask(int fd)
{
    uint32_t user;
    return !sys_peer(fd, &user) && (user == 0 || user == sys_geteuid());
}

static void accept_some(void)
{
    struct client *c;
    for (int i = 0; i < BACKLOG && (c = free_client()) != NULL; i++) {
        int fd = sys_accept(listener);
        if (fd == -ECONNABORTED)
            continue;
        if (fd < 0) {
            if (fd != -EAGAIN)
                accept_from_ms = clock_uptime_ms() + PATIENCE_MS;
            return;
        }
        *c = (struct client){.fd = fd, .until_ms = clock_uptime_ms() + PATIENCE_MS};
        if (!may_ask(fd)) {
            log_verbose("control socket: a client of another user was refused");
            refuse(c, "permission denied");
        }
    }
}

static void take_line(struct client *c, size_t bytes, const struct request *table, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        if (strlen(table[i].name) == bytes && !memcmp(c->line, table[i].name, bytes)) {
            c->asked = &table[i];
            return;
        }
    refuse(c, "unknown request");
}

static void receive(struct client *c, const struct request *table, size_t rows)
{
    ssize_t n = sys_read(c->fd, c->line + c->used, sizeof c->line - c->used);
    if (n == -EAGAIN)
        return;
    if (n <= 0) {
        drop(c);
        return;
    }
    c->used += (size_t)n;
    const char *end = memchr(c->line, '\n', c->used);
    if (end)
        take_line(c, (size_t)(end - c->line), table, rows);
    else if (c->used == sizeof c->line)
        refuse(c, "request too long");
}

static bool is_asked(const struct request *row)
{
    for (size_t i = 0; i < REMOTE_CLIENTS; i++)
        if (clients[i].fd >= 0 && clients[i].asked == row)
            return true;
    return false;
}

static void answer_all(const struct request *row)
{
    static char text[REMOTE_ANSWER];
    uint64_t begun = sys_now();
    int file = -1;
    size_t bytes = row->answer(text, sizeof text, &file);
    answer_from_ms = clock_uptime_ms() + REST * (sys_now() - begun) / NS_IN_MS;
    for (size_t i = 0; i < REMOTE_CLIENTS; i++)
        if (clients[i].fd >= 0 && clients[i].asked == row)
            answer(&clients[i], text, bytes, file);
    if (file >= 0)
        sys_close(file);
}

/* --- The thread ------------------------------------------------------------------------------- */

static void wake_by(uint64_t at_ms, uint64_t now_ms, uint64_t *timeout_ms)
{
    uint64_t left = at_ms > now_ms ? at_ms - now_ms : 0;
    if (left < *timeout_ms)
        *timeout_ms = left;
}

void remote_prepare(struct pollfd *fds, uint64_t *timeout_ms)
{
    uint64_t now = clock_uptime_ms();
    bool rests = now < accept_from_ms;
    fds[0] = (struct pollfd){.fd = free_client() && !rests ? listener : -1, .events = POLLIN};
    if (rests && listener >= 0)
        wake_by(accept_from_ms, now, timeout_ms);
    for (size_t i = 0; i < REMOTE_CLIENTS; i++) {
        const struct client *c = &clients[i];
        fds[1 + i] = (struct pollfd){.fd = c->asked ? -1 : c->fd, .events = POLLIN};
        if (c->fd >= 0)
            wake_by(c->asked ? answer_from_ms : c->until_ms, now, timeout_ms);
    }
}

void remote_serve(const struct pollfd *fds, const struct request *table, size_t rows)
{
    uint64_t now = clock_uptime_ms();
    for (size_t i = 0; i < REMOTE_CLIENTS; i++) {
        struct client *c = &clients[i];
        if (c->fd >= 0 && fds[1 + i].revents)
            receive(c, table, rows);
        if (c->fd >= 0 && !c->asked && now >= c->until_ms)
            refuse(c, "no request came");
    }
    if (fds[0].revents)
        accept_some();
    for (size_t i = 0; i < rows; i++)
        if (is_asked(&table[i]) && clock_uptime_ms() >= answer_from_ms)
            answer_all(&table[i]);
}

void remote_close(void)
{
    leftover_remove();
    for (size_t i = 0; i < REMOTE_CLIENTS; i++)
        if (clients[i].fd >= 0)
            drop(&clients[i]);
    if (listener >= 0)
        sys_close(listener);
    listener = -1;
}

void remote_after_fork(void)
{
    listener = -1;
    accept_from_ms = answer_from_ms = 0;
    for (size_t i = 0; i < REMOTE_CLIENTS; i++)
        clients[i] = (struct client){.fd = -1};
}
