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

enum { FOLLOWED_MOST = 128, STEP_BYTES = 64 << 20 };
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

static bool protect_all(void)
{
    uintptr_t at = space.cage.begin;
    while (at < space_cage_ready())
        if (!maps_written(&at, space_cage_ready(), PAGES_ALL, SIZE_MAX >> 1, NULL, NULL))
            return false;
    return true;
}

bool dirty_begin(const char **ret_why)
{
    struct uffdio_register all = {space.cage.begin, space.cage.end - space.cage.begin, MODE_WP, 0};
    if (!open_uffd()) {
        *ret_why = "no_userfaultfd";
        return false;
    }
    follow(true);
    if (!sys_ioctl(uffd, UFFDIO_REGISTER_IOCTL, &all) && protect_all())
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
