// SPDX-License-Identifier: MIT
//
// leakgc_counters: what is alive, and what the last scan found. An older program knows less of it, a newer one
// more.
//
// EXPECT: definite 100 1
// EXPECT: definite 100 1

#include "apitest.h"

static NOINLINE void lose(void)
{
    use(malloc(100));
}

int main(void)
{
    enum { BLOCKS = 1000, BYTES = 200 };
    static void *block[BLOCKS];
    struct leakgc_counters before, now;
    struct {
        struct leakgc_counters known;
        long more;
    } larger = {.more = 1};
    if (!WITH) {
        lose();
        return 0;
    }
    CHECK(leakgc_counters(&before, sizeof before) == sizeof before);
    CHECK(before.scans == 0 && before.lost_blocks == 0 && before.longest_stop_ns == 0);
    for (size_t i = 0; i < BLOCKS; i++)
        block[i] = malloc(BYTES);
    lose();
    clobber();
    CHECK(leakgc_counters(&now, sizeof now) == sizeof now);
    CHECK(now.live_blocks == before.live_blocks + BLOCKS + 1);
    CHECK(now.live_bytes >= before.live_bytes + BLOCKS * BYTES + 100);
    CHECK(now.live_bytes <= before.live_bytes + 2 * (BLOCKS * BYTES + 100));
    CHECK(leakgc_scan() == 1);
    for (size_t i = 0; i < BLOCKS; i++)
        free(block[i]);
    CHECK(leakgc_counters(&larger.known, sizeof larger) == sizeof now && larger.more == 0);
    CHECK(larger.known.live_blocks == before.live_blocks + 1);
    CHECK(larger.known.scans == 1 && larger.known.lost_blocks == 1);
    CHECK(larger.known.lost_bytes == 100);
    CHECK(larger.known.longest_stop_ns > 0);
    CHECK(larger.known.longest_stop_ns == larger.known.last_stop_ns);
    now.live_bytes = 4711;
    CHECK(leakgc_counters(&now, sizeof now.live_blocks) == sizeof now.live_blocks);
    CHECK(now.live_bytes == 4711 && now.live_blocks == before.live_blocks + 1);
    return 0;
}
