/* SPDX-License-Identifier: MIT
 *
 * Owns the dirty bits: write protection by userfaultfd that the kernel itself takes away at the first
 * write (UFFD_FEATURE_WP_ASYNC, Linux 6.7), and PAGEMAP_SCAN, which tells where that happened and
 * protects again. Writes by the kernel, such as read(2), count too. No handler is involved: if we are
 * gone, the program runs on.
 *
 * The protection is of mappings. One that is made anew over a part of the cage is not followed: so while
 * writes are followed the allocator moves no pages (cage_is_followed).
 *
 * Runs in the thread of our own, whose table of descriptors holds the userfaultfd: the program does
 * not see it. */
#include "dirty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "../preload/arch.h"
#include "../preload/cage.h"
#include "../preload/lock.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "crew.h"
#include "maps.h"

/* As in linux/userfaultfd.h of 6.7, which the build machine may not have. */
enum { USER_MODE_ONLY = 1, API = 0xaa, MODE_WP = 2 };
enum { FEATURE_WP = 1 << 0, FEATURE_WP_UNPOPULATED = 1 << 13, FEATURE_WP_ASYNC = 1 << 15 };
struct uffdio_api {
    uint64_t api, features, ioctls;
};
struct uffdio_register {
    uint64_t start, bytes, mode, ioctls;
};
#define UFFDIO_API_IOCTL _IOWR(0xaa, 0x3f, struct uffdio_api)
#define UFFDIO_REGISTER_IOCTL _IOWR(0xaa, 0x00, struct uffdio_register)

struct uffdio_range {
    uint64_t start, bytes;
};
#define UFFDIO_UNREGISTER_IOCTL _IOR(0xaa, 0x01, struct uffdio_range)

struct uffdio_writeprotect {
    uint64_t start, bytes, mode;
};
#define UFFDIO_WRITEPROTECT_IOCTL _IOWR(0xaa, 0x06, struct uffdio_writeprotect)

enum { FOLLOWED_MOST = 128, STEP_BYTES = 64 << 20 };
enum { PIECE_BYTES = 32 << 20, PIECES_SPARE = 64, WRITTEN_MOST = 64 }; /* of dirty_take_all */
static struct dirty_range followed[FOLLOWED_MOST];
static size_t followed_count;

static int uffd = -1;

static bool open_uffd(void)
{
    struct uffdio_api api = {API, FEATURE_WP | FEATURE_WP_UNPOPULATED | FEATURE_WP_ASYNC, 0};
    if (uffd >= 0)
        return true;
    long fd = arch_syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY, 0, 0, 0, 0, 0);
    if (fd < 0)
        return false;
    uffd = (int)fd;
    if (!sys_ioctl(uffd, UFFDIO_API_IOCTL, &api))
        return true;
    dirty_close();
    return false;
}

static void follow(bool yes)
{
    lock_take(LOCK_CAGE);
    cage_is_followed = yes;
    lock_release(LOCK_CAGE);
}

/* Before 6.13 Linux takes pages that were moved for protected, though what is written to them there is not
 * noted: so all of them count as written, once. */
static bool take_in_moved(void)
{
    bool all = true;
    for (size_t slice = 1; slice < cage_top(); slice++) {
        struct slab *s = slab_at(slice);
        if (s->kind != SLAB_LARGE || s->moved != MOVED)
            continue;
        lock_take(LOCK_CAGE);
        if (s->kind == SLAB_LARGE && s->moved == MOVED) {
            struct uffdio_writeprotect none = {s->base, (uint64_t)s->slices << SLICE_SHIFT, 0};
            all &= !sys_ioctl(uffd, UFFDIO_WRITEPROTECT_IOCTL, &none);
            s->moved = MOVED_AND_FOLLOWED;
        }
        lock_release(LOCK_CAGE);
    }
    return all;
}

static bool protect_all(void)
{
    uintptr_t at = space.cage.begin;
    while (at < space_cage_ready())
        if (!maps_written(&at, space_cage_ready(), PAGES_ALL, SIZE_MAX >> 1, NULL, NULL))
            return false;
    return true;
}

bool dirty_begin(bool again, const char **ret_why)
{
    struct uffdio_register all = {space.cage.begin, space.cage.end - space.cage.begin, MODE_WP, 0};
    if (!open_uffd()) {
        *ret_why = "no_userfaultfd";
        return false;
    }
    follow(true);
    if (!sys_ioctl(uffd, UFFDIO_REGISTER_IOCTL, &all) && take_in_moved() &&
        (again || protect_all()))
        return true;
    follow(false);
    *ret_why = "no_write_protection";
    return false;
}

bool dirty_take(uintptr_t *inout_at, size_t most,
                void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg)
{
    uintptr_t end = space_cage_ready();
    *inout_at = *inout_at ? *inout_at : space.cage.begin;
    uintptr_t step = end - *inout_at < STEP_BYTES ? end : *inout_at + STEP_BYTES;
    if (!maps_written(inout_at, step, PAGES_ALL, most, visit, arg))
        return false;
    *inout_at = *inout_at < end ? *inout_at : 0;
    return true;
}

