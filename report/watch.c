/* SPDX-License-Identifier: MIT
 *
 * Owns the causes of scans and the thread that makes them (ghost.h).
 *
 *   cause      who notices it
 *   interval   the thread itself, which sleeps until then
 *   bytes      the allocator, where it looks at the clock
 *   signal     the handler of the signal that the option names
 *   pressure   the thread: it looks at the memory cgroup now and then
 *   psi        the thread: the kernel says that tasks stood still for lack of memory
 *   control    the thread: a client of the control socket asks (remote.h)
 *   api        the program calls leakgc_scan, and scans itself (asked.c)
 *
 * The thread is started by the allocator, when it looks at the clock and the process has lived for a second
 * (clock_alarm), or by the signal: so a command that ends at once, or does not allocate, never has it.
 * A child of fork starts its own in the same way. It ends when no other thread is left.
 *
 * Runs in the thread of our own; the starters in malloc and in signal handlers. */
#include "watch.h"

#include <string.h>

#include "../preload/alloc.h"
#include "../preload/clock.h"
#include "../preload/ending.h"
#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/init.h"
#include "../preload/leftover.h"
#include "../preload/lock.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/real.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "../scanner/crew.h"
#include "../scanner/dirty.h"
#include "../scanner/live.h"
#include "../scanner/stop.h"
#include "check.h"
#include "dump.h"
#include "history.h"
#include "live_report.h"
#include "pace.h"
#include "pressure.h"
#include "program.h"
#include "remote.h"
#include "scan_log.h"
#include "selftest.h"
#include "suppress.h"
#include "suspects.h"

enum {
    FIRST_MS = 1000,
    AGAIN_MS = 100,
    LOOK_MS = 5000,
    PRESSURE_MS = 1000,
    PATIENCE_MS = 20,
    TRIES_MOST = 4
};
enum { TOLD_BYTES = 1 << GHOST_BITS, TOLD_SIGNAL = 2 << GHOST_BITS };
enum { FD_GHOST, FD_STALLS, FD_REMOTE, FD_COUNT = FD_REMOTE + REMOTE_FDS };

static enum live_method method;
static int stalls_fd = -1;

/* What came of the last scan of the thread. */
static struct {
    const char *failure;
    char line[SCAN_LOG_LINE]; /* of the scan log */
} last;

/* --- One scan --------------------------------------------------------------------------------- */

static bool is_worth_another_try(const struct live *l)
{
    return !ghost_is_hurried() && !l->scan.failure && !l->scan.complete;
}

/* dump: what is asked for beside it, or NULL. */
static void scan(const char *cause, struct dump *dump, struct pace_scan *inout)
{
    struct live l;
    unsigned tries = 0;
    lock_take(LOCK_CHECK);
    module_refresh();
    struct scan_id now = scan_log_begin();
    for (;; tries++) {
        l = (struct live){.partial = inout->partial,
                          .method = method,
                          .max_pause_us = options.max_pause,
                          .patience_ms = (unsigned)PATIENCE_MS << tries,
                          .is_leak = suspects_is_leak};
        live_scan(&l);
        if (tries + 1 == TRIES_MOST || !is_worth_another_try(&l))
            break;
        scratch_reset();
        if (ghost_nap((uint64_t)10000000 << tries))
            break;
    }
    selftest_judge_live(&l);
    if (!l.scan.failure)
        suppress_mark(&l);
    if (!l.scan.failure && l.scan.complete)
        suspects_set_aside(&l);
    if (dump)
        dump_collect(dump, &l);
    if (!l.scan.failure)
        suppress_drop(&l);
    live_report(&l, now, cause, tries + l.tries);
    if (dump)
        dump_write(dump, &l, now);
    last.failure = l.scan.failure;
    fmt(last.line, sizeof last.line, "%s", scan_log_line());
    scratch_reset();
    inout->cpu_ns = scan_log_cpu_ns();
    inout->dirty_pages = l.scan.dirty_pages;
    inout->partial = l.was_partial;
    inout->done = !l.scan.failure && l.scan.complete;
    pace_note(inout);
    lock_release(LOCK_CHECK);
}

/* --- The thread ------------------------------------------------------------------------------- */

