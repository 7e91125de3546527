/* SPDX-License-Identifier: MIT
 *
 * Owns what unit.h offers. */
#include "unit.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/init.h"
#include "../../preload/space.h"
#include "../../preload/thread.h"
#include "../../preload/trace.h"

enum { TIMEOUT_SECONDS = 60 };

const uintptr_t unit_frame[3] = {0, 0x1000, 0};

static int capture_fd = -1;
static char captured[1 << 16];

TCase *unit_case(Suite *s, const char *name)
{
    TCase *c = tcase_create(name);
    tcase_set_timeout(c, TIMEOUT_SECONDS);
    suite_add_tcase(s, c);
    return c;
}

TCase *unit_case_threads(Suite *s, const char *name)
{
    TCase *c = unit_case(s, name);
    tcase_set_tags(c, "threads");
    return c;
}

void unit_space(void)
{
    ck_assert_int_eq(space_init(), 0);
}

void unit_alive(void)
{
    ck_assert(init_early());
    ck_assert_ptr_nonnull(thread_current());
}

void unit_capture(void)
{
    capture_fd = memfd_create("captured", MFD_CLOEXEC);
    ck_assert_int_ge(capture_fd, 0);
    stub_stderr = capture_fd;
}

const char *unit_captured(void)
{
    ssize_t n = pread(capture_fd, captured, sizeof captured - 1, 0);
    captured[n > 0 ? n : 0] = '\0';
    close(capture_fd);
    stub_stderr = 2;
    return captured;
}

const char *unit_log_line(const char *line)
{
    static char text[4096];
    snprintf(text, sizeof text, "==%d==leakgc: %s\n", getpid(), line);
    return text;
}

int unit_child(void (*fn)(void *), void *arg)
{
    int status = 0;
    unit_capture();
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        fn(arg);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void *run_thread(void *arg)
{
    const struct unit_thread *t = arg;
    t->fn(t->arg, t->number);
    return NULL;
}

void unit_threads(unsigned n, void (*fn)(void *, unsigned), void *arg)
{
    struct unit_thread *t = calloc(n, sizeof *t);
    pthread_t *handle = calloc(n, sizeof *handle);
    for (unsigned i = 0; i < n; i++) {
        t[i] = (struct unit_thread){fn, arg, i};
        REQUIRE(pthread_create(&handle[i], NULL, run_thread, &t[i]) == 0);
    }
    for (unsigned i = 0; i < n; i++)
        REQUIRE(pthread_join(handle[i], NULL) == 0);
    free(handle);
    free(t);
}

char *unit_map(size_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    REQUIRE(p != MAP_FAILED);
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(p, bytes); /* it may have been the sanitizer's own */
#endif
    return p;
}

/* splitmix64 (Steele, Lea, Flood, 2014) */
uint64_t unit_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

size_t unit_below(uint64_t *state, size_t limit)
{
    return (size_t)(unit_random(state) % limit);
}

uint64_t unit_seed(uint64_t of_the_test)
{
    const char *text = getenv("UNIT_SEED");
    return of_the_test + (text ? strtoull(text, NULL, 0) : 0) * 0x9e3779b97f4a7c15u;
}

const struct unit_trace *unit_trace(uint32_t id)
{
    enum { KEPT = 8 };
    static __thread struct unit_trace kept[KEPT];
    static __thread unsigned turn;
    struct unit_trace *t = &kept[turn++ % KEPT];
    t->frames = 0;
    for (struct trace_frame f; trace_next(&id, &f);) {
        t->module_time = t->frames ? t->module_time : f.module_time;
        t->pc[t->frames++] = f.pc;
    }
    return t->frames ? t : NULL;
}
