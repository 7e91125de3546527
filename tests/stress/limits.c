// SPDX-License-Identifier: MIT
//
// A limit on memory that is set while the program runs: malloc answers NULL with ENOMEM once it is
// reached, and the program goes on when it has freed something.
//
// ARGS: as | data

#include "stress.h"

#include <sys/resource.h>

enum { BLOCK = 1 << 20, ROOM = 64 << 20, MOST = 1000 };

static void *block[MOST];

static void *body(void *unused)
{
    free(malloc(1000));
    return unused;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    bool data = stress_has("data");
    size_t in_use = status_bytes(data ? "VmData:" : "VmSize:");
    int resource = data ? RLIMIT_DATA : RLIMIT_AS;
    struct rlimit old, limit;
    CHECK(!getrlimit(resource, &old));
    limit = (struct rlimit){in_use + ROOM, old.rlim_max};
    CHECK(!setrlimit(resource, &limit));
    size_t n = 0;
    while (n < MOST && (errno = 0, block[n] = malloc(BLOCK)) != NULL)
        n++;
    CHECK(errno == ENOMEM);
    CHECK(n >= 8 && n <= 2 * ROOM / BLOCK);
    CHECK(!realloc(block[0], (size_t)200 << 20) && errno == ENOMEM);
    CHECK(!calloc(200, 1 << 20) && errno == ENOMEM);
    memset(block[0], 1, BLOCK);
    while (n-- > 0)
        free(block[n]);
    memset(block, 0, sizeof block);
    for (int i = 0; i < 1000; i++) {
        void *p = malloc((size_t)i * 50);
        CHECK(p);
        free(p);
    }
    CHECK(!setrlimit(resource, &old));
    run_threads(1, body);
    return stress_end();
}
