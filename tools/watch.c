/* SPDX-License-Identifier: MIT
 *
 * Owns the worker process. libdw reads files that anybody may have broken, and demanglers and line
 * programs can be made to run for hours; the answers for all other modules must still come. So a
 * child does the work and writes to a pipe; this process passes on complete blocks and counts them.
 * When the child dies or stands still before the last block, the module that it was reading
 * (worker_state) is trusted one degree less, and a new child starts at the first pc without an answer:
 *
 *     RESOLVER_ALL --harm--> RESOLVER_ONLY_SYMBOLS --harm--> RESOLVER_NOTHING
 *
 * Invariants: 1. `out` gets whole blocks only, one for each pc, in order. 2. Every new child
 * starts with one degree of trust less in some module, so this ends; a death that no module explains
 * ends it at once, with unknown answers for the rest.
 *
 * Runs in ordinary context. Where no child can be made, the work is done in this process. */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"
#include "resolver.h"
#include "worker.h"

struct watch {
    const struct request *request;
    struct worker_state *state;
    char *debug_path;
    unsigned timeout_seconds;
    FILE *out;
    size_t delivered; /* pcs whose blocks were written */
    char *pending;    /* bytes of a block that is not complete */
    size_t pending_bytes, pending_capacity;
    bool is_slow; /* the last worker was ended for standing still */
};

static int write_all(FILE *out, const char *bytes, size_t count)
{
    if (fwrite(bytes, 1, count, out) != count || fflush(out) != 0)
        return errno ? -errno : -EIO;
    return 0;
}

/* Passes on the blocks that are complete and keeps the rest. A block ends with "\n.\n". */
static int deliver(struct watch *watch)
{
    size_t complete = 0;
    for (size_t i = 2; i < watch->pending_bytes; i++) {
        if (memcmp(watch->pending + i - 2, "\n.\n", 3) == 0) {
            complete = i + 1;
            watch->delivered++;
        }
    }
    int result = write_all(watch->out, watch->pending, complete);
    watch->pending_bytes -= complete;
    memmove(watch->pending, watch->pending + complete, watch->pending_bytes);
    return result;
}

/* Waits until the worker writes or ends; false when it stands still. */
static bool wait_for_output(const struct watch *watch, int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    for (;;) {
        size_t answered = __atomic_load_n(&watch->state->answered, __ATOMIC_RELAXED);
        int ready = poll(&poll_fd, 1, (int)watch->timeout_seconds * 1000);
        if (ready > 0)
            return true;
        if (ready == 0 && __atomic_load_n(&watch->state->answered, __ATOMIC_RELAXED) == answered)
            return false;
    }
}

/* Until the worker closes its pipe (0 then), stands still (0, is_slow) or writing fails. */
static int pump(struct watch *watch, int fd)
{
    enum { CHUNK_BYTES = 65536 };
    for (;;) {
        if (!wait_for_output(watch, fd)) {
            watch->is_slow = true;
            return 0;
        }
        watch->pending = mem_grow(watch->pending, watch->pending_bytes + CHUNK_BYTES,
                                  &watch->pending_capacity, 1);
        ssize_t count = read(fd, watch->pending + watch->pending_bytes, CHUNK_BYTES);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return 0;
        watch->pending_bytes += (size_t)count;
        int result = deliver(watch);
        if (result != 0)
            return result;
    }
}

static _Noreturn void be_worker(const struct watch *watch, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0}); /* its death is foreseen */
    FILE *out = fdopen(fd, "w");
    if (!out)
        _exit(1);
    worker_answer(watch->request, watch->state, watch->delivered, watch->debug_path, out);
    _exit(fclose(out) == 0 ? 0 : 1);
}

