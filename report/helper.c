/* SPDX-License-Identifier: MIT
 *
 * Owns the child process that does what does not belong into the program (symbols).
 *
 * The idea: two processes. The keeper is cloned with CLONE_VM and no exit signal: nothing of the
 * heap is copied, the program gets no SIGCHLD for it, and its wait(-1) does not find it. The keeper
 * starts the helper and waits for it; the helper's SIGCHLD (which exec brings back) is the keeper's.
 * The request is a memory file, so that neither side waits for the other while writing.
 *
 *   program -> keeper (its memory, its own signals, system calls only) -> leakgc symbolize
 *
 * Runs in ordinary context. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"

enum {
    STACK_BYTES = 64 << 10,
    READ_STEP = 64 << 10,
    PATIENCE_MS = 30000,
    LOOK_MS = 100,
    HURRY_NS = 1000000000
};

/* More than this for each byte asked is not an answer. */
enum { ANSWER_RATIO = 1000 };

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

struct child {
    const char *path;
    char **environment;
    int input, output;
    char *helper_stack;
    int helper; /* its process id */
    int error;
    uint32_t started; /* the helper runs, or could not be started */
};

static bool exists(const char *path)
{
    return access(path, X_OK) == 0;
}

/* Beside the library, or where `make install` puts it. */
static bool find_helper(char *path, size_t cap)
{
    if (*options.helper) {
        fmt(path, cap, "%s", options.helper);
        return exists(path);
    }
    static const char *const places[] = {"leakgc", "../bin/leakgc", "../../bin/leakgc"};
    const struct module *own = module_at((uintptr_t)__ehdr_start, module_now());
    const char *slash = own ? strrchr(own->path, '/') : NULL;
    for (size_t i = 0; slash && i < sizeof places / sizeof *places; i++) {
        size_t directory = (size_t)(slash + 1 - own->path);
        if (directory >= cap)
            return false;
        memcpy(path, own->path, directory);
        fmt(path + directory, cap - directory, "%s", places[i]);
        if (exists(path))
            return true;
    }
    return false;
}

/* The program's environment without what concerns us. While the program runs it may be changing: then
 * the helper does without. */
static char **helper_environment(void)
{
    static char *none[] = {NULL};
    size_t count = 0;
    if (sys_gettid() == ghost_tid())
        return none;
    while (environ && environ[count])
        count++;
    char **copy = scratch_alloc((count + 1) * sizeof *copy);
    size_t kept = 0;
    for (size_t i = 0; copy && i < count; i++)
        if (strncmp(environ[i], "LD_PRELOAD=", 11) && strncmp(environ[i], "LEAKGC_", 7))
            copy[kept++] = environ[i];
    return copy;
}

