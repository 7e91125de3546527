/* SPDX-License-Identifier: MIT
 *
 * Owns the way of a result into its file: it is written under another name in the same folder, then renamed, so
 * that who reads the file at any time (a collector of metrics, say) sees the old one or the new one. A link is
 * followed; a device or a pipe is written directly.
 *
 * Runs in ordinary context, with one thread (umask). */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

static int open_in_place(struct output *o, const char *path)
{
    o->file = fopen(path, "we");
    return o->file ? 0 : -errno;
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
    o->file = fd >= 0 && fchmod(fd, mode) == 0 ? fdopen(fd, "w") : NULL;
    if (o->file)
        return 0;
    int result = -errno;
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
        o->file = stdout;
        return 0;
    }
    if (stat(path, &status) != 0)
        return errno == ENOENT ? open_aside(o, path, usual_mode()) : -errno;
    if (!S_ISREG(status.st_mode))
        return open_in_place(o, path);
    return open_aside(o, path, status.st_mode & 0777);
}

int output_close(struct output *o, int result)
{
    if ((o->file == stdout ? fflush(o->file) : fclose(o->file)) != 0 && result == 0)
        result = -errno;
    if (o->temporary && result == 0 && rename(o->temporary, o->path) != 0)
        result = -errno;
    if (o->temporary && result != 0)
        unlink(o->temporary);
    free(o->temporary);
    free(o->path);
    *o = (struct output){0};
    return result;
}
