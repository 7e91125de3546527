/* SPDX-License-Identifier: MIT
 *
 * Owns the one reservation (space.h).
 *
 * The idea: terabytes of address space without access cost nothing but the number; pages become
 * accessible from the front of each part, in steps that grow with it, so each part is two mappings
 * for ever and a system call is rare. Where RLIMIT_AS or the kernel refuses the full size, halves
 * are tried; the verbose log says what was got.
 *
 * Invariants: 1. begin <= ready <= end for each part, ready only grows. 2. parts do not overlap.
 * Runs in malloc; takes no lock (callers do). What a part holds, others own. */
#include "space.h"

#include <errno.h>
#include <sys/resource.h>

#include "fmt.h"
#include "log.h"
#include "meta.h"
#include "sys.h"

bool space_has_guards;
uint32_t space_kept_since;
struct space space;

static const size_t CAGE_MOST = (size_t)4 << 40;
static const size_t CAGE_LEAST = (size_t)2 << 20;
static const size_t HUGE_BYTES = (size_t)2 << 20; /* the cage begins at a multiple of it */
static const size_t STEP_LEAST = (size_t)256 << 10;
static const size_t STEP_MOST = (size_t)64 << 20;

static uintptr_t scratch_next;
static rlim_t limit_at_start = RLIM_INFINITY;

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) & ~(to - 1);
}

/* Sizes that serve any program that fills the cage: a record is 8 bytes for a slot of 16 or more
 * (half a cage at the very worst), a slice has an owner word and a descriptor. */
static size_t meta_bytes(size_t cage)
{
    return cage / 2 + ((size_t)1 << 20);
}
static size_t page_bytes(size_t cage)
{
    return round_up(meta_bytes(cage) / SYS_PAGE * 2 + 2, SLICE_BYTES);
}
static size_t trace_bytes(size_t cage)
{
    size_t most = (size_t)8 << 30; /* 2^29 frames of 16 bytes */
    return cage / 4 < most ? cage / 4 : most;
}
static size_t scratch_bytes(size_t cage)
{
    return cage / 4;
}
/* Two bits for each slot, two for each page, a word for each slice. */
static size_t kept_bytes(size_t cage)
{
    return round_up(cage / 32, SLICE_BYTES);
}
static size_t resized_bytes(size_t cage)
{
    return round_up((cage / SLICE_BYTES << SPACE_SLOT_SHIFT) / 8, SLICE_BYTES);
}
static size_t owner_bytes(size_t cage)
{
    return round_up(cage / SLICE_BYTES * 4, SLICE_BYTES);
}
static size_t slab_bytes(size_t cage)
{
    return round_up(cage / SLICE_BYTES * 128, SLICE_BYTES);
}
static size_t total_bytes(size_t cage)
{
    return meta_bytes(cage) + page_bytes(cage) + trace_bytes(cage) + scratch_bytes(cage) +
           kept_bytes(cage) + resized_bytes(cage) + owner_bytes(cage) + slab_bytes(cage) + cage +
           HUGE_BYTES;
}

static void cut(struct space_part *part, uintptr_t *at, size_t bytes)
{
    part->begin = part->ready = *at;
    part->end = *at += bytes;
}

/* Bytes of address space that the process uses now, or 0. */
static size_t used_now(void)
{
    char text[64];
    int fd = sys_open("/proc/self/statm", 0, 0);
    ssize_t n = fd < 0 ? -1 : sys_read(fd, text, sizeof text);
    if (fd >= 0)
        sys_close(fd);
    uint64_t pages = 0;
    for (ssize_t i = 0; i < n; i++)
        if (text[i] == ' ') {
            fmt_parse_u64(text, text + i, 10, &pages);
            break;
        }
    return pages * SYS_PAGE;
}

/* With a limit on address space, the program's own mappings must fit beside us: two thirds of what
 * is left are ours, since its heap is ours to serve. */
static size_t cage_under_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return CAGE_MOST;
    size_t used = used_now();
    size_t ours = limit.rlim_cur > used ? (limit.rlim_cur - used) / 3 * 2 : 0;
    size_t cage = CAGE_MOST;
    while (cage > CAGE_LEAST && total_bytes(cage) > ours)
        cage -= round_up(cage / 8, SLICE_BYTES);
    return cage & ~(size_t)(SLICE_BYTES - 1);
}

