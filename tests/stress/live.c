// SPDX-License-Identifier: MIT
//
// Scans every 20 ms while threads allocate and free, move the only pointer of a block between stacks,
// blocks, globals, thread-local and mapped memory, start and end, fork, open and close a shared object,
// and grow and move big blocks. What a scan loses is told in the report, and a block that it loses is
// found broken or freed twice at the latest when the program uses it. For a soak: `many` threads, `resting`
// most of the time, `until` there is a file of that name.
//
// ARGS: stop | fork | concurrent | concurrent:full_each=100
// PLUGIN: plugin.c
// OPTIONS: interval=20ms:min_age=0:confirm=1
// LIVE: 4
// TIMEOUT: 120

#include "stress.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { TABLES = 16, SLOTS = 512, LISTS = 8, REGION = 1 << 20 };

struct thing {
    struct thing *next;
    size_t bytes;
    unsigned char mark;
    char data[];
};

static atomic_bool stopping;
static struct thing *_Atomic *_Atomic tables[TABLES]; // each table is a block of its own
static struct list {
    pthread_mutex_t mutex;
    struct thing *first;
} lists[LISTS];
static _Thread_local struct thing *mine[8];
static struct thing *_Atomic wide[1 << 20]; // globals, large enough to be followed by the page

static struct thing *new_thing(struct dice *d)
{
    size_t bytes = roll_size(d, 3000);
    struct thing *t = malloc(sizeof *t + bytes);
    CHECK(t);
    *t = (struct thing){.bytes = bytes, .mark = (unsigned char)roll(d)};
    fill(t->data, bytes, t->mark);
    return t;
}

static void check_thing(const struct thing *t)
{
    verify(t->data, t->bytes, t->mark);
}

static void drop(struct thing *t)
{
    if (t) {
        check_thing(t);
        free(t);
    }
}

// Now and then, so that the program leaves processors to scans: then these follow each other quickly.
static void rest(unsigned *rounds, unsigned each)
{
    if (++*rounds % each == 0 && stress_has("resting"))
        usleep(5000);
}

// From slot to slot by way of a register or the stack; now and then a new one, or the end of one.
static void *move(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    for (unsigned rounds = 0; !atomic_load(&stopping); rest(&rounds, 32)) {
        struct thing *_Atomic *from = atomic_load(&tables[roll(&d) % TABLES]);
        struct thing *t = atomic_exchange(&from[roll(&d) % SLOTS], NULL);
        if (t)
            check_thing(t);
        if (roll(&d) % 4 == 0) {
            drop(t);
            t = new_thing(&d);
        }
        struct thing **keep = &mine[roll(&d) % 8];
        struct thing *other = *keep;
        *keep = t;
        struct thing *_Atomic *to = atomic_load(&tables[roll(&d) % TABLES]);
        other = atomic_exchange(&wide[roll(&d) % 5000 * 200], other);
        drop(atomic_exchange(&to[roll(&d) % SLOTS], other));
    }
    for (int i = 0; i < 8; i++)
        drop(mine[i]);
    return NULL;
}

// Elements of lists: the pointer to the rest is in the element that moves.
static void *relink(void *number)
{
    struct dice d = dice_of(100 + (uint64_t)(intptr_t)number);
    for (unsigned rounds = 0; !atomic_load(&stopping); rest(&rounds, 32)) {
        struct list *a = &lists[roll(&d) % LISTS];
        struct list *b = &lists[roll(&d) % LISTS];
        pthread_mutex_lock(&a->mutex);
        struct thing *t = a->first;
        if (t)
            a->first = t->next;
        pthread_mutex_unlock(&a->mutex);
        if (!t || roll(&d) % 8 == 0) {
            drop(t);
            t = new_thing(&d);
        }
        pthread_mutex_lock(&b->mutex);
        t->next = b->first;
        b->first = t;
        pthread_mutex_unlock(&b->mutex);
        if (roll(&d) % 64 == 0) { // a whole list goes to another
            pthread_mutex_lock(&a->mutex);
            struct thing *all = a->first;
            a->first = NULL;
            pthread_mutex_unlock(&a->mutex);
            int count = 0;
            for (struct thing *next; all; all = next, count++) {
                next = all->next;
                if (count % 2) {
                    drop(all);
                    continue;
                }
                pthread_mutex_lock(&b->mutex);
                all->next = b->first;
                b->first = all;
                pthread_mutex_unlock(&b->mutex);
            }
        }
    }
    return NULL;
}

static void *visitor(void *argument)
{
    struct thing *t = argument;
    check_thing(t);
    struct thing *copy = malloc(sizeof *copy + t->bytes);
    CHECK(copy);
    memcpy(copy, t, sizeof *copy + t->bytes);
    drop(t);
    return copy;
}

