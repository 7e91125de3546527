// SPDX-License-Identifier: MIT
//
// Random sequences of the whole malloc family from a seed, by four threads that hand blocks to each
// other, against a model: contents, alignment, malloc_usable_size equal to what was asked, zeroes
// from calloc, errno untouched on success and ENOMEM on failure.
//
//   api SEED SECONDS       ends with status 0 and prints the operations done; 99: a fault, with its place

#include "../stress/stress.h"

#include <malloc.h>
#include <stdatomic.h>

enum { THREADS = 4, PLACES = 400, SHARED = 64 };

void free_sized(void *p, size_t bytes) __attribute__((weak));
void free_aligned_sized(void *p, size_t align, size_t bytes) __attribute__((weak));

struct model {
    unsigned char *block;
    size_t bytes, align;
    unsigned char mark;
};

static struct {
    pthread_mutex_t lock;
    struct model model[SHARED];
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint64_t seed;
static double end;
static atomic_ulong done;

static size_t pick_size(struct dice *d)
{
    static const size_t edges[] = {0,     1,     15,    16,    17,    127,    128,    129,
                                   1023,  1024,  4095,  4096,  4097,  28672,  28673,  32767,
                                   32768, 32769, 65535, 65536, 65537, 131072, 1 << 20};
    switch (roll(d) % 8) {
    case 0:
        return edges[roll(d) % ARRAY_SIZE(edges)];
    case 1:
        return roll_size(d, 2 << 20);
    default:
        return roll(d) % 700;
    }
}

static void put_pattern(struct model *m, struct dice *d)
{
    m->mark = (unsigned char)roll(d);
    fill(m->block, m->bytes, m->mark);
}

static void check_block(const struct model *m)
{
    CHECK(((uintptr_t)m->block & (m->align - 1)) == 0);
    CHECK(malloc_usable_size(m->block) == m->bytes);
    verify(m->block, m->bytes, m->mark);
}

static void check_zero(const struct model *m)
{
    for (size_t i = 0; i < m->bytes; i += i < 256 ? 1 : 61)
        CHECK(m->block[i] == 0);
}

static void fail_once(struct dice *d)
{
    volatile size_t huge = SIZE_MAX / 2 + 1 + roll(d) % (SIZE_MAX / 2);
    errno = 0;
    switch (roll(d) % 6) {
    case 0:
        CHECK(!malloc(huge));
        break;
    case 1:
        CHECK(!calloc(huge / 16 + 1, 64));
        break;
    case 2:
        CHECK(!realloc(NULL, huge));
        break;
    case 3:
        CHECK(!reallocarray(NULL, huge, 3));
        break;
    case 4:
        CHECK(!memalign((size_t)1 << roll(d) % 64, huge));
        break;
    case 5:
        CHECK(!pvalloc(SIZE_MAX - roll(d) % 4096));
        break;
    }
    CHECK(errno == ENOMEM);
}

static void make(struct model *m, struct dice *d)
{
    size_t n = pick_size(d);
    void *p = NULL;
    int saved = errno = 1000 + (int)(roll(d) % 100);
    *m = (struct model){.bytes = n, .align = 16};
    switch (roll(d) % 10) {
    case 0:
    case 1:
    case 2:
        p = malloc(n);
        break;
    case 3:
    case 4: {
        size_t each = 1 + roll(d) % 50;
        p = calloc(n / each, each);
        m->bytes = n / each * each;
        break;
    }
    case 5:
        p = realloc(NULL, n);
        break;
    case 6:
        m->align = (size_t)1 << roll(d) % 17;
        p = memalign(m->align, n);
        break;
    case 7:
        m->align = (size_t)8 << roll(d) % 14;
        CHECK(!posix_memalign(&p, m->align, n));
        break;
    case 8:
        m->align = (size_t)1 << roll(d) % 13;
        p = aligned_alloc(m->align, n);
        break;
    case 9:
        m->align = 4096;
        p = roll(d) & 1 ? valloc(n) : pvalloc(n);
        m->bytes = malloc_usable_size(p);
        CHECK(m->bytes == n || m->bytes == (n + 4095) / 4096 * 4096);
        break;
    }
    m->block = p;
    CHECK(p && errno == saved);
    CHECK(malloc_usable_size(p) == m->bytes);
}

static void make_zeroed(struct model *m, struct dice *d)
{
    size_t n = pick_size(d);
    *m = (struct model){.block = calloc(1, n), .bytes = n, .align = 16};
    CHECK(m->block);
    check_zero(m);
}

static void resize(struct model *m, struct dice *d)
{
    size_t n = roll(d) % 3 ? pick_size(d) : m->bytes + roll(d) % 100;
    size_t kept = n < m->bytes ? n : m->bytes;
    if (n == 0)
        n = 1;
    unsigned char *p = roll(d) & 1 ? realloc(m->block, n) : reallocarray(m->block, n, 1);
    CHECK(p);
    for (size_t i = 0; i + 1 < kept; i += 64)
        CHECK(p[i] == (unsigned char)(m->mark + i / 64));
    *m = (struct model){.block = p, .bytes = n, .align = 16};
}

static void drop(struct model *m, struct dice *d)
{
    errno = 77;
    switch (roll(d) % 8) {
    case 0:
        if (free_sized) {
            free_sized(m->block, m->bytes);
            break;
        } /* fallthrough */
    case 1:
        if (free_aligned_sized) {
            free_aligned_sized(m->block, m->align, m->bytes);
            break;
        } /* fallthrough */
    case 2:
        CHECK(!realloc(m->block, 0));
        break;
    default:
        free(m->block);
    }
    CHECK(errno == 77);
    *m = (struct model){0};
}

static void swap_with_others(struct model *m, struct dice *d)
{
    struct model *other = &shared.model[roll(d) % SHARED];
    pthread_mutex_lock(&shared.lock);
    struct model mine = *m;
    *m = *other;
    *other = mine;
    pthread_mutex_unlock(&shared.lock);
}

static void *body(void *number)
{
    static __thread struct model models[PLACES];
    struct dice d = dice_of(seed * THREADS + (uint64_t)(intptr_t)number);
    unsigned long n = 0;
    for (; n % 256 || now() < end; n++) {
        struct model *m = &models[roll(&d) % PLACES];
        unsigned what = (unsigned)(roll(&d) % 16);
        if (what == 0)
            fail_once(&d);
        else if (what < 4)
            swap_with_others(m, &d);
        else if (m->block) {
            check_block(m);
            if (what < 8) {
                resize(m, &d);
                put_pattern(m, &d);
            } else {
                drop(m, &d);
            }
        } else {
            (what < 8 ? make_zeroed : make)(m, &d);
            put_pattern(m, &d);
        }
    }
    for (int i = 0; i < PLACES; i++)
        if (models[i].block) {
            check_block(&models[i]);
            drop(&models[i], &d);
        }
    atomic_fetch_add(&done, n);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    seed = strtoull(argv[1], NULL, 10);
    end = now() + atof(argv[2]);
    run_threads(THREADS, body);
    for (int i = 0; i < SHARED; i++)
        free(shared.model[i].block);
    memset(shared.model, 0, sizeof shared.model);
    printf("%lu\n", atomic_load(&done));
    return 0;
}
