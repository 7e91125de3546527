/* SPDX-License-Identifier: MIT
 *
 * Owns what the kernel tells about the address space: mappings from /proc/self/maps, present pages
 * from the PAGEMAP_SCAN ioctl (Linux 6.7), else from the entries of /proc/self/pagemap (bit 63
 * present, bit 62 swapped; readable without privilege), else nothing. /proc/thread-self, because
 * /proc/self has no memory once the main thread has called pthread_exit.
 *
 * Runs with the world stopped: system calls only, scratch memory. */
#include "maps.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "../preload/fmt.h"
#include "../preload/space.h"
#include "../preload/sys.h"

enum { READ_BYTES = 64 << 10, LINE_LEAST = 40 };

static int pagemap_fd = -1;
static bool has_scan;

/* As in linux/fs.h of 6.7, which the build machine may not have. */
struct page_region {
    uint64_t start, end, categories;
};
struct pm_scan_arg {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define PAGEMAP_SCAN_IOCTL _IOWR('f', 16, struct pm_scan_arg)
enum { PM_SCAN_WP_MATCHING = 1 << 0 };
enum { PAGE_IS_WPALLOWED = 1 << 0, PAGE_IS_WRITTEN = 1 << 1 };
enum { PAGE_IS_FILE = 1 << 2, PAGE_IS_PRESENT = 1 << 3, PAGE_IS_SWAPPED = 1 << 4 };

/* --- Mappings --------------------------------------------------------------------------------- */

/* Reads the whole file into scratch memory; its length, or 0. */
static size_t read_all(const char *path, char **ret)
{
    int fd = sys_open(path, O_RDONLY, 0);
    size_t n = 0;
    char *text = NULL;
    while (fd >= 0) {
        char *more = scratch_alloc(READ_BYTES); /* 64-byte multiples: the pieces are contiguous */
        if (!more)
            break;
        text = text ? text : more;
        ssize_t got = 0;
        size_t filled = 0;
        while (filled < READ_BYTES && (got = sys_read(fd, more + filled, READ_BYTES - filled)) > 0)
            filled += (size_t)got;
        n += filled;
        if (filled < READ_BYTES)
            break;
    }
    if (fd >= 0)
        sys_close(fd);
    *ret = text;
    return n;
}

/* begin-end perms offset device inode   path */
static bool parse_line(const char *line, const char *end, struct map *ret)
{
    const char *dash = memchr(line, '-', (size_t)(end - line));
    const char *blank = dash ? memchr(dash, ' ', (size_t)(end - dash)) : NULL;
    uint64_t from, to;
    if (!blank || end - blank < 6 || !fmt_parse_u64(line, dash, 16, &from) ||
        !fmt_parse_u64(dash + 1, blank, 16, &to))
        return false;
    const char *path = blank + 1; /* behind four more fields */
    const char *inode = path;
    for (int field = 0; field < 4; field++) {
        inode = path;
        while (path < end && *path != ' ')
            path++;
        while (path < end && *path == ' ')
            path++;
    }
    bool is_stack = end - path == 7 && !memcmp(path, "[stack]", 7);
    *ret = (struct map){
        .begin = from,
        .end = to,
        .readable = blank[1] == 'r',
        .writable = blank[2] == 'w',
        .executable = blank[3] == 'x',
        .is_private = blank[4] == 'p',
        .has_file = *inode != '0',
        .is_main_stack = is_stack,
        .is_special = end - path > 3 && !memcmp(path, "[v", 2),
    };
    return true;
}

bool maps_read(struct maps *ret)
{
    char *text;
    size_t bytes = read_all("/proc/thread-self/maps", &text);
    *ret = (struct maps){.map = scratch_alloc((bytes / LINE_LEAST + 1) * sizeof *ret->map)};
    if (!bytes || !ret->map)
        return false;
    for (const char *line = text, *stop = text + bytes; line < stop;) {
        const char *end = memchr(line, '\n', (size_t)(stop - line));
        end = end ? end : stop;
        ret->count += parse_line(line, end, &ret->map[ret->count]);
        line = end + 1;
    }
    return ret->count > 0;
}

const struct map *maps_find(const struct maps *maps, uintptr_t address)
{
    size_t low = 0;
    size_t high = maps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (maps->map[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < maps->count && maps->map[low].begin <= address ? &maps->map[low] : NULL;
}

/* --- Present pages ---------------------------------------------------------------------------- */

static int scan_pages(uintptr_t begin, uintptr_t end, enum pages pages, struct page_region *regions,
                      size_t most, uintptr_t *ret_walked)
{
    uint64_t unwanted = pages == PAGES_OWN ? PAGE_IS_FILE : 0;
    struct pm_scan_arg arg = {
        .size = sizeof arg,
        .start = begin,
        .end = end,
        .vec = (uintptr_t)regions,
        .vec_len = most,
        .category_inverted = unwanted,
        .category_mask = unwanted,
        .category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
        .return_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
    };
    long n = sys_ioctl(pagemap_fd, PAGEMAP_SCAN_IOCTL, &arg);
    *ret_walked = arg.walk_end;
    return (int)n;
}

bool maps_present_open(void)
{
    struct page_region region;
    uintptr_t walked;
    uintptr_t here = (uintptr_t)&region & ~(uintptr_t)(SYS_PAGE - 1);
    pagemap_fd = sys_open("/proc/thread-self/pagemap", O_RDONLY, 0);
    has_scan =
        pagemap_fd >= 0 && scan_pages(here, here + SYS_PAGE, PAGES_OWN, &region, 1, &walked) == 1;
    return pagemap_fd >= 0;
}

bool maps_present_is_open(void)
{
    return pagemap_fd >= 0;
}

void maps_present_close(void)
{
    if (pagemap_fd >= 0)
        sys_close(pagemap_fd);
    pagemap_fd = -1;
}

bool maps_written(uintptr_t *inout_begin, uintptr_t end, enum pages pages, size_t most,
                  void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg)
{
    enum { REGIONS = 128 };
    struct page_region regions[REGIONS];
    struct pm_scan_arg scan = {
        .size = sizeof scan,
        .flags = PM_SCAN_WP_MATCHING,
        .start = *inout_begin,
        .end = end,
        .vec = (uintptr_t)regions,
        .vec_len = REGIONS,
        .max_pages = most,
        .category_mask = PAGE_IS_WRITTEN,
        /* Without it the kernel goes through its tables quickly, about 2 ns a page and not 4. */
        .category_anyof_mask = pages == PAGES_OWN ? PAGE_IS_PRESENT | PAGE_IS_SWAPPED : 0,
        .return_mask = PAGE_IS_WRITTEN,
    };
    long n = sys_ioctl(pagemap_fd, PAGEMAP_SCAN_IOCTL, &scan);
    if (n < 0)
        return false;
    for (long i = 0; i < n && visit; i++)
        visit(regions[i].start, regions[i].end, arg);
    *inout_begin = scan.walk_end > *inout_begin ? scan.walk_end : end;
    return true;
}

bool maps_has_unprotectable(uintptr_t begin, uintptr_t end)
{
    struct page_region region;
    struct pm_scan_arg scan = {
        .size = sizeof scan,
        .start = begin,
        .end = end,
        .vec = (uintptr_t)&region,
        .vec_len = 1,
        .max_pages = 1,
        .category_inverted = PAGE_IS_WPALLOWED,
        .category_mask = PAGE_IS_WPALLOWED, /* of mappings: of the others no page is looked at */
        .category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
        .return_mask = PAGE_IS_WPALLOWED | PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
    };
    return sys_ioctl(pagemap_fd, PAGEMAP_SCAN_IOCTL, &scan) != 0;
}

/* Pages hold more than was asked for at both ends. */
struct walk {
    uintptr_t begin, end;
    enum pages pages;
    void (*visit)(uintptr_t begin, uintptr_t end, void *arg);
    void *arg;
};

static void visit_clipped(const struct walk *w, uintptr_t begin, uintptr_t end)
{
    begin = begin > w->begin ? begin : w->begin;
    end = end < w->end ? end : w->end;
    if (begin < end)
        w->visit(begin, end, w->arg);
}

static bool present_by_scan(uintptr_t begin, uintptr_t end, const struct walk *w)
{
    struct page_region regions[64];
    while (begin < end) {
        uintptr_t walked = end;
        int n = scan_pages(begin, end, w->pages, regions, 64, &walked);
        if (n < 0)
            return false;
        for (int i = 0; i < n; i++)
            visit_clipped(w, regions[i].start, regions[i].end);
        begin = walked > begin ? walked : end;
    }
    return true;
}

static bool present_by_entries(uintptr_t begin, uintptr_t end, const struct walk *w)
{
    uint64_t entries[512];
    uintptr_t run = 0;
    while (begin < end) {
        size_t pages = (end - begin) / SYS_PAGE;
        size_t want = (pages < 512 ? pages : 512) * 8;
        ssize_t got = sys_pread(pagemap_fd, entries, want, (off_t)(begin / SYS_PAGE * 8));
        if (got < 8)
            return false;
        for (size_t i = 0; i < (size_t)got / 8; i++, begin += SYS_PAGE) {
            bool present = entries[i] >> 62;
            if (w->pages == PAGES_OWN && entries[i] >> 61 & 1)
                present = false;
            if (present && !run)
                run = begin;
            if (!present && run) {
                visit_clipped(w, run, begin);
                run = 0;
            }
        }
    }
    if (run)
        visit_clipped(w, run, end);
    return true;
}

void maps_present(uintptr_t begin, uintptr_t end, enum pages pages,
                  void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg)
{
    struct walk w = {begin, end, pages, visit, arg};
    begin &= ~(uintptr_t)(SYS_PAGE - 1);
    end = (end + SYS_PAGE - 1) & ~(uintptr_t)(SYS_PAGE - 1);
    if (has_scan && present_by_scan(begin, end, &w))
        return;
    if (pagemap_fd >= 0 && present_by_entries(begin, end, &w))
        return;
    visit_clipped(&w, begin, end);
}
