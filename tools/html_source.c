/* SPDX-License-Identifier: MIT
 *
 * Owns reading source files (html_source.h). Only regular files of text, up to FILE_MOST bytes each and
 * FILES_MOST together, are read, each once; what is given out is bounded by bytes_left.
 *
 * The paths are those of the report, which may be made by an enemy: with a root neither `..` nor a link leads out
 * of it. Without one they name any file that the user may read; that and what to do is said in leakgc(1).
 *
 * Runs in ordinary context. */
#include "html_source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mem.h"

enum { AROUND = 4, LINE_MOST = 200 };
enum { FILE_MOST = 4 << 20, FILES_MOST = 64 << 20 };
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

struct file {
    char *path;
    char *text; /* NULL: can't be read */
    bool is_changed;
};

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct file *)left)->path, ((const struct file *)right)->path);
}

static void release(void *node)
{
    struct file *file = node;
    free(file->path);
    free(file->text);
    free(file);
}

/* --- Files ------------------------------------------------------------------------------------ */

static char *read_all(int fd, size_t bytes)
{
    char *text = mem_zeroed(bytes + 1, 1);
    size_t have = 0;
    for (ssize_t got; have < bytes && (got = read(fd, text + have, bytes - have)) > 0;)
        have += (size_t)got;
    if (memchr(text, 0, have) || have < bytes) { /* not text, or it is being changed */
        free(text);
        return NULL;
    }
    return text;
}

/* Before Linux 5.6, and where a filter forbids openat2: only what stays below the root when its links are followed as
 * outside. */
static int open_resolved(const char *root, const char *path)
{
    char *whole = mem_format("%s%s", root, path);
    char *real = realpath(whole, NULL);
    size_t length = strlen(root);
    bool is_below = real && strncmp(real, root, length) == 0 && real[length] == '/';
    int fd = is_below ? open(real, OPEN_FLAGS | O_NOFOLLOW) : -1;
    free(whole);
    free(real);
    return fd;
}

/* A descriptor, or -1. */
static int open_below(const char *root, const char *path)
{
    struct open_how how = {.flags = OPEN_FLAGS, .resolve = RESOLVE_IN_ROOT};
    if (!*root)
        return open(path, OPEN_FLAGS);
    int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = open_resolved(root, path);
    close(folder);
    return fd;
}

static void load(struct html_source *source, struct file *file)
{
    struct stat status;
    int fd = open_below(source->root, file->path);
    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_MOST &&
        source->file_bytes + (size_t)status.st_size <= FILES_MOST) {
        source->file_bytes += (size_t)status.st_size;
        file->text = read_all(fd, (size_t)status.st_size);
        file->is_changed = (uint64_t)status.st_mtime > source->newer_s;
    }
    close(fd);
}

static const struct file *find(struct html_source *source, const char *path)
{
    struct file *file = mem_zeroed(1, sizeof(*file));
    file->path = mem_string(path);
    struct file **found = tsearch(file, &source->files, compare);
    if (found && *found == file) {
        load(source, file);
        return file;
    }
    release(file);
    return found ? *found : NULL;
}

void html_source_done(struct html_source *source)
{
    tdestroy(source->files, release);
    source->files = NULL;
}

/* --- Lines ------------------------------------------------------------------------------------ */

/* The start of a line, by its number from 1; NULL: the file is shorter. */
static const char *line_start(const char *text, uint32_t line)
{
    for (; line > 1; line--) {
        text = strchr(text, '\n');
        if (!text)
            return NULL;
        text++;
    }
    return *text ? text : NULL;
}

/* A long line is not cut within a UTF-8 character. */
static size_t cut(const char *line, size_t bytes)
{
    if (bytes <= LINE_MOST)
        return bytes;
    for (bytes = LINE_MOST; bytes > LINE_MOST - 4 && ((unsigned char)line[bytes] & 0xc0) == 0x80;)
        bytes--;
    return bytes;
}

static void put_lines(FILE *out, const char *text, uint32_t count)
{
    for (; count && *text; count--) {
        size_t bytes = strcspn(text, "\n");
        fwrite(text, 1, cut(text, bytes), out);
        putc('\n', out);
        text += bytes + (text[bytes] == '\n');
    }
}

bool html_source_lines(struct html_source *source, const char *path, uint32_t line,
                       struct html_snippet *ret)
{
    if (*path != '/' || !line || !source->bytes_left)
        return false;
    const struct file *file = find(source, path);
    if (!file || !file->text || !line_start(file->text, line))
        return false;
    uint32_t first = line > AROUND ? line - AROUND : 1;
    size_t bytes = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        return false;
    put_lines(out, line_start(file->text, first), line + AROUND - first + 1);
    bool is_whole = fclose(out) == 0 && bytes <= source->bytes_left;
    source->bytes_left = is_whole ? source->bytes_left - bytes : 0;
    if (!is_whole)
        free(text);
    else
        *ret = (struct html_snippet){.first = first, .is_changed = file->is_changed, .text = text};
    return is_whole;
}