// Short threads, mapped memory, children, a shared object, big blocks.
static void *come_and_go(void *unused)
{
    (void)unused;
    struct dice d = dice_of(7);
    unsigned rounds = 0;
    for (long round = 0; !atomic_load(&stopping); round++, rest(&rounds, 1)) {
        void *copy;
        CHECK(!pthread_join(start(visitor, new_thing(&d)), &copy));
        struct thing **region =
            mmap(NULL, REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(region != MAP_FAILED);
        region[roll(&d) % (REGION / sizeof *region - 1)] = copy;
        copy = NULL;
        sched_yield();
        for (size_t i = 0; i < REGION / sizeof *region; i++)
            drop(region[i]);
        CHECK(!munmap(region, REGION));
        if (round % 16 == 0) {
            pid_t child = fork();
            CHECK(child >= 0);
            if (child == 0) {
                drop(new_thing(&d));
                _exit(0);
            }
            int status;
            CHECK(waitpid(child, &status, 0) == child && status == 0);
        }
        if (round % 16 == 8) {
            void *library = dlopen(stress_argv[2 + round / 16 % 2], RTLD_NOW | RTLD_LOCAL);
            CHECK(library && !dlclose(library));
        }
    }
    return NULL;
}

// The only pointers to some blocks are in a block that grows, and so moves with its pages.
static void *grow(void *unused)
{
    (void)unused;
    struct dice d = dice_of(9);
    unsigned rounds = 0;
    while (!atomic_load(&stopping)) {
        size_t count = 0;
        struct thing **all = NULL;
        for (size_t room = 1000; room < 600000; room = room * 3 / 2) {
            all = realloc(all, room * sizeof *all);
            CHECK(all);
            for (size_t i = 0; i < 200; i++) {
                size_t at = count + i * ((room - count) / 200);
                all[at] = new_thing(&d);
                for (size_t k = at + 1; k < at + (room - count) / 200; k++)
                    all[k] = NULL;
            }
            for (size_t k = count + (room - count) / 200 * 200; k < room; k++)
                all[k] = NULL;
            count = room;
            rest(&rounds, 1);
        }
        for (size_t i = 0; i < count; i++)
            drop(all[i]);
        free(all);
    }
    return NULL;
}

// The tables themselves are replaced: what was in the old one goes to the new one. The movers may
// still have the old one, so it is dropped when they have ended.
static struct thing **old_tables[4096];

// How many scans came to a result, by the log that the runner asks for; of a planted block, to the right one.
static long scans_done(void)
{
    const char *result = stress_has("plant") ? " lost_blocks=1" : " result=ok ";
    char line[1024];
    long count = 0;
    FILE *f = fopen("scans", "r");
    while (f && fgets(line, sizeof line, f))
        count += strstr(line, result) != NULL;
    if (f)
        fclose(f);
    return count;
}

// Some seconds, longer where scans take longer.
static bool is_over(double begin)
{
    if (stress_has("until"))
        return !access("until", F_OK);
    double least = 2 + (double)scaled(40) / 10;
    return now() > begin + least && (scans_done() >= scaled(4) || now() > begin + 100);
}

static size_t replace_tables(struct dice *d)
{
    size_t n = 0;
    double begin = now();
    for (long round = 1;; round++) {
        if (round % 256 == 0 && is_over(begin))
            return n;
        usleep(1000);
        if (n == ARRAY_SIZE(old_tables))
            continue;
        struct thing *_Atomic *fresh = calloc(SLOTS, sizeof *fresh);
        CHECK(fresh);
        struct thing *_Atomic *gone = atomic_exchange(&tables[roll(d) % TABLES], fresh);
        for (size_t i = 0; i < SLOTS; i++)
            drop(atomic_exchange(&fresh[i], atomic_exchange(&gone[i], NULL)));
        old_tables[n++] = (struct thing **)gone;
    }
}

static void drop_table(struct thing **table)
{
    for (size_t i = 0; i < SLOTS; i++)
        drop(table[i]);
    free(table);
}

int main(int argc, char **argv)
{
    pthread_t t[16];
    struct dice d = dice_of(1);
    stress_begin(argc, argv);
    plant();
    for (int i = 0; i < TABLES; i++)
        atomic_store(&tables[i], calloc(SLOTS, sizeof **tables));
    for (int i = 0; i < LISTS; i++)
        pthread_mutex_init(&lists[i].mutex, NULL);
    int n = 0;
    for (int movers = stress_has("many") ? 12 : 3; n < movers; n++)
        t[n] = start(move, (void *)(intptr_t)n);
    t[n++] = start(relink, (void *)1);
    t[n++] = start(relink, (void *)2);
    t[n++] = start(come_and_go, NULL);
    t[n++] = start(grow, NULL);
    size_t old = replace_tables(&d);
    atomic_store(&stopping, true);
    for (int i = 0; i < n; i++)
        CHECK(!pthread_join(t[i], NULL));
    for (size_t i = 0; i < old; i++)
        drop_table(old_tables[i]);
    for (int i = 0; i < TABLES; i++)
        drop_table((struct thing **)tables[i]);
    for (size_t i = 0; i < ARRAY_SIZE(wide); i++)
        drop(wide[i]);
    for (int i = 0; i < LISTS; i++)
        for (struct thing *p = lists[i].first, *next; p; p = next) {
            next = p->next;
            drop(p);
        }
    return 0;
}
