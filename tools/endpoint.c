/* SPDX-License-Identifier: MIT
 *
 * Owns finding the control socket of a process, and proving that it is that process's.
 *
 * The idea: what the process has is asked of the kernel, not guessed from its options, which it may have
 * overwritten (setproctitle), and which name a path in its own world:
 *
 *   /proc/PID/task/T/comm       the library's thread is called leakgc
 *   /proc/PID/task/T/fd         it has descriptors of its own; the sockets among them, by number
 *   /proc/PID/net/unix          from number to path, in the network namespace of the process
 *   /proc/PID/root              below which that path is to be read, so that containers are reached
 *
 * A process can call a thread of its own leakgc, and symbolic links below its root are its to make: they
 * are followed inside that root only, and who listens in the end must have the process id that was asked for.
 *
 * Runs in ordinary context. */
#include "endpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "mem.h"

#define THREAD_NAME "leakgc\n"
#define MAX_SOCKETS 16
#define LONGEST_WAIT_US 128000
#define LISTENS 0x10000 /* __SO_ACCEPTCON in /proc/net/unix */

struct sockets {
    size_t count;
    uint64_t number[MAX_SOCKETS]; /* inodes */
};

static FILE *open_file(int pid, const char *name)
{
    char *path = mem_format("/proc/%d/%s", pid, name);
    FILE *file = fopen(path, "re");
    free(path);
    return file;
}

/* The process that the id belongs to: a thread's is found in /proc too. 0: there is none. */
static int process_of(int pid)
{
    char line[256];
    int process = 0;
    FILE *file = open_file(pid, "status");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "Tgid: %d", &process) == 1)
            break;
    if (file)
        fclose(file);
    return process;
}

/* 0 when it has none, or -errno. */
static int has_library(int pid)
{
    char *line = NULL;
    size_t capacity = 0;
    bool found = false;
    FILE *file = open_file(pid, "maps");
    if (!file)
        return -errno;
    while (!found && getline(&line, &capacity, file) > 0)
        found = strstr(line, "/libleakgc.so") != NULL;
    free(line);
    fclose(file);
    return found;
}

static bool is_ours(int pid, const char *thread)
{
    char name[32] = "";
    char *path = mem_format("task/%s/comm", thread);
    FILE *file = open_file(pid, path);
    free(path);
    bool is = file && fgets(name, sizeof(name), file) && strcmp(name, THREAD_NAME) == 0;
    if (file)
        fclose(file);
    return is;
}

/* 0 or -errno. */
static int add_sockets(int pid, const char *thread, struct sockets *sockets)
{
    char *path = mem_format("/proc/%d/task/%s/fd", pid, thread);
    DIR *folder = opendir(path);
    int error = errno;
    free(path);
    if (!folder)
        return error == ENOENT ? 0 : -error;
    for (struct dirent *entry; (entry = readdir(folder)) && sockets->count < MAX_SOCKETS;) {
        char target[64] = "";
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);
        if (length > 0 &&
            sscanf(target, "socket:[%" SCNu64 "]", &sockets->number[sockets->count]) == 1)
            sockets->count++;
    }
    closedir(folder);
    return 0;
}

/* Those of the library's thread. 0 or -errno. */
static int find_sockets(int pid, struct sockets *sockets)
{
    char *path = mem_format("/proc/%d/task", pid);
    DIR *folder = opendir(path);
    int result = folder ? 0 : -errno;
    free(path);
    sockets->count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (is_ours(pid, entry->d_name)) {
            int error = add_sockets(pid, entry->d_name, sockets);
            result = error ? error : result;
        }
    if (folder)
        closedir(folder);
    return result;
}