static size_t ready_bytes(void)
{
    size_t bytes = 0;
    for (const struct space_part *p = &space.meta; p <= &space.cage; p++)
        bytes += p->ready - p->begin;
    return bytes;
}

/* A limit on address space that the program sets while it runs is meant for what it uses, and our
 * reservation, hardly used, counts as address space. A limit above the reservation was reckoned from
 * what the kernel shows: what we make ready from then on counts against it. A limit below was not:
 * against that counts what is ready, in place of the reservation. */
static bool is_within_limit(size_t more)
{
    static rlim_t known;
    static size_t ready_then;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur == limit_at_start)
        return true; /* the reservation was made to fit */
    size_t reserved = space.cage.end - space.meta.begin;
    size_t ready = ready_bytes();
    if (limit.rlim_cur != known) {
        known = limit.rlim_cur;
        ready_then = ready;
    }
    size_t counted =
        limit.rlim_cur > reserved ? used_now() + ready - ready_then : used_now() - reserved + ready;
    return counted + more <= limit.rlim_cur;
}

int space_init(void)
{
    struct rlimit limit;
    limit_at_start = getrlimit(RLIMIT_AS, &limit) ? RLIM_INFINITY : limit.rlim_cur;
    size_t cage = cage_under_limit();
    void *base = NULL;
    for (; cage >= CAGE_LEAST && !(base = sys_reserve(total_bytes(cage))); cage /= 2)
        ;
    if (!base)
        return -ENOMEM;
    cage &= ~(size_t)(SLICE_BYTES - 1);
    uintptr_t at = round_up((uintptr_t)base, SLICE_BYTES);
    cut(&space.meta, &at, round_up(meta_bytes(cage), SLICE_BYTES));
    cut(&space.pages, &at, page_bytes(cage));
    cut(&space.traces, &at, round_up(trace_bytes(cage), SLICE_BYTES) - SLICE_BYTES);
    cut(&space.scratch, &at, round_up(scratch_bytes(cage), SLICE_BYTES) - SLICE_BYTES);
    cut(&space.kept, &at, kept_bytes(cage));
    cut(&space.resized, &at, resized_bytes(cage));
    cut(&space.owners, &at, owner_bytes(cage));
    cut(&space.slabs, &at, slab_bytes(cage));
    at = round_up(at, HUGE_BYTES);
    cut(&space.cage, &at, cage);
    scratch_next = space.scratch.begin;
    return 0;
}

bool space_grow(struct space_part *part, uintptr_t upto)
{
    if (upto <= part->ready)
        return true;
    if (upto > part->end)
        return false;
    size_t used = part->ready - part->begin;
    size_t step = used / 8;
    step = step < STEP_LEAST ? STEP_LEAST : step > STEP_MOST ? STEP_MOST : step;
    uintptr_t exact = round_up(upto, SYS_PAGE);
    uintptr_t roomy = round_up(part->ready + step, SYS_PAGE);
    roomy = roomy < exact ? exact : roomy > part->end ? part->end : roomy;
    if (!is_within_limit(exact - part->ready))
        return false;
    while (sys_allow((void *)part->ready, roomy - part->ready)) {
        if (roomy == exact)
            return false;
        roomy = exact;
    }
    __atomic_store_n(&part->ready, roomy, __ATOMIC_RELEASE);
    return true;
}

bool space_is_ours(uintptr_t address)
{
    return address >= space.meta.begin && address < space.cage.begin;
}

void *scratch_alloc(size_t bytes)
{
    uintptr_t at = round_up(scratch_next, 64);
    if (bytes > space.scratch.end - at || !space_grow(&space.scratch, at + bytes))
        return NULL;
    scratch_next = at + bytes;
    return (void *)at;
}

void scratch_reset(void)
{
    if (scratch_next > space.scratch.begin)
        sys_clear((void *)space.scratch.begin,
                  round_up(scratch_next, SYS_PAGE) - space.scratch.begin);
    scratch_next = space.scratch.begin;
}
