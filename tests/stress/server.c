// SPDX-License-Identifier: MIT
//
// A server that runs for long: tables of blocks whose sizes drift from phase to phase, most of them
// short-lived, some old; with several threads a quarter of all blocks is freed by another one. After
// each phase the resident set is compared with what lives. The word `print` prints the ratios, so
// that the program can be run under any allocator: `server 400 4 print`.
//
// ARGS: 1 | 4

#include "stress.h"

enum { PHASES = 12, SLOTS = 60000, THREADS_MOST = 8, WORST = 8, MEAN = 4 };

struct entry {
    char *block;
    size_t bytes;
};

static struct entry *table[THREADS_MOST];
static pthread_mutex_t lock[THREADS_MOST];
static pthread_barrier_t barrier;
static int threads;
static size_t live;
static double sum, worst;

static size_t bytes_in(int phase, struct dice *d)
{
    size_t least = 16 + (size_t)(phase * 5 % PHASES) * 48;
    if (roll(d) % 3000 == 0)
        return 100000 + roll(d) % 400000;
    if (roll(d) % 50 == 0)
        return 2000 + roll(d) % 30000;
    return least + roll(d) % (least * 2);
}

// One entry is replaced, or emptied: every third phase empties half of what it meets.
static void serve(int own, int phase, struct dice *d)
{
    int at = roll(d) % 4 ? own : (int)(roll(d) % (unsigned)threads);
    size_t slot = roll(d) % (roll(d) % 10 < 7 ? SLOTS / 8 : SLOTS);
    size_t bytes = roll(d) % (phase % 3 == 2 ? 2 : 9) ? bytes_in(phase, d) : 0;
    struct entry new = {bytes ? malloc(bytes) : NULL, bytes};
    fill(new.block, bytes, (unsigned char)slot);
    CHECK(!pthread_mutex_lock(&lock[at]));
    struct entry old = table[at][slot];
    table[at][slot] = new;
    CHECK(!pthread_mutex_unlock(&lock[at]));
    verify(old.block, old.bytes, (unsigned char)slot);
    free(old.block);
    __atomic_add_fetch(&live, bytes - old.bytes, __ATOMIC_RELAXED);
}

static void compare(int phase)
{
    double ratio = (double)status_bytes("VmRSS:") / (double)live;
    sum += phase ? ratio : 0;
    worst = phase && ratio > worst ? ratio : worst;
    if (stress_has("print"))
        printf("phase %2d: %5.1f MiB live, RSS/live %.2f\n", phase, (double)live / (1 << 20),
               ratio);
}

static void *body(void *number)
{
    int own = (int)(intptr_t)number;
    struct dice d = dice_of((uint64_t)own);
    for (int phase = 0; phase < PHASES; phase++) {
        for (long i = 0; i < scaled(150000); i++)
            serve(own, phase, &d);
        pthread_barrier_wait(&barrier);
        if (own == 0)
            compare(phase);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    threads = stress_has("4") ? 4 : 1;
    CHECK(!pthread_barrier_init(&barrier, NULL, (unsigned)threads));
    for (int i = 0; i < threads; i++) {
        CHECK((table[i] = calloc(SLOTS, sizeof *table[i])) != NULL);
        CHECK(!pthread_mutex_init(&lock[i], NULL));
    }
    run_threads(threads, body);
    if (stress_has("print"))
        printf("RSS/live: mean %.2f, worst %.2f\n", sum / (PHASES - 1), worst);
    CHECK(worst < WORST && sum / (PHASES - 1) < MEAN);
    for (int i = 0; i < threads; i++) {
        for (int slot = 0; slot < SLOTS; slot++)
            free(table[i][slot].block);
        free(table[i]);
        table[i] = NULL;
    }
    return stress_end();
}
