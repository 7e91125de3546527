/* SPDX-License-Identifier: MIT
 *
 * module.h: what is mapped now, and plugin.so (unit.mk gives it a known build id) over time. */
#include "../../preload/module.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include "../../preload/trace.h"
#include "unit.h"

static char plugin_path[4096];
static char own_path[4096];

static void setup(void)
{
    unit_alive();
    ssize_t n = readlink("/proc/self/exe", own_path, sizeof own_path - 1);
    ck_assert_int_gt(n, 0);
    own_path[n] = '\0';
    snprintf(plugin_path, sizeof plugin_path, "%.*s/plugin.so",
             (int)(strrchr(own_path, '/') - own_path), own_path);
}

static const struct module *now_at(const void *address)
{
    return module_at((uintptr_t)address, module_now());
}

START_TEST(nothing_before_the_first_refresh)
{
    ck_assert_ptr_null(module_first());
    ck_assert_ptr_null(now_at((void *)(uintptr_t)setup));
}
END_TEST

START_TEST(what_is_mapped)
{
    module_refresh();
    const struct module *own = now_at((void *)(uintptr_t)setup);
    ck_assert_ptr_nonnull(own);
    ck_assert_str_eq(own->path, own_path);
    ck_assert_uint_eq(own->unloaded, UINT32_MAX);
    ck_assert(own->begin <= (uintptr_t)plugin_path && (uintptr_t)plugin_path < own->end);
    ck_assert_uint_gt(own->build_id_bytes, 0);
    const struct module *product = now_at((void *)(uintptr_t)module_refresh);
    ck_assert_ptr_nonnull(strstr(product->path, "/libunit.so"));
    const struct module *libc = now_at(dlsym(RTLD_NEXT, "strlen"));
    if (!UNIT_ASAN && !UNIT_TSAN)
        ck_assert_ptr_nonnull(strstr(libc->path, "/libc.so"));
    ck_assert_ptr_null(now_at(NULL));
    ck_assert_ptr_null(now_at(&libc)); /* the stack is no module */
    ck_assert_ptr_null(now_at((void *)UINTPTR_MAX));
}
END_TEST

static int count(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)info;
    (void)size;
    ++*(int *)arg;
    return 0;
}

START_TEST(refreshing_again_changes_nothing)
{
    int loaded = 0;
    dl_iterate_phdr(count, &loaded);
    for (int round = 0; round < 3; round++) {
        module_refresh();
        int listed = 0;
        for (const struct module *m = module_first(); m; m = m->next)
            listed++;
        ck_assert_int_eq(listed, loaded);
        ck_assert_uint_eq(module_now(), 0);
    }
}
END_TEST

START_TEST(bias_is_the_load_address)
{
    module_refresh();
    void *plugin = dlopen(plugin_path, RTLD_NOW);
    struct link_map *map;
    ck_assert_ptr_nonnull(plugin);
    ck_assert_int_eq(dlinfo(plugin, RTLD_DI_LINKMAP, &map), 0);
    module_refresh();
    const struct module *m = now_at(dlsym(plugin, "plugin_function"));
    ck_assert_uint_eq(m->bias, map->l_addr);
    ck_assert_str_eq(m->path, plugin_path);
    static const uint8_t id[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    ck_assert_uint_eq(m->build_id_bytes, sizeof id);
    ck_assert_mem_eq(m->build_id, id, sizeof id);
}
END_TEST

static uint32_t time_of(uint32_t trace)
{
    struct trace_frame f = {0};
    trace_next(&trace, &f);
    return f.module_time;
}

/* Loaded, unloaded, loaded again: each time has its own answer, and traces that name the unloaded
 * one are retired. */
START_TEST(a_plugin_over_time)
{
    module_refresh();
    void *plugin = dlopen(plugin_path, RTLD_NOW);
    uintptr_t pc = (uintptr_t)dlsym(plugin, "plugin_function") + 1;
    ck_assert_ptr_null(module_at(pc, module_now()));
    module_refresh();
    uint32_t before = module_now();
    const struct module *first = module_at(pc, before);
    ck_assert_ptr_nonnull(first);
    uint32_t id = trace_intern(&pc, 1);
    ck_assert_uint_eq(time_of(id), before);

    ck_assert_int_eq(dlclose(plugin), 0);
    module_refresh();
    ck_assert_uint_eq(module_now(), before + 1);
    ck_assert_uint_eq(first->unloaded, before + 1);
    ck_assert_ptr_eq(module_at(pc, before), first);
    ck_assert_ptr_null(module_at(pc, module_now()));
    ck_assert_uint_eq(time_of(id), before);
    module_refresh();
    ck_assert_uint_eq(module_now(), before + 1);

    plugin = dlopen(plugin_path, RTLD_NOW); /* at the same place, most likely */
    module_refresh();
    pc = (uintptr_t)dlsym(plugin, "plugin_function") + 1;
    const struct module *second = module_at(pc, module_now());
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_ne(second, first);
    uint32_t again = trace_intern(&pc, 1);
    ck_assert_uint_ne(again, id);
    ck_assert_uint_eq(time_of(again), before + 1);
    ck_assert_ptr_eq(module_at(pc, time_of(id)), first);
    dlclose(plugin);
}
END_TEST

/* Both are heard of in one pass: another thread loaded the second one before the first one's dlclose was over. */
START_TEST(a_plugin_in_the_place_of_another)
{
    char command[3 * sizeof plugin_path], copy[sizeof plugin_path + 8];
    snprintf(copy, sizeof copy, "%s.copy", plugin_path);
    snprintf(command, sizeof command, "cp %s %s", plugin_path, copy);
    ck_assert_int_eq(system(command), 0);
    void *plugin = dlopen(plugin_path, RTLD_NOW);
    uintptr_t pc = (uintptr_t)dlsym(plugin, "plugin_function") + 1;
    module_refresh();
    uint32_t before = module_now();
    uint32_t id = trace_intern(&pc, 1);
    ck_assert_int_eq(dlclose(plugin), 0);
    plugin = dlopen(copy, RTLD_NOW);
    ck_assert_uint_eq((uintptr_t)dlsym(plugin, "plugin_function") + 1,
                      pc); /* else nothing is tested */
    module_refresh();
    ck_assert_uint_eq(module_now(), before + 1);
    ck_assert_str_eq(module_at(pc, time_of(id))->path, plugin_path);
    uint32_t again = trace_intern(&pc, 1);
    ck_assert_uint_ne(again, id);
    ck_assert_str_eq(module_at(pc, time_of(again))->path, copy);
    dlclose(plugin);
}
END_TEST

START_TEST(many_turns)
{
    for (uint32_t i = 0; i < 20; i++) {
        void *plugin = dlopen(plugin_path, RTLD_NOW);
        module_refresh();
        ck_assert_uint_eq(module_now(), i);
        dlclose(plugin);
        module_refresh();
        ck_assert_uint_eq(module_now(), i + 1);
    }
}
END_TEST

Suite *suite_module(void)
{
    Suite *s = suite_create("module");
    TCase *c = unit_case(s, "module");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, nothing_before_the_first_refresh);
    tcase_add_test(c, what_is_mapped);
    tcase_add_test(c, refreshing_again_changes_nothing);
    tcase_add_test(c, bias_is_the_load_address);
    tcase_add_test(c, a_plugin_over_time);
    tcase_add_test(c, a_plugin_in_the_place_of_another);
    tcase_add_test(c, many_turns);
    return s;
}
