/* SPDX-License-Identifier: MIT
 *
 * Owns what the library says about itself (log.h), and the one switch "recording has stopped".
 * Runs anywhere: formats on the stack, one write(2), no lock, errno untouched. */
#include "log.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

#include "assert.h"
#include "ending.h"
#include "fmt.h"
#include "ghost.h"
#include "options.h"
#include "sys.h"

static int log_fd = -1; /* standard error, wherever it is */
static char log_path[4096];
static dev_t device;
static ino_t inode;
static const char *stopped;

void log_to(int fd, const char *path)
{
    struct stat file;
    if (!sys_fstat(fd, &file)) {
        device = file.st_dev;
        inode = file.st_ino;
    }
    fmt(log_path, sizeof log_path, "%s", path);
    log_fd = fd;
}

int log_descriptor(void)
{
    return log_fd;
}

/* A line stays one line, whatever names are in it: control characters as \xHH. */
static size_t put_printable(char *to, size_t cap, const char *s)
{
    size_t n = 0;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        n += fmt(to + n, cap - n, c < 0x20 || c == 0x7f ? "\\x%02x" : "%c", c);
    }
    return n;
}

/* Where a line is written to; *ret_close: and then it is closed. A program that closes all descriptors may have
 * given the number to a file of its own. */
static int destination(bool *ret_close)
{
    struct stat file;
    *ret_close = false;
    if (log_fd >= 0) {
        if (!sys_fstat(log_fd, &file) && file.st_dev == device && file.st_ino == inode)
            return log_fd;
        int fd = sys_open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK,
                          0666); /* no wait for a FIFO's reader */
        *ret_close = fd >= 0;
        if (fd >= 0)
            return fd;
    }
    *ret_close = sys_gettid() == ghost_tid();
    return *ret_close ? ghost_borrow(ending_stderr()) : ending_stderr();
}

static void say(const char *format, va_list args)
{
    char text[1024];
    char line[sizeof text + 256];
    size_t n = fmt(line, sizeof line - 1, "==%d==leakgc: ", sys_getpid());
    fmt_v(text, sizeof text, format, args);
    n += put_printable(line + n, sizeof line - 1 - n, text);
    line[n++] = '\n';
    bool is_borrowed;
    int fd = destination(&is_borrowed);
    sys_write_all(fd, line, n);
    if (is_borrowed)
        sys_close(fd);
}

void log_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void log_verbose(const char *format, ...)
{
    if (!options.verbose)
        return;
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void log_stop_recording(const char *why)
{
    const char *none = NULL;
    if (__atomic_compare_exchange_n(&stopped, &none, why, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED))
        log_say("stopped recording: %s; the program goes on, reports are incomplete", why);
}

const char *log_stopped(void)
{
    return __atomic_load_n(&stopped, __ATOMIC_ACQUIRE);
}

#ifdef LEAKGC_DEBUG
_Noreturn void assert_failed(const char *condition, const char *file, int line)
{
    log_say("internal: assertion failed: %s (%s:%d)", condition, file, line);
    __builtin_trap();
}
#endif
