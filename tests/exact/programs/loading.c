// SPDX-License-Identifier: MIT
//
// A plugin whose IFUNC resolver allocates while the plugin is being relocated, and code made at run
// time that is unmapped before a plugin comes to lie at the same addresses.
//
// flags: gcc -O1 | gcc -O2 -fno-omit-frame-pointer
// plugin: resolver.so -DRESOLVER
// plugin: same_place.so -DSAME_PLACE
// captures: 300

#include "exact.h"

#ifdef RESOLVER

static volatile int sum;

static int chosen(int n)
{
    touch((size_t)n + 1);
    return n + ++sum;
}

static NOINLINE void deep(int left)
{
    char *p = malloc((size_t)left + 1);
    use(p);
    free(p);
    if (left)
        deep(left - 1);
    ENDS;
}

static int (*choose(void))(int)
{
    deep(3);
    return chosen;
}
__attribute__((visibility("hidden"))) int picked(int) __attribute__((ifunc("choose")));

int (*plugin_pointer)(int) = picked; // resolved by the relocation

int plugin_enter(int n)
{
    deep(2);
    return picked(n) + plugin_pointer(n);
}

#elif defined SAME_PLACE

// At the same offset in its page as the code that the program makes: sub rsp, 24; call rdi; ...
__asm__(".text\n.p2align 12\n.skip 256, 0x90\n.globl plugin_same\n.type plugin_same, @function\n"
        "plugin_same:\n.cfi_startproc\nsubq $24, %rsp\n.cfi_adjust_cfa_offset 24\ncall *%rdi\n"
        "addq $24, %rsp\n.cfi_adjust_cfa_offset -24\nret\n.cfi_endproc\n.p2align 12\n");

#else

#include <dlfcn.h>
#include <sys/mman.h>

static volatile int sum;

static NOINLINE void resolve(void)
{
    void *handle = dlopen(PLUGINS "resolver.so", RTLD_NOW);
    CHECK(handle);
    int (*enter)(int) = (int (*)(int))dlsym(handle, "plugin_enter");
    for (int i = 0; i < 5; i++)
        sum += enter(i);
    CHECK(!dlclose(handle));
}

static NOINLINE void inner(void)
{
    touch(10);
    sum++;
}

static NOINLINE void call_at(void *code)
{
    ((void (*)(void (*)(void)))(uintptr_t)code)(inner);
    sum++;
}

// Loads the plugin, notes where its function is, unloads it, puts the same code there without unwind
// information, takes that away and loads the plugin again: `calls` each.
static NOINLINE int same_place(int calls)
{
    static const unsigned char code[] = {0x48, 0x83, 0xec, 24, 0xff, 0xd7,
                                         0x48, 0x83, 0xc4, 24, 0xc3};
    void *handle = dlopen(PLUGINS "same_place.so", RTLD_NOW);
    CHECK(handle);
    char *function = dlsym(handle, "plugin_same");
    CHECK(function);
    CHECK(!dlclose(handle));
    char *page = (char *)((uintptr_t)function & ~(uintptr_t)4095);
    char *made = mmap(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (made != page)
        return 0;
    memcpy(function, code, sizeof code);
    for (int i = 0; i < 2 * calls; i++) {
        if (i == calls) {
            munmap(page, 4096);
            handle = dlopen(PLUGINS "same_place.so", RTLD_NOW);
            if (!handle || dlsym(handle, "plugin_same") != function)
                return 0;
        }
        call_at(function);
    }
    dlclose(handle);
    return 1;
}

int main(void)
{
    int same = 0;
    for (int i = 0; i < 5; i++)
        resolve();
    for (int i = 0; i < 20; i++)
        same += same_place(5);
    if (!same)
        SKIP("plugins never come to lie at the same place here");
    for (int i = 0; i < 5; i++)
        resolve();
    return 0;
}

#endif