static bool take_all(const struct dirty_range *r, void (*visit)(uintptr_t, uintptr_t, void *),
                     void *arg)
{
    for (uintptr_t at = r->begin; at < r->end;)
        if (!maps_written(&at, r->end, PAGES_OWN, SIZE_MAX >> 1, visit, arg))
            return false;
    return true;
}

bool dirty_follow(uintptr_t begin, uintptr_t end)
{
    struct uffdio_register range = {begin, end - begin, MODE_WP, 0};
    struct dirty_range r = {begin, end};
    if (followed_count == FOLLOWED_MOST || sys_ioctl(uffd, UFFDIO_REGISTER_IOCTL, &range) ||
        !take_all(&r, NULL, NULL))
        return false;
    followed[followed_count++] = r;
    return true;
}

bool dirty_followed(size_t i, struct dirty_range *ret, bool *ret_whole)
{
    if (i >= followed_count)
        return false;
    *ret = followed[i];
    *ret_whole = !maps_has_unprotectable(ret->begin, ret->end);
    return true;
}

bool dirty_take_followed(size_t i, void (*visit)(uintptr_t, uintptr_t, void *), void *arg)
{
    return take_all(&followed[i], visit, arg);
}

/* --- All at once ------------------------------------------------------------------------------ */

/* What one thread asks the kernel about, and what it heard. */
struct piece {
    uintptr_t begin, end; /* not asked about yet */
    enum pages pages;
    bool failed;
    size_t count;
    struct dirty_range written[WRITTEN_MOST];
};

struct dirty_plan {
    size_t count, most;
    uint64_t until;
    struct piece piece[];
};

static size_t pieces_for(uintptr_t begin, uintptr_t end)
{
    return (end - begin) / PIECE_BYTES + 1;
}

/* The cage may grow until the program stops. */
struct dirty_plan *dirty_plan(void)
{
    size_t most = pieces_for(space.cage.begin, space_cage_ready()) + PIECES_SPARE;
    for (size_t i = 0; i < followed_count; i++)
        most += pieces_for(followed[i].begin, followed[i].end);
    struct dirty_plan *p = scratch_alloc(sizeof *p + most * sizeof *p->piece);
    if (p)
        p->most = most;
    return p;
}

/* False: there is no room for all of it. */
static bool plan_range(struct dirty_plan *p, uintptr_t begin, uintptr_t end, enum pages pages)
{
    while (begin < end && p->count < p->most) {
        struct piece *piece = &p->piece[p->count++];
        piece->begin = begin;
        piece->end = begin = end - begin <= PIECE_BYTES ? end : begin + PIECE_BYTES;
        piece->pages = pages;
        piece->failed = false;
        piece->count = 0;
    }
    return begin >= end;
}

static void put(uintptr_t begin, uintptr_t end, void *arg)
{
    struct piece *p = arg;
    p->written[p->count++] = (struct dirty_range){begin, end};
}

static void ask(uint32_t part, void *arg)
{
    struct dirty_plan *plan = arg;
    struct piece *p = &plan->piece[part];
    if (sys_now() < plan->until)
        p->failed = !maps_written(&p->begin, p->end, p->pages, WRITTEN_MOST, put, p);
}

bool dirty_take_all(struct dirty_plan *plan, uint64_t until,
                    void (*in_cage)(uintptr_t begin, uintptr_t end, void *arg),
                    void (*outside)(uintptr_t begin, uintptr_t end, void *arg), void *arg,
                    bool *ret_all)
{
    bool done = true;
    plan->count = 0;
    plan->until = until;
    *ret_all = plan_range(plan, space.cage.begin, space_cage_ready(), PAGES_ALL);
    for (size_t i = 0; i < followed_count; i++)
        *ret_all &= plan_range(plan, followed[i].begin, followed[i].end, PAGES_OWN);
    crew_run(ask, plan, (uint32_t)plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        struct piece *p = &plan->piece[i];
        void (*visit)(uintptr_t, uintptr_t, void *) = p->pages == PAGES_ALL ? in_cage : outside;
        for (size_t k = 0; k < p->count; k++)
            visit(p->written[k].begin, p->written[k].end, arg);
        while (p->begin < p->end && !p->failed && sys_now() < until)
            p->failed = !maps_written(&p->begin, p->end, p->pages, WRITTEN_MOST, visit, arg);
        done &= !p->failed;
        *ret_all &= p->begin >= p->end;
    }
    return done;
}

void dirty_end(void)
{
    for (size_t i = 0; i < followed_count; i++) {
        struct uffdio_range range = {followed[i].begin, followed[i].end - followed[i].begin};
        sys_ioctl(uffd, UFFDIO_UNREGISTER_IOCTL, &range);
    }
    followed_count = 0;
    follow(false);
}

void dirty_close(void)
{
    if (uffd >= 0)
        sys_close(uffd);
    uffd = -1;
}

void dirty_after_fork(void)
{
    uffd = -1;
    followed_count = 0;
    cage_is_followed = false;
}
