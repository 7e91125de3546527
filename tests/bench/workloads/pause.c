// SPDX-License-Identifier: MIT
//
// Owns: what a program feels of a scan. Its threads own hash tables with chained nodes, each node with
// a block of data; they walk the chains, move nodes from chain to chain, and replace some. Nothing
// leaks. One thread more does nothing but read the clock: the gaps between two readings are the times
// in which it did not run. Driven by tests/bench/pause, by lines on standard input:
//
//   begin    forget the gaps so far
//   end      print the gaps since `begin`, as KEY=VALUE words
//   fork     print how long fork() took, of a child that ends at once
//   check    __lsan_do_recoverable_leak_check(): prints how long it took, and what it returned
//
// The end of the input ends the program. It says `ready` once the heap stands.
//
// Options, KEY=NUMBER: megabytes (in blocks), threads, writes
// (a second, of all threads), reads (as well), sparse (megabytes of a mapping, a page in each used),
// small (1: pages of 4 KiB only).
//
// A gap has two parts. What the scheduler says the thread waited for a processor is the machine's
// load, and told apart: `slept` is a gap without it. 99.99 % of the time lies in gaps of `p9999_us`
// and less; `over_us` is the sum of the gaps above 0.1 ms.

#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 1000
#define CHAIN 8        // nodes in a bucket
#define NODE_BYTES 133 // of a node with its data
#define STEPS 8        // of the histogram, in each doubling
#define LONG_NS 100000 // what counts as a gap
#define REFRESH_NS 10000000

extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static struct {
    size_t megabytes, threads, writes, reads, sparse, small;
} options = {100, 4, 1000, 100000, 0, 0};

static const struct {
    const char *name;
    size_t *value;
} option_table[] = {
    {"megabytes", &options.megabytes}, {"threads", &options.threads}, {"writes", &options.writes},
    {"reads", &options.reads},         {"sparse", &options.sparse},   {"small", &options.small},
};

struct node {
    struct node *next;
    uint64_t *data;
    uint64_t number;
};

// Gaps since `begin`. The spinning thread writes; `end` reads while it goes on, which is exact enough.
static struct {
    _Atomic int epoch;
    int64_t begun, total, longest, slept, over, count;
    int64_t of_length[64 * STEPS]; // ns in gaps of this length
} gaps;

static atomic_long operations;
static atomic_size_t built;
static uint64_t sums[MAX_THREADS];

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "pause: %s: %s\n", what, strerror(errno));
    exit(2);
}

// The spinning thread.

// Nanoseconds this thread has waited for a processor, or 0 where the kernel does not tell.
static int64_t waited(int fd)
{
    char text[96];
    ssize_t length = fd >= 0 ? pread(fd, text, sizeof text - 1, 0) : 0;
    long long ran = 0, waits = 0;
    text[length > 0 ? length : 0] = 0;
    return sscanf(text, "%lld %lld", &ran, &waits) == 2 ? waits : 0;
}

static int step_of(int64_t ns)
{
    if (ns < STEPS)
        return (int)ns;
    int power = 63 - __builtin_clzll((unsigned long long)ns);
    return power * STEPS + (int)((ns >> (power - 3)) & (STEPS - 1));
}

static int64_t longest_of_step(int step)
{
    if (step < 3 * STEPS)
        return step;
    return ((int64_t)(STEPS + step % STEPS + 1) << (step / STEPS - 3)) - 1;
}

static void reset(int64_t now)
{
    gaps.begun = now;
    gaps.total = gaps.longest = gaps.slept = gaps.over = gaps.count = 0;
    memset(gaps.of_length, 0, sizeof gaps.of_length);
}

