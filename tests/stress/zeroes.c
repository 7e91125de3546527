// SPDX-License-Identifier: MIT
//
// calloc gives zeroes, on fresh memory and on memory that was dirtied and freed before, by this
// thread, by others and through realloc, in every size class and beyond.

#include "stress.h"

static unsigned char *pool[STRESS_THREADS * 64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned char *swap(size_t place, unsigned char *block)
{
    pthread_mutex_lock(&lock);
    unsigned char *old = pool[place];
    pool[place] = block;
    pthread_mutex_unlock(&lock);
    return old;
}

static bool is_zero(const unsigned char *p, size_t bytes)
{
    return bytes == 0 || (p[0] == 0 && !memcmp(p, p + 1, bytes - 1));
}

static void *body(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    for (long i = 0; i < scaled(15000); i++) {
        size_t bytes = roll_size(&d, roll(&d) % 32 ? 5000 : 300000);
        size_t each = 1 + roll(&d) % 40;
        size_t count = bytes / each;
        unsigned char *p = calloc(count, each);
        CHECK(p);
        CHECK(is_zero(p, count * each));
        memset(p, 0xa5, count * each);
        if (roll(&d) % 4 == 0) {
            p = realloc(p, count * each / 2 + 1);
            CHECK(p);
            memset(p, 0x5a, count * each / 2 + 1);
        }
        free(swap(roll(&d) % ARRAY_SIZE(pool), p));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, body);
    for (size_t i = 0; i < ARRAY_SIZE(pool); i++)
        free(swap(i, NULL));
    return stress_end();
}
