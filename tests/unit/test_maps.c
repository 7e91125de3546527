/* SPDX-License-Identifier: MIT
 *
 * maps.h: known mappings are found with their attributes, pages that were touched are present and
 * no others, by each of the kernel's three ways. */
#include "../../scanner/maps.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../preload/space.h"
#include "unit.h"

enum { PAGE = 4096 };

static void *map(size_t bytes, int prot, int flags)
{
    void *p = mmap(NULL, bytes, prot, flags | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(p, MAP_FAILED);
    return p;
}

static const struct map *find(const struct maps *maps, const void *p)
{
    return maps_find(maps, (uintptr_t)p);
}

START_TEST(attributes)
{
    char *rw = map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    char *ro = map(PAGE, PROT_READ, MAP_PRIVATE);
    char *none = map(PAGE, PROT_NONE, MAP_PRIVATE);
    char *shared = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    struct maps maps;
    int local;
    ck_assert(maps_read(&maps));
    const struct map *m = find(&maps, rw);
    ck_assert(m && m->readable && m->writable && m->is_private && !m->is_main_stack);
    m = find(&maps, ro);
    ck_assert(m && m->readable && !m->writable && m->is_private);
    m = find(&maps, none);
    ck_assert(m && !m->readable && !m->writable && m->is_private);
    m = find(&maps, shared);
    ck_assert(m && m->readable && m->writable && !m->is_private);
    m = find(&maps, &local);
    ck_assert(m && m->is_main_stack && m->readable && m->writable && !m->is_special);
    m = find(&maps, (void *)(uintptr_t)maps_read);
    ck_assert(m && m->readable && !m->writable && !m->is_special);
}
END_TEST

START_TEST(same_as_the_kernel_s_list)
{
    struct maps maps;
    char line[8192];
    size_t found = 0, stacks = 0, specials = 0;
    ck_assert(maps_read(&maps));
    for (size_t i = 0; i < maps.count; i++) {
        REQUIRE(maps.map[i].begin < maps.map[i].end);
        REQUIRE(i == 0 || maps.map[i - 1].end <= maps.map[i].begin);
        stacks += maps.map[i].is_main_stack;
        specials += maps.map[i].is_special;
    }
    ck_assert_uint_eq(stacks, 1);
    ck_assert_uint_ge(specials, 2); /* vdso, vvar */
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f)) {
        unsigned long begin, end;
        char perms[5];
        ck_assert_int_eq(sscanf(line, "%lx-%lx %4s", &begin, &end, perms), 3);
        const struct map *m = maps_find(&maps, begin);
        if (!m || m->begin != begin || m->end != end)
            continue; /* made or grown by fopen, or scratch memory */
        found++;
        REQUIRE(m->readable == (perms[0] == 'r') && m->writable == (perms[1] == 'w'));
        REQUIRE(m->is_private == (perms[3] == 'p'));
        REQUIRE(m->is_special == (strstr(line, "[v") != NULL));
    }
    fclose(f);
    ck_assert_uint_ge(found + 8, maps.count);
}
END_TEST

START_TEST(edges_of_find)
{
    struct map list[] = {{.begin = 0x1000, .end = 0x3000},
                         {.begin = 0x3000, .end = 0x4000},
                         {.begin = 0x8000, .end = 0x9000}};
    struct maps maps = {.map = list, .count = 3};
    static const struct {
        uintptr_t address;
        int index;
    } cases[] = {{0, -1},     {0xfff, -1}, {0x1000, 0},  {0x2fff, 0},
                 {0x3000, 1}, {0x3fff, 1}, {0x4000, -1}, {0x7fff, -1},
                 {0x8000, 2}, {0x8fff, 2}, {0x9000, -1}, {UINTPTR_MAX, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_ptr_eq(maps_find(&maps, cases[i].address),
                         cases[i].index < 0 ? NULL : &list[cases[i].index]);
    maps.count = 0;
    ck_assert_ptr_null(maps_find(&maps, 0x1000));
}
END_TEST

/* The list is longer than what is read at once. */
START_TEST(thousands_of_mappings)
{
    enum { COUNT = 6000 };
    char *p = map((size_t)COUNT * PAGE, PROT_READ, MAP_PRIVATE);
    struct maps maps;
    for (size_t i = 0; i < COUNT; i += 2)
        ck_assert_int_eq(mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE), 0);
    ck_assert(maps_read(&maps));
    for (size_t i = 0; i < COUNT; i++) {
        const struct map *m = find(&maps, p + i * PAGE);
        REQUIRE_MSG(m && m->readable && m->writable == (i % 2 == 0), "%zu", i);
        REQUIRE_MSG(m->end <= (uintptr_t)p + (i + 1) * PAGE || i == COUNT - 1, "%zu", i);
    }
}
END_TEST

/* A file may be called anything; brackets mean something only where the kernel writes them. */
START_TEST(brackets_in_file_names)
{
    static const char *const names[] = {"a[v2].data", "x[stack]", "[vdso]", "a b[heap]"};
    char directory[] = "/tmp/leakgc-unit-XXXXXX";
    char path[256];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        int fd = open(path, O_RDWR | O_CREAT, 0600);
        ck_assert_int_eq(ftruncate(fd, PAGE), 0);
        char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
        close(fd);
        unlink(path);
        struct maps maps;
        ck_assert(maps_read(&maps));
        const struct map *m = find(&maps, p);
        ck_assert(m && m->readable && m->writable && m->is_private);
        ck_assert_msg(!m->is_special && !m->is_main_stack, "%s", names[i]);
        munmap(p, PAGE);
    }
    rmdir(directory);
}
END_TEST