static void *spin(void *unused)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/schedstat", (long)syscall(SYS_gettid));
    int fd = open(path, O_RDONLY | O_CLOEXEC), epoch = -1;
    int64_t before = now_ns(), fresh = before, wait = waited(fd);
    for (;;) {
        int64_t now = now_ns(), gap = now - before;
        before = now;
        if (epoch != atomic_load(&gaps.epoch)) {
            epoch = atomic_load(&gaps.epoch);
            reset(now);
            continue;
        }
        gaps.of_length[step_of(gap)] += gap;
        gaps.total += gap;
        gaps.count++;
        if (gap > gaps.longest)
            gaps.longest = gap;
        if (gap > LONG_NS || now - fresh > REFRESH_NS) {
            int64_t waiting = waited(fd), slept = gap - (waiting - wait);
            gaps.over += gap > LONG_NS ? gap : 0;
            if (gap > LONG_NS && slept > gaps.slept)
                gaps.slept = slept;
            wait = waiting;
            before = fresh = now_ns(); // reading this is none of it
        }
    }
    return unused;
}

static void print_gaps(void)
{
    int64_t rest = gaps.total / 10000, longest = gaps.longest;
    int step = 64 * STEPS - 1;
    for (; step > 0 && gaps.of_length[step] <= rest; step--)
        rest -= gaps.of_length[step];
    int64_t most = longest_of_step(step) < longest ? longest_of_step(step) : longest;
    printf("seconds=%.2f max_us=%.1f slept_us=%.1f p9999_us=%.2f over_us=%.0f readings=%ld "
           "operations=%ld\n",
           (double)gaps.total / 1e9, (double)longest / 1e3, (double)gaps.slept / 1e3,
           (double)most / 1e3, (double)gaps.over / 1e3, (long)gaps.count,
           atomic_exchange(&operations, 0));
}

// The threads with the heap.

static NOINLINE struct node *node_new(uint64_t *state)
{
    struct node *node = malloc(sizeof *node);
    size_t words = 2 + draw_below(state, 24);
    uint64_t *data = malloc(words * sizeof *data);
    if (!node || !data)
        die("malloc");
    for (size_t i = 0; i < words; i++)
        data[i] = i * 3 + words;
    *node = (struct node){NULL, data, words};
    return node;
}

static NOINLINE void node_free(struct node *node)
{
    free(node->data);
    free(node);
}

static void push(struct node **bucket, struct node *node)
{
    node->next = *bucket;
    *bucket = node;
}

static uint64_t walk(struct node *node)
{
    uint64_t sum = 0;
    for (; node; node = node->next)
        sum += node->number + node->data[0];
    return sum;
}

// Moves the first node of one chain to another. Between, only this frame knows it. Each eighth is
// replaced by a new one.
static void move(struct node **table, uint32_t buckets, uint64_t *state)
{
    struct node **from = &table[draw_below(state, buckets)];
    struct node *node = *from;
    if (!node)
        return;
    *from = node->next;
    if (draw_below(state, 8) == 0) {
        node_free(node);
        node = node_new(state);
    }
    push(&table[draw_below(state, buckets)], node);
}

// What is due of `rate` operations a second when `ns` have passed; `carry` keeps the fractions.
static long due(size_t rate, int64_t ns, double *carry)
{
    *carry += (double)rate * (double)ns / 1e9 / (double)options.threads;
    if (*carry > 100000)
        *carry = 100000; // the machine can't follow
    long whole = (long)*carry;
    *carry -= (double)whole;
    return whole;
}

