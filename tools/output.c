/* SPDX-License-Identifier: MIT
 *
 * Owns the way of a result into its file: it is written under another name in the same folder, then renamed, so
 * that who reads the file at any time (a collector of metrics, say) sees the old one or the new one. A link is
 * followed; a device or a pipe is written directly.
 *
 * A stream keeps that a write failed, not why, and whoever prints a report in a thousand calls looks at the end. So
 * the stream's writes are made here (write_some), and the first error is kept.
 *
 * Runs in ordinary context, with one thread (umask). */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

static ssize_t write_some(void *cookie, const char *bytes, size_t count)
{
    struct output *o = cookie;
    size_t done = 0;
    while (done < count) {
        ssize_t n = write(o->fd, bytes + done, count - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && !o->error)
            o->error = errno;
        if (n < 0)
            return (ssize_t)done; /* less than `count`: an error of the stream */
        done += (size_t)n;
    }
    return (ssize_t)done;
}

static int close_file(void *cookie)
{
    struct output *o = cookie;
    if (o->fd == STDOUT_FILENO || close(o->fd) == 0)
        return 0;
    if (!o->error)
        o->error = errno;
    return -1;
}

static int open_stream(struct output *o, int fd)
{
    cookie_io_functions_t functions = {.write = write_some, .close = close_file};
    o->fd = fd;
    o->file = fd >= 0 ? fopencookie(o, "w", functions) : NULL;
    return o->file ? 0 : -errno;
}

static int open_in_place(struct output *o, const char *path)
{
    return open_stream(o, open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
}

/* The mode that open would have given a new file. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_aside(struct output *o, const char *path, mode_t mode)
{
    char *real = realpath(path, NULL);
    o->path = real ? real : mem_string(path);
    o->temporary = mem_format("%s.XXXXXX", o->path);
    int fd = mkostemp(o->temporary, O_CLOEXEC);
    int result = fd >= 0 && fchmod(fd, mode) == 0 ? open_stream(o, fd) : -errno;
    if (result == 0)
        return 0;
    if (fd >= 0) {
        close(fd);
        unlink(o->temporary);
    }
    free(o->temporary);
    free(o->path);
    return result;
}

int output_open(struct output *o, const char *path)
{
    struct stat status;
    *o = (struct output){0};
    if (!path) {
        fflush(stdout); /* comes first; that it failed is told by command_finish */
        return open_stream(o, STDOUT_FILENO);
    }
    if (stat(path, &status) != 0)
        return errno == ENOENT ? open_aside(o, path, usual_mode()) : -errno;
    if (!S_ISREG(status.st_mode))
        return open_in_place(o, path);
    return open_aside(o, path, status.st_mode & 0777);
}

int output_close(struct output *o, int result)
{
    if (fclose(o->file) != 0 && result == 0)
        result = -errno;
    if (o->error)
        result = -o->error;
    if (o->temporary && result == 0 && rename(o->temporary, o->path) != 0)
        result = -errno;
    if (o->temporary && result != 0)
        unlink(o->temporary);
    free(o->temporary);
    free(o->path);
    *o = (struct output){0};
    return result;
}
