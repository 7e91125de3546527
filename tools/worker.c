/* SPDX-License-Identifier: MIT
 *
 * Owns the loop over the pcs of a request: opens modules when they are first needed, remembers
 * answers, and notes in shared memory what it is doing, for whoever finds it dead.
 *
 * Invariants: 1. state->module names the module while any byte of its files is looked at.
 * 2. Exactly one block is written for each pc, and blocks never contain an empty or lone-dot line
 * but the last.
 *
 * Runs in ordinary context, usually in a child process; starting and burying that is watch.c. */
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "mem.h"
#include "memo.h"
#include "resolver.h"

enum { STACK_BYTES = 16 << 20 };

struct worker {
    const struct request *request;
    struct worker_state *state;
    char *debug_path;
    struct resolver **resolvers; /* by module; NULL when not opened or not possible */
    bool *was_opened;
    struct memo memo;
};

static size_t state_bytes(const struct request *request)
{
    return sizeof(struct worker_state) + request->module_count * sizeof(struct worker_module);
}

struct worker_state *worker_state_new(const struct request *request)
{
    struct worker_state *state =
        mmap(NULL, state_bytes(request), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED)
        return NULL;
    state->module = REQUEST_NO_MODULE;
    return state; /* trust is RESOLVER_ALL, which is 0 */
}

void worker_state_free(struct worker_state *state, const struct request *request)
{
    if (state)
        munmap(state, state_bytes(request));
}

/* A missing file needs no line (the vdso has none); a replaced one does: the user may expect names. */
static void tell_trouble(struct worker *worker, uint32_t id, int result)
{
    struct worker_module *module = &worker->state->modules[id];
    if (module->told_trouble || (result != -ESTALE && result != -ENOEXEC))
        return;
    module->told_trouble = true;
    fprintf(stderr, "leakgc symbolize: %s: %s\n", worker->request->modules[id].path,
            result == -ESTALE ? "the file was replaced after the program loaded it (its build id is"
                                " another one); no names from it"
                              : "not a program or library; no names from it");
}

static struct resolver *find_resolver(struct worker *worker, uint32_t id)
{
    const struct request_module *module = &worker->request->modules[id];
    enum resolver_trust trust = worker->state->modules[id].trust;
    if (!worker->was_opened[id]) {
        worker->was_opened[id] = true;
        int result = -ENOENT;
        if (trust != RESOLVER_NOTHING && module->path[0] != '[') /* [vdso] */
            result = resolver_open(module, trust, worker->debug_path, &worker->resolvers[id]);
        tell_trouble(worker, id, result);
    }
    return worker->resolvers[id];
}

static void answer(struct worker *worker, const struct request_pc *pc, FILE *out)
{
    struct resolver *resolver = NULL;
    if (pc->module != REQUEST_NO_MODULE)
        resolver = find_resolver(worker, pc->module);
    if (resolver)
        resolver_answer(resolver, pc->addr, worker->request->linkage, out);
    else
        resolver_answer_unknown(out);
}

static const struct memo_entry *find_or_answer(struct worker *worker, const struct request_pc *pc)
{
    const struct memo_entry *known = memo_find(&worker->memo, pc->module, pc->addr);
    if (known)
        return known;
    char *text = NULL;
    size_t bytes = 0;
    FILE *block = open_memstream(&text, &bytes);
    if (block) {
        answer(worker, pc, block);
        fclose(block);
    }
    memo_add(&worker->memo, pc->module, pc->addr, text ? text : mem_string(""), bytes);
    return memo_find(&worker->memo, pc->module, pc->addr);
}

struct job {
    const struct request *request;
    struct worker_state *state;
    size_t first;
    char *debug_path;
    FILE *out;
};

static void *do_job(void *arg)
{
    const struct job *job = arg;
    const struct request *request = job->request;
    struct worker_state *state = job->state;
    struct worker worker = {
        .request = request,
        .state = state,
        .debug_path = job->debug_path,
        .resolvers = mem_zeroed(request->module_count, sizeof(struct resolver *)),
        .was_opened = mem_zeroed(request->module_count, sizeof(bool)),
    };
    for (size_t i = job->first; i < request->pc_count && !ferror(job->out); i++) {
        __atomic_store_n(&state->module, request->pcs[i].module, __ATOMIC_RELAXED);
        const struct memo_entry *entry = find_or_answer(&worker, &request->pcs[i]);
        fwrite(entry->text, 1, entry->bytes, job->out);
        __atomic_add_fetch(&state->answered, 1, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&state->module, REQUEST_NO_MODULE, __ATOMIC_RELAXED);
    for (size_t i = 0; i < request->module_count; i++)
        if (worker.resolvers[i])
            resolver_close(worker.resolvers[i]);
    free(worker.resolvers);
    free(worker.was_opened);
    memo_done(&worker.memo);
    return NULL;
}

/* libdw needs more stack than a small limit that was inherited may allow: the work is done in a
 * thread, whose stack is not bound by the limit. */
void worker_answer(const struct request *request, struct worker_state *state, size_t first,
                   char *debug_path, FILE *out)
{
    struct job job = {request, state, first, debug_path, out};
    pthread_attr_t attr;
    pthread_t thread;
    bool started = !pthread_attr_init(&attr) && !pthread_attr_setstacksize(&attr, STACK_BYTES) &&
                   !pthread_create(&thread, &attr, do_job, &job);
    if (started)
        pthread_join(thread, NULL);
    else
        do_job(&job);
}
