/* SPDX-License-Identifier: MIT
 *
 * Owns the client's side of the control socket (endpoint.h finds it): one line out, one line back, and with some a
 * descriptor of a memory file.
 *
 * What comes back is another process's: it may be of any length, never come, or hold anything. So there is
 * one deadline for all, room for one line, and only what can be printed is printed; a descriptor must be of a
 * regular file that is not too large, and reading it can't wait.
 *
 * Runs in ordinary context. */
#include "ask.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "endpoint.h"
#include "mem.h"

enum { HIGHEST_PID = 1 << 22, FILE_MOST = 1 << 30 };

int ask_pid(const struct command *command, const char *text, unsigned *ret)
{
    return command_number(command, "process id", text, HIGHEST_PID, ret);
}

/* --- The line --------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The first descriptor stays, others are closed. */
static void take_files(struct msghdr *message, int *file)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + at, sizeof(fd));
            if (*file < 0)
                *file = fd;
            else
                close(fd);
        }
    }
}

static ssize_t receive(int fd, char *to, size_t bytes, int *file)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec words = {.iov_base = to, .iov_len = bytes};
    struct msghdr message = {.msg_iov = &words,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n >= 0)
        take_files(&message, file);
    return n;
}

/* One line without its end into text[ASK_LINE]; NULL, or why there is none. */
static const char *read_line(int fd, int64_t deadline_ms, char *text, int *file)
{
    for (size_t used = 0; used + 1 < ASK_LINE;) {
        int64_t left = deadline_ms - now_ms();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&wait, 1, left < INT_MAX ? (int)left : INT_MAX) == 0)
            return "no answer in time";
        ssize_t n = receive(fd, text + used, ASK_LINE - 1 - used, file);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return "the process ended before it answered";
        char *end = memchr(text + used, '\n', (size_t)n);
        used += (size_t)n;
        if (end) {
            *end = 0;
            return NULL;
        }
    }
    return "the answer is not one line";
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
            *text = '?';
}

/* Leaves the words; NULL, or why there are none. */
static const char *take_words(char *text)
{
    make_printable(text);
    if (strncmp(text, "error ", 6) == 0)
        return text + 6;
    if (strncmp(text, "ok ", 3) != 0)
        return "the answer is not understood; another version?";
    memmove(text, text + 3, strlen(text + 3) + 1);
    return NULL;
}

char *ask(int pid, const char *request, unsigned timeout_seconds, char *text, int *ret_file)
{
    char *error;
    int file = -1;
    int64_t deadline_ms = now_ms() + (int64_t)timeout_seconds * 1000;
    int fd = endpoint_connect(pid, (int)timeout_seconds, &error);
    if (fd < 0)
        return error;
    /* Should it be refused, an answer says why; the line is short enough to fit at once. */
    char *line = mem_format("%s\n", request);
    (void)!send(fd, line, strlen(line), MSG_NOSIGNAL);
    free(line);
    const char *why = read_line(fd, deadline_ms, text, &file);
    close(fd);
    if (!why)
        why = take_words(text);
    if (file >= 0 && (why || !ret_file)) {
        close(file);
        file = -1;
    }
    if (ret_file)
        *ret_file = file;
    return why ? mem_string(why) : NULL;
}

/* --- Words ------------------------------------------------------------------------------------ */

bool ask_word(const char *line, const char *key, const char **ret_value)
{
    size_t length = strlen(key);
    for (const char *at = line; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            *ret_value = at + length + 1;
            return true;
        }
    }
    return false;
}

bool ask_number(const char *line, const char *key, uint64_t *ret)
{
    const char *value;
    return ask_word(line, key, &value) && sscanf(value, "%" SCNu64, ret) == 1;
}

/* --- Files ------------------------------------------------------------------------------------ */

/* The offset is shared with whoever else got the file. */
static const char *read_file(int fd, uint8_t **ret, size_t *ret_bytes)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > FILE_MOST)
        return "what came is no report";
    size_t bytes = (size_t)status.st_size, used = 0;
    uint8_t *file = mem_zeroed(bytes + 1, 1);
    while (used < bytes) {
        ssize_t n = pread(fd, file + used, bytes - used, (off_t)used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        used += (size_t)n;
    }
    *ret = file;
    *ret_bytes = used;
    return NULL;
}

char *ask_report(int pid, const char *request, unsigned timeout_seconds, uint8_t **ret,
                 size_t *ret_bytes)
{
    char text[ASK_LINE];
    int fd;
    char *error = ask(pid, request, timeout_seconds, text, &fd);
    if (error)
        return error;
    if (fd < 0)
        return mem_string("no report came; another version?");
    const char *why = read_file(fd, ret, ret_bytes);
    close(fd);
    return why ? mem_string(why) : NULL;
}