/* The path of that one of them which listens, or NULL. */
static char *find_path(int pid, const struct sockets *sockets)
{
    char *line = NULL, *found = NULL;
    size_t capacity = 0;
    FILE *file = open_file(pid, "net/unix");
    while (file && !found && getline(&line, &capacity, file) > 0) {
        unsigned flags;
        uint64_t number;
        int at = 0;
        line[strcspn(line, "\n")] = 0;
        if (sscanf(line, "%*s %*s %*s %x %*s %*s %" SCNu64 " %n", &flags, &number, &at) != 2 ||
            !(flags & LISTENS) || at == 0 || line[at] != '/')
            continue;
        for (size_t i = 0; i < sockets->count; i++)
            if (sockets->number[i] == number && !found)
                found = mem_string(line + at);
    }
    free(line);
    if (file)
        fclose(file);
    return found;
}

/* The socket's file, as the process would find it; a descriptor or -errno. */
static int open_inside(int pid, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW, .resolve = RESOLVE_IN_ROOT};
    char *root_path = mem_format("/proc/%d/root", pid);
    int root = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    free(root_path);
    if (root < 0)
        return -errno;
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
    if (fd < 0 && errno == ENOSYS) /* before Linux 5.6 */
        fd = openat(root, path + strspn(path, "/"), O_PATH | O_CLOEXEC | O_NOFOLLOW);
    int result = fd < 0 ? -errno : fd;
    close(root);
    return result;
}

/* A connection to the socket whose file it is, or -errno. Its path may be too long for an address. */
static int connect_to(int file, int timeout_s)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval timeout = {.tv_sec = timeout_s};
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", file);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    int error = errno;
    close(fd);
    return -error;
}

static bool is_served_by(int fd, int pid)
{
    struct ucred peer = {0};
    socklen_t bytes = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0 && peer.pid == pid;
}

static char *explain(int pid, int error)
{
    if (error == EACCES || error == EPERM)
        return mem_format("no permission to look into process %d", pid);
    if (error == EAGAIN)
        return mem_format("process %d does not answer", pid);
    return mem_format("the control socket of process %d: %s", pid, strerror(error));
}

static char *explain_none(int pid)
{
    int found = has_library(pid);
    if (found < 0)
        return explain(pid, -found);
    if (!found)
        return mem_format("process %d does not run under libleakgc.so", pid);
    return mem_format("process %d has no control socket: it is younger than a second, has not"
                      " allocated since, or its options say so (control, interval)",
                      pid);
}

/* The kernel's lists leave out entries while they change: threads behind one that ends, sockets behind one
 * that is closed. So what is not found is looked for again. NULL: *ret_error tells. */
static char *look_for_path(int pid, int *ret_error)
{
    for (unsigned wait_us = 1000;; wait_us *= 2) {
        struct sockets sockets;
        *ret_error = find_sockets(pid, &sockets);
        char *path = *ret_error ? NULL : find_path(pid, &sockets);
        if (path || *ret_error || wait_us > LONGEST_WAIT_US)
            return path;
        usleep(wait_us);
    }
}

static int open_socket(int pid, int timeout_s, const char *path)
{
    int file = open_inside(pid, path);
    int fd = file < 0 ? file : connect_to(file, timeout_s);
    if (file >= 0)
        close(file);
    return fd;
}

static int connect_process(int pid, int timeout_s, char **ret_error)
{
    int error;
    char *path = look_for_path(pid, &error);
    if (!path) {
        *ret_error = error ? explain(pid, -error) : explain_none(pid);
        return -1;
    }
    int fd = open_socket(pid, timeout_s, path);
    free(path);
    if (fd < 0) {
        *ret_error = explain(pid, -fd);
        return -1;
    }
    if (is_served_by(fd, pid))
        return fd;
    *ret_error = mem_format("the control socket of process %d is not its own", pid);
    close(fd);
    return -1;
}

int endpoint_connect(int pid, int timeout_s, char **ret_error)
{
    int process = process_of(pid);
    if (process == pid)
        return connect_process(pid, timeout_s, ret_error);
    *ret_error = process ? mem_format("%d is a thread of process %d", pid, process)
                         : mem_format("there is no process %d", pid);
    return -1;
}