/* Who asks for a scan gets a full one. */
static void scan_because(const char *cause, struct dump *dump)
{
    struct pace_scan s = {.begun_ms = clock_uptime_ms()};
    bool is_routine = !strcmp(cause, "interval") || !strcmp(cause, "bytes");
    s.partial = is_routine && pace_is_partial();
    scan(cause, dump, &s);
}

static size_t say_failure(char *text, size_t cap)
{
    return fmt(text, cap, "error the scan failed: %s\n", last.failure);
}

static size_t answer_scan(char *text, size_t cap, int *ret_file)
{
    (void)ret_file;
    scan_because("control", NULL);
    if (last.failure)
        return say_failure(text, cap);
    return fmt(text, cap, "ok %s\n", last.line);
}

static size_t answer_stat(char *text, size_t cap, int *ret_file)
{
    struct alloc_stats heap = alloc_stats();
    struct scan_counts scans = scan_log_counts();
    (void)ret_file;
    return fmt(text, cap,
               "ok pid=%d uptime_ms=%lu live_bytes=%zu live_blocks=%zu heap_bytes=%zu "
               "allocated_blocks=%lu "
               "lost_bytes=%zu lost_blocks=%zu leaked_bytes=%zu leaked_blocks=%zu scans=%zu "
               "last_stop_us=%lu "
               "longest_stop_us=%lu\n",
               sys_getpid(), clock_uptime_ms(), heap.live_bytes, heap.live_blocks,
               heap.mapped_bytes, alloc_count(), scans.lost_bytes, scans.lost_blocks,
               scans.leaked_bytes, scans.leaked_blocks, scans.scans, scans.last_stop_ns / 1000,
               scans.longest_stop_ns / 1000);
}

static size_t answer_with_file(enum dump_wish wish, char *text, size_t cap, int *ret_file)
{
    struct dump dump = {.wish = wish};
    scan_because("control", &dump);
    if (last.failure)
        return say_failure(text, cap);
    if (dump.fd < 0)
        return fmt(text, cap, "error no report: %s\n", strerrorname_np(-dump.fd));
    *ret_file = dump.fd;
    return fmt(text, cap, "ok %s\n", last.line);
}

static size_t answer_dump(char *text, size_t cap, int *ret_file)
{
    return answer_with_file(DUMP_ALL, text, cap, ret_file);
}

static size_t answer_leaks(char *text, size_t cap, int *ret_file)
{
    return answer_with_file(DUMP_LEAKS, text, cap, ret_file);
}

static size_t answer_leaks_new(char *text, size_t cap, int *ret_file)
{
    return answer_with_file(DUMP_NEW, text, cap, ret_file);
}

static size_t answer_leaks_increased(char *text, size_t cap, int *ret_file)
{
    return answer_with_file(DUMP_INCREASED, text, cap, ret_file);
}

static size_t answer_leaks_changed(char *text, size_t cap, int *ret_file)
{
    return answer_with_file(DUMP_CHANGED, text, cap, ret_file);
}

static const struct request requests[] = {
    {"scan", answer_scan},
    {"stat", answer_stat},
    {"dump", answer_dump},
    {"leaks", answer_leaks},
    {"leaks new", answer_leaks_new},
    {"leaks increased", answer_leaks_increased},
    {"leaks changed", answer_leaks_changed},
};

static const char *cause_of(uint32_t told, short stalls)
{
    if (told & TOLD_SIGNAL)
        return "signal";
    if (told & TOLD_BYTES)
        return "bytes";
    if (clock_uptime_ms() >= pace_next_ms())
        return "interval";
    if (pressure_stalls(&stalls_fd, stalls))
        return "psi";
    return pressure_is_high() ? "pressure" : NULL;
}

static uint64_t longest_sleep_ms(void)
{
    uint64_t now = clock_uptime_ms();
    uint64_t next = pace_next_ms();
    uint64_t most = options.pressure ? PRESSURE_MS : LOOK_MS;
    return next <= now ? 0 : next - now < most ? next - now : most;
}