/* A descriptor out of the way of 0 and 1, which may be free in the program. */
static int copy_up(int fd)
{
    return fd < 0 || fd > 2 ? fd : sys_fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int move_up(int fd)
{
    int copy = copy_up(fd);
    if (copy != fd)
        sys_close(fd);
    return copy;
}

static int run_helper(void *arg)
{
    struct child *c = arg;
    char *argv[] = {(char *)(uintptr_t)c->path, (char *)(uintptr_t) "symbolize", NULL};
    uint64_t none = 0;
    int r = sys_dup2(c->input, 0);
    sys_sigmask(SIG_SETMASK, &none, NULL);
    sys_raise_limits();
    if (r >= 0)
        r = sys_dup2(c->output, 1);
    if (r >= 0)
        r = sys_execve(c->path, argv, c->environment);
    c->error = r;
    sys_exit(127);
}

/* Gives up the program's signal handlers first: none of them must run here, in the program's own
 * memory. Then keeps no descriptor open that the reader waits to see closed. */
static int run_keeper(void *arg)
{
    struct child *c = arg;
    int status;
    sys_default_signals();
    int pid = clone(run_helper, c->helper_stack + STACK_BYTES, CLONE_VM | CLONE_VFORK | SIGCHLD, c);
    c->error = pid < 0 ? -EAGAIN : c->error;
    c->helper = pid;
    sys_close(c->output);
    __atomic_store_n(&c->started, 1, __ATOMIC_RELEASE);
    sys_futex_wake(&c->started, 1);
    if (pid > 0)
        sys_wait(pid, &status);
    sys_exit(0);
}

/* Process id of the keeper, or -errno. */
static int start(struct child *c)
{
    char *stack = scratch_alloc(STACK_BYTES);
    c->helper_stack = scratch_alloc(STACK_BYTES);
    if (!stack || !c->helper_stack || !c->environment)
        return -ENOMEM;
    int pid = clone(run_keeper, stack + STACK_BYTES, CLONE_VM, c);
    if (pid < 0)
        return -errno;
    while (!__atomic_load_n(&c->started, __ATOMIC_ACQUIRE))
        sys_futex_wait(&c->started, 0, 0);
    return pid;
}

/* 1: there is something to read; 0: the keeper has ended, *keeper is 0 now, and all was read; -errno.
 * The end of the pipe does not always come then: a child that the program forked just while the helper was
 * started has the pipe, too. Somebody may wait for the scan that wants the answer: then not for long any more. */
static int await_answer(int fd, int *keeper, uint64_t deadline)
{
    while (sys_now() < deadline) {
        if (*keeper && sys_has_ended(*keeper) > 0)
            *keeper = 0;
        int ready = sys_poll_in(fd, *keeper ? LOOK_MS : 0);
        if (ready || !*keeper)
            return ready;
        if (sys_gettid() == ghost_tid() && ghost_is_hurried() && deadline > sys_now() + HURRY_NS)
            deadline = sys_now() + HURRY_NS;
    }
    return -ETIMEDOUT;
}

static int read_answer(int fd, int *keeper, size_t most, char **ret, size_t *ret_bytes)
{
    uint64_t deadline = sys_now() + (uint64_t)PATIENCE_MS * 1000000;
    *ret = NULL;
    *ret_bytes = 0;
    for (;;) {
        char *more = scratch_alloc(READ_STEP); /* contiguous with the last one */
        if (!more)
            return -ENOMEM;
        *ret = *ret ? *ret : more;
        size_t filled = 0;
        while (filled < READ_STEP) {
            int ready = await_answer(fd, keeper, deadline);
            if (ready <= 0)
                return ready;
            if (*ret_bytes > most)
                return -E2BIG;
            ssize_t n = sys_read(fd, more + filled, READ_STEP - filled);
            if (n <= 0)
                return n < 0 ? (int)n : 0;
            filled += (size_t)n;
            *ret_bytes += (size_t)n;
        }
    }
}

int helper_run(const char *request, size_t request_bytes, char **ret, size_t *ret_bytes)
{
    char path[4096];
    struct child c = {.path = path, .input = -1, .output = -1};
    int pipe_fds[2] = {-1, -1};
    int saved = errno;
    int pid = 0;
    int r = -ENOENT;
    if (!find_helper(path, sizeof path))
        goto out;
    c.environment = helper_environment();
    c.input = move_up(sys_memfd("leakgc-request"));
    r = c.input < 0 ? c.input : sys_write_all(c.input, request, request_bytes);
    if (r || (r = sys_pipe(pipe_fds, O_CLOEXEC)))
        goto out;
    lseek(c.input, 0, SEEK_SET);
    c.output = copy_up(pipe_fds[1]);
    r = pid = start(&c);
    sys_close(c.output);
    if (c.output != pipe_fds[1])
        sys_close(pipe_fds[1]);
    pipe_fds[1] = -1;
    if (pid > 0)
        r = c.error ? c.error
                    : read_answer(pipe_fds[0], &pid, request_bytes * ANSWER_RATIO, ret, ret_bytes);
out:
    if (pid > 0) {
        int status = 0;
        if (r && c.helper > 0)
            sys_kill(c.helper, SIGKILL);
        sys_wait(pid, &status);
    }
    for (int i = 0; i < 2; i++)
        if (pipe_fds[i] >= 0)
            sys_close(pipe_fds[i]);
    if (c.input >= 0)
        sys_close(c.input);
    errno = saved;
    return r;
}