static void *work(void *argument)
{
    size_t self = (size_t)argument;
    uint64_t state = 88172645463325252u + self;
    size_t nodes = (options.megabytes << 20) / NODE_BYTES / options.threads;
    uint32_t buckets = (uint32_t)(nodes / CHAIN) + 1;
    struct node **table = calloc(buckets, sizeof *table);
    if (!table)
        die("calloc");
    for (size_t i = 0; i < nodes; i++)
        push(&table[draw_below(&state, buckets)], node_new(&state));
    atomic_fetch_add(&built, 1);

    // No more than 4,000 wake-ups a second, however many threads.
    int64_t tick = options.threads < 4 ? 1000000 : 250000 * (int64_t)options.threads;
    double reads = 0, writes = 0;
    for (int64_t last = now_ns();;) {
        nanosleep(&(struct timespec){tick / 1000000000, tick % 1000000000}, NULL);
        int64_t now = now_ns(), passed = now - last;
        last = now;
        long walks = due(options.reads, passed, &reads),
             moves = due(options.writes, passed, &writes);
        for (long i = 0; i < walks; i++)
            sums[self] += walk(table[draw_below(&state, buckets)]);
        for (long i = 0; i < moves; i++)
            move(table, buckets, &state);
        atomic_fetch_add(&operations, walks + moves);
    }
    return NULL;
}

// A page in each megabyte is used.
static void reserve(size_t megabytes)
{
    if (!megabytes)
        return;
    char *mapping = mmap(NULL, megabytes << 20, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED)
        die("mmap");
    madvise(mapping, megabytes << 20, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < megabytes; i++)
        mapping[i << 20] = 1;
}

static void start(void *(*function)(void *), size_t argument)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    if ((errno = pthread_create(&thread, &attributes, function, (void *)argument)) != 0)
        die("pthread_create");
    pthread_attr_destroy(&attributes);
    pthread_detach(thread);
}

// What it is told to do.

static void measure_fork(void)
{
    int64_t begin = now_ns();
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    int64_t end = now_ns();
    if (child < 0)
        die("fork");
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    printf("fork_us=%.1f\n", (double)(end - begin) / 1e3);
}

static void measure_check(void)
{
    if (!__lsan_do_recoverable_leak_check) {
        printf("none=1\n");
        return;
    }
    int64_t begin = now_ns();
    int found = __lsan_do_recoverable_leak_check();
    printf("check_us=%.1f leaks=%d\n", (double)(now_ns() - begin) / 1e3, found);
}

static void obey(const char *word)
{
    if (!strcmp(word, "begin")) {
        atomic_store(&operations, 0);
        atomic_fetch_add(&gaps.epoch, 1);
        usleep(1000); // until it was seen
        printf("begun=1\n");
    } else if (!strcmp(word, "end")) {
        print_gaps();
    } else if (!strcmp(word, "fork")) {
        measure_fork();
    } else if (!strcmp(word, "check")) {
        measure_check();
    } else {
        printf("unknown=1\n");
    }
}

// The next line, without its end, or NULL. By read(), as a signal may come in between.
static char *next_line(char *line, size_t size)
{
    for (size_t length = 0; length < size;) {
        ssize_t got = read(0, line + length, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return NULL;
        if (line[length] == '\n') {
            line[length] = 0;
            return line;
        }
        length++;
    }
    return NULL;
}

static int set_option(const char *word)
{
    for (size_t i = 0; i < sizeof option_table / sizeof *option_table; i++) {
        size_t length = strlen(option_table[i].name);
        if (!strncmp(word, option_table[i].name, length) && word[length] == '=') {
            *option_table[i].value = strtoul(word + length + 1, NULL, 10);
            return 0;
        }
    }
    fprintf(stderr, "pause: %s: no such option\n", word);
    return -1;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (set_option(argv[i]) != 0)
            return 2;
    if (options.threads < 1 || options.threads > MAX_THREADS)
        return fprintf(stderr, "pause: 1 to %d threads\n", MAX_THREADS), 2;
    if (options.small && prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0)
        die("prctl");
    setvbuf(stdout, NULL, _IOLBF, 0);
    reserve(options.sparse);
    for (size_t i = 0; i < options.threads; i++)
        start(work, i);
    while (atomic_load(&built) < options.threads)
        usleep(1000);
    start(spin, 0);
    printf("ready=1\n");
    char line[64];
    while (next_line(line, sizeof line))
        obey(line);
    return 0;
}