static void watch(bool polls)
{
    struct pollfd fds[FD_COUNT] = {0};
    while (!world_has_ended()) {
        uint64_t sleep = longest_sleep_ms();
        if (polls) {
            remote_prepare(fds + FD_REMOTE, &sleep);
            fds[FD_STALLS] = (struct pollfd){.fd = stalls_fd, .events = POLLPRI};
        }
        uint32_t told = ghost_listen(sleep * 1000000 + 1, fds, polls ? FD_COUNT : 0);
        if (told & GHOST_END)
            return;
        if (polls) {
            remote_check();
            remote_serve(fds + FD_REMOTE, requests, sizeof requests / sizeof *requests);
        }
        const char *cause = cause_of(told, fds[FD_STALLS].revents);
        if (cause)
            scan_because(cause, NULL);
    }
}

static bool wants_to_poll(void)
{
    if (!*options.control && !options.psi)
        return false;
    if (ghost_can_poll())
        return true;
    if (options.psi || !options_is_default(&options.control))
        log_say("no control socket and no option 'psi': signalfd is not allowed here");
    return false;
}

static void run(void)
{
    bool polls = wants_to_poll();
    stalls_fd = polls ? pressure_stall_open() : -1;
    if (polls)
        remote_open();
    watch(polls);
    remote_close();
    live_forget();
    dirty_close();
}

static void start(void)
{
    bool started = ghost_start(run);
    uint64_t again = started ? UINT64_MAX : clock_uptime_ms() + AGAIN_MS;
    __atomic_store_n(&clock_alarm_ms, again, __ATOMIC_RELAXED);
}

/* Also when a byte count is reached before the first second is over. */
static void on_bytes(void)
{
    ghost_tell(TOLD_BYTES);
}

static void on_signal(int signal)
{
    (void)signal;
    ghost_start(run);
    ghost_tell(TOLD_SIGNAL);
}

/* --- Beginning and end ------------------------------------------------------------------------ */

static void in_child(void)
{
    world_after_fork();
    crew_after_fork();
    maps_present_close();
    remote_after_fork();
    scratch_reset();
    suspects_reset();
    suppress_after_fork();
    check_after_fork();
    history_reset();
    dump_reset();
    dirty_after_fork();
    live_forget();
    if (clock_alarm)
        __atomic_store_n(&clock_alarm_ms, clock_uptime_ms() + FIRST_MS, __ATOMIC_RELAXED);
    pace_restart();
}

static int parse_signal(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {{"HUP", SIGHUP},     {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"QUIT", SIGQUIT},
                 {"WINCH", SIGWINCH}, {"URG", SIGURG},   {"IO", SIGIO},     {"PWR", SIGPWR},
                 {"ALRM", SIGALRM},   {"CONT", SIGCONT}};
    uint64_t number;
    if (!strncmp(name, "SIG", 3))
        name += 3;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i].name))
            return names[i].number;
    return fmt_parse_u64(name, name + strlen(name), 10, &number) && number < 65 ? (int)number : 0;
}

/* A handler that the program installs later takes its place. */
static void take_signal(void)
{
    struct sigaction now;
    struct sigaction ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_ONSTACK};
    if (!*options.signal)
        return;
    int number = parse_signal(options.signal);
    if (!number || real()->sigaction(number, NULL, &now))
        log_say("option 'signal': '%s' is not a signal; using none", options.signal);
    else if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN)
        log_say("option 'signal': %s has a handler already; using none", options.signal);
    else
        real()->sigaction(number, &ours, NULL);
}

/* The socket alone is no reason for a thread, unless the user named it. */
static bool is_wanted(void)
{
    return !program_is_turned_off() &&
           (options.interval || options.interval_bytes || options.pressure || options.psi ||
            *options.signal || (*options.control && !options_is_default(&options.control)));
}

void watch_init(void)
{
    init_in_child = in_child;
    if (!live_method_parse(options.snapshot, &method))
        log_say("option 'snapshot': '%s' is not auto, concurrent, fork or stop; using auto",
                options.snapshot);
    if (!is_wanted())
        return;
    if (!ghost_init()) {
        log_say("no scans while the program runs: this libc is not known");
        return;
    }
    pace_restart();
    clock_bytes_alarm = on_bytes;
    clock_bytes_each = options.interval_bytes;
    clock_alarm = start;
    __atomic_store_n(&clock_alarm_ms, FIRST_MS, __ATOMIC_RELAXED);
    take_signal();
}

void watch_stop(void)
{
    __atomic_store_n(&clock_alarm_ms, UINT64_MAX, __ATOMIC_RELAXED);
    ghost_tell(GHOST_END);
    leftover_end();
}