START_TEST(no_scratch_memory)
{
    struct maps maps;
    stub_allow_left = 0;
    ck_assert(!maps_read(&maps));
}
END_TEST

/* --- Present pages ---------------------------------------------------------------------------- */

enum { PAGES = 4000 };
static unsigned char visited[PAGES];
static char *area;

static void visit(uintptr_t begin, uintptr_t end, void *arg)
{
    (void)arg;
    REQUIRE(begin % PAGE == 0 && end % PAGE == 0 && begin < end);
    REQUIRE(begin >= (uintptr_t)area && end <= (uintptr_t)area + (size_t)PAGES * PAGE);
    for (uintptr_t p = begin; p < end; p += PAGE)
        visited[(p - (uintptr_t)area) / PAGE]++;
}

/* Touches pages in runs of random length; they and no others are visited, once. */
static void check_present(void)
{
    static bool touched[PAGES];
    uint64_t seed = unit_seed(1200);
    area = map((size_t)PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    madvise(area, (size_t)PAGES * PAGE, MADV_NOHUGEPAGE);
    for (size_t at = 0; at < PAGES;) {
        size_t run = 1 + unit_below(&seed, at < PAGES / 2 ? 2 : 700);
        bool touch = unit_below(&seed, 2);
        for (; run && at < PAGES; run--, at++)
            if ((touched[at] = touch))
                area[at * PAGE] = 1;
    }
    maps_present((uintptr_t)area, (uintptr_t)area + (size_t)PAGES * PAGE, PAGES_ALL, visit, NULL);
    for (size_t i = 0; i < PAGES; i++)
        REQUIRE_MSG(visited[i] == touched[i], "page %zu: %d times", i, visited[i]);
}

START_TEST(present_by_scan)
{
    maps_present_open();
    check_present();
    maps_present_close();
}
END_TEST

START_TEST(present_by_entries)
{
    stub_ioctl_fails = true;
    maps_present_open();
    check_present();
    maps_present_close();
}
END_TEST

START_TEST(all_present_when_nothing_is_known)
{
    ck_assert(!maps_present_is_open());
    area = map((size_t)PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    maps_present((uintptr_t)area, (uintptr_t)area + (size_t)PAGES * PAGE, PAGES_ALL, visit, NULL);
    for (size_t i = 0; i < PAGES; i++)
        REQUIRE(visited[i] == 1);
}
END_TEST

static void add_bytes(uintptr_t begin, uintptr_t end, void *arg)
{
    *(size_t *)arg += end - begin;
}

START_TEST(a_terabyte_never_touched_costs_nothing)
{
    size_t bytes = (size_t)1 << 40;
    size_t present = 0;
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    if (p == MAP_FAILED)
        return;
    madvise(p, bytes, MADV_NOHUGEPAGE);
    p[bytes / 2] = 1;
    ck_assert(maps_present_open());
    if (!stub_ioctl_fails)
        maps_present((uintptr_t)p, (uintptr_t)p + bytes, PAGES_ALL, add_bytes, &present);
    ck_assert_uint_eq(present, PAGE);
}
END_TEST

/* Parts of pages: no byte outside of what was asked for. */
START_TEST(clipped_to_the_range)
{
    size_t present = 0;
    char *p = map(4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    memset(p, 1, 4 * PAGE);
    for (int way = 0; way < 3; way++) {
        stub_ioctl_fails = way == 1;
        if (way < 2)
            maps_present_open();
        present = 0;
        maps_present((uintptr_t)p + 100, (uintptr_t)p + 3 * PAGE + 8, PAGES_ALL, add_bytes,
                     &present);
        ck_assert_uint_eq(present, 3 * PAGE + 8 - 100);
        if (way < 2)
            maps_present_close();
    }
}
END_TEST

/* Pages as in the file behind a private mapping are no root; written ones are. */
START_TEST(own_pages_of_a_file_mapping)
{
    int fd = memfd_create("file", 0);
    ck_assert_int_eq(ftruncate(fd, 8 * PAGE), 0);
    for (int way = 0; way < 2; way++) {
        volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
        for (int i = 0; i < 8; i++)
            (void)p[i * PAGE];
        p[2 * PAGE] = 1;
        p[5 * PAGE] = 1;
        stub_ioctl_fails = way == 1;
        maps_present_open();
        size_t own = 0;
        size_t all = 0;
        maps_present((uintptr_t)p, (uintptr_t)p + 8 * PAGE, PAGES_OWN, add_bytes, &own);
        maps_present((uintptr_t)p, (uintptr_t)p + 8 * PAGE, PAGES_ALL, add_bytes, &all);
        ck_assert_uint_eq(own, 2 * PAGE);
        ck_assert_uint_eq(all, 8 * PAGE);
        maps_present_close();
    }
}
END_TEST

Suite *suite_maps(void)
{
    Suite *s = suite_create("maps");
    TCase *c = unit_case(s, "maps");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, attributes);
    tcase_add_test(c, same_as_the_kernel_s_list);
    tcase_add_test(c, edges_of_find);
    tcase_add_test(c, thousands_of_mappings);
    tcase_add_test(c, brackets_in_file_names);
    tcase_add_test(c, no_scratch_memory);
    c = unit_case(s, "maps_present");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, present_by_scan);
    tcase_add_test(c, present_by_entries);
    tcase_add_test(c, all_present_when_nothing_is_known);
    tcase_add_test(c, a_terabyte_never_touched_costs_nothing);
    tcase_add_test(c, clipped_to_the_range);
    tcase_add_test(c, own_pages_of_a_file_mapping);
    return s;
}