/* 0 with a child that is to be awaited, or -errno. */
static int start_worker(const struct watch *watch, pid_t *ret_pid, int *ret_fd)
{
    int fds[2];
    /* What it reads first, in case that it dies before it says so itself. */
    watch->state->module = watch->request->pcs[watch->delivered].module;
    if (pipe2(fds, O_CLOEXEC) != 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        be_worker(watch, fds[1]);
    }
    int result = pid < 0 ? -errno : 0;
    close(fds[1]);
    if (result != 0)
        close(fds[0]);
    *ret_pid = pid;
    *ret_fd = fds[0];
    return result;
}

/* Runs one worker to its end; 0 or -errno of writing. */
static int run_worker(struct watch *watch, pid_t pid, int fd, int *ret_status)
{
    watch->pending_bytes = 0;
    watch->is_slow = false;
    int result = pump(watch, fd);
    close(fd);
    if (watch->is_slow || result != 0)
        kill(pid, SIGKILL);
    while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
        ;
    return result;
}

/* Lowers the trust in the module that the dead worker was reading; false when there is none. */
static bool blame_module(const struct watch *watch, int status)
{
    uint32_t id = __atomic_load_n(&watch->state->module, __ATOMIC_RELAXED);
    if (id >= watch->request->module_count)
        return false;
    struct worker_module *module = &watch->state->modules[id];
    if (module->trust == RESOLVER_NOTHING)
        return false;
    module->trust++;
    module->told_trouble = true;
    fprintf(stderr, "leakgc symbolize: %s: ", watch->request->modules[id].path);
    if (watch->is_slow)
        fprintf(stderr, "reading it took more than %u s", watch->timeout_seconds);
    else if (WIFSIGNALED(status))
        fprintf(stderr, "reading it crashed (signal %d)", WTERMSIG(status));
    else
        fprintf(stderr, "reading it failed");
    fprintf(stderr, "; going on %s\n",
            module->trust == RESOLVER_ONLY_SYMBOLS ? "with its ELF symbols only" : "without it");
    return true;
}

static void answer_rest_here(struct watch *watch)
{
    worker_answer(watch->request, watch->state, watch->delivered, watch->debug_path, watch->out);
    watch->delivered = watch->request->pc_count;
}

static void answer_rest_unknown(struct watch *watch)
{
    fprintf(stderr, "leakgc symbolize: ended early; %zu of %zu addresses stay without names\n",
            watch->request->pc_count - watch->delivered, watch->request->pc_count);
    for (; watch->delivered < watch->request->pc_count; watch->delivered++)
        resolver_answer_unknown(watch->out);
}

/* What the command did with signals before. */
struct dispositions {
    struct sigaction child, pipe;
};

static void set_dispositions(struct dispositions *ret_before)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGCHLD, &usual,
              &ret_before->child); /* ignored, it would hide how the worker ended */
    sigaction(SIGPIPE, &ignored, &ret_before->pipe); /* write says it too */
}

/* What the command writes afterwards ends like that of any program when its reader goes away. */
static void restore_dispositions(const struct dispositions *before)
{
    sigaction(SIGCHLD, &before->child, NULL);
    sigaction(SIGPIPE, &before->pipe, NULL);
}

int watch_answers(const struct request *request, char *debug_path, unsigned timeout_seconds,
                  FILE *out)
{
    struct watch watch = {
        .request = request,
        .state = worker_state_new(request),
        .debug_path = debug_path,
        .timeout_seconds = timeout_seconds,
        .out = out,
    };
    struct dispositions before;
    int result = 0;
    set_dispositions(&before);
    if (!watch.state)
        answer_rest_unknown(&watch);
    while (result == 0 && watch.delivered < request->pc_count) {
        pid_t pid = -1;
        int fd = -1, status = 0;
        if (start_worker(&watch, &pid, &fd) != 0) {
            answer_rest_here(&watch);
            break;
        }
        result = run_worker(&watch, pid, fd, &status);
        if (result == 0 && watch.delivered < request->pc_count && !blame_module(&watch, status))
            answer_rest_unknown(&watch);
    }
    free(watch.pending);
    worker_state_free(watch.state, request);
    if (result == 0 && fflush(out) != 0)
        result = -errno;
    restore_dispositions(&before);
    return result;
}
