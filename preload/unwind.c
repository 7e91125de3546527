/* SPDX-License-Identifier: MIT
 *
 * Owns libunwind: opening it, calling it, keeping it out of the way of fork.
 *
 * The idea: libunwind.so exports _Unwind_*. As a dependency of a preloaded library it would come
 * before libgcc_s in the search order and serve the program's C++ exceptions. Opened with
 * RTLD_LOCAL it serves us only.
 *
 * Few programs need it: it is opened when the first signal handler is set up, whose frames only it
 * can pass, or by the first stack that has another frame beyond the rules. Not, however, inside the
 * loader, which could not stand it.
 *
 * libunwind has locks of its own. A child forked while another thread held one could never unwind
 * again. So each thread says that it is inside (thread.unwinding), and fork waits until none is;
 * the price is one full fence per unwinding, hidden by the unwinding itself.
 *
 * Runs in malloc, before any lock of ours. What the loader or libunwind allocate while they serve
 * us goes to the same heap, with the trace TRACE_INTERNAL (I4). */
#include "unwind.h"

#include <dlfcn.h>
#include <errno.h>
#include <libunwind.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lock.h"
#include "log.h"
#include "options.h"
#include "sys.h"
#include "thread.h"

static void (*flush_fn)(void *, uintptr_t, uintptr_t);
static void **address_space;
static int (*getcontext_fn)(unw_context_t *);
static int (*init_fn)(unw_cursor_t *, unw_context_t *);
static int (*step_fn)(unw_cursor_t *);
static int (*get_reg_fn)(unw_cursor_t *, int, unw_word_t *);
static enum { CLOSED, OPENING, OPEN, MISSING } state;
static uint32_t paused;
static struct thread *pauser;

/* --- No descriptors of libunwind's in the program ---------------------------------------------
 *
 * libunwind tries whether memory can be read by writing a byte of it to a pipe of its own. The pipe
 * would take the two lowest descriptors of the program; worse, after a program has closed all of
 * its descriptors, the numbers may be files of the program. So its calls of pipe2, read,
 * write and syscall are bound to these instead: they ask the kernel without a descriptor. */

static int no_pipe(int fds[2], int flags)
{
    (void)flags;
    fds[0] = fds[1] = -1;
    return 0;
}

/* write(pipe, address, 1): is the byte at the address there? libunwind tries again as long as errno
 * is EINTR, which it may be from before. */
static ssize_t probe(int fd, const void *address, size_t bytes)
{
    char copy;
    errno = 0;
    if (fd != -1)
        return write(fd, address, bytes);
    if (sys_peek(&copy, address, 1) == 1)
        return 1;
    errno = EFAULT;
    return -1;
}

/* The same by syscall(SYS_write, pipe, address, 1). */
static long probe_by_syscall(long number, long fd, long address, long bytes)
{
    if (number != SYS_write)
        return syscall(number, fd, address, bytes);
    return probe((int)fd, (const void *)address, (size_t)bytes);
}

static ssize_t drain(int fd, void *buf, size_t bytes)
{
    errno = 0;
    return fd != -1 ? read(fd, buf, bytes) : 1;
}

static const struct binding {
    const char *name;
    void *to;
} bindings[] = {
    {"pipe2", (void *)no_pipe},
    {"write", (void *)probe},
    {"syscall", (void *)probe_by_syscall},
    {"read", (void *)drain},
};

static void bind_slot(const char *name, uintptr_t slot)
{
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
        if (!strcmp(name, bindings[i].name)) {
            sys_allow((void *)(slot & ~(uintptr_t)(SYS_PAGE - 1)), SYS_PAGE);
            *(void **)slot = bindings[i].to;
        }
}

/* Goes through the module's relocations for calls; their slots are resolved (RTLD_NOW). */
static void bind_calls(const struct link_map *map)
{
    const ElfW(Rela) *calls = NULL;
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    size_t bytes = 0;
    for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
        if (d->d_tag == DT_JMPREL)
            calls = (const void *)d->d_un.d_ptr;
        else if (d->d_tag == DT_PLTRELSZ)
            bytes = d->d_un.d_val;
        else if (d->d_tag == DT_SYMTAB)
            symbols = (const void *)d->d_un.d_ptr;
        else if (d->d_tag == DT_STRTAB)
            names = (const void *)d->d_un.d_ptr;
    }
    for (size_t i = 0; calls && symbols && names && i < bytes / sizeof *calls; i++)
        bind_slot(names + symbols[ELF64_R_SYM(calls[i].r_info)].st_name,
                  map->l_addr + calls[i].r_offset);
}

/* --- Opening and calling ---------------------------------------------------------------------- */

void unwind_open(void)
{
    struct thread *self = thread_current();
    int closed = CLOSED;
    if (!self || !options.enabled ||
        !__atomic_compare_exchange_n((int *)&state, &closed, OPENING, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return;
    int saved = errno;
    self->internal++;
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    if (library) {
        bind_calls(library); /* glibc's handle is the link map */
        flush_fn = (void (*)(void *, uintptr_t, uintptr_t))dlsym(library, "_Ux86_64_flush_cache");
        address_space = dlsym(library, "_ULx86_64_local_addr_space");
        getcontext_fn = (int (*)(unw_context_t *))dlsym(library, "_Ux86_64_getcontext");
        init_fn = (int (*)(unw_cursor_t *, unw_context_t *))dlsym(library, "_ULx86_64_init_local");
        step_fn = (int (*)(unw_cursor_t *))dlsym(library, "_ULx86_64_step");
        get_reg_fn =
            (int (*)(unw_cursor_t *, int, unw_word_t *))dlsym(library, "_ULx86_64_get_reg");
    }
    self->internal--;
    bool found = getcontext_fn && init_fn && step_fn && get_reg_fn;
    if (!found)
        log_say("libunwind.so.8 can't be opened; stacks end at signal handlers");
    __atomic_store_n((int *)&state, found ? OPEN : MISSING, __ATOMIC_RELEASE);
    errno = saved;
}

bool unwind_is_open(void)
{
    return __atomic_load_n((int *)&state, __ATOMIC_ACQUIRE) == OPEN;
}

void unwind_forget(void)
{
    if (flush_fn && address_space)
        flush_fn(*address_space, 0, 0);
}

/* Steps from here to the frame whose stack pointer is `sp`, and notes frames from that one on. */
static size_t step(uintptr_t sp, uintptr_t *pc, size_t cap, bool *ret_whole)
{
    unw_context_t context;
    unw_cursor_t cursor;
    unw_word_t ip, at;
    size_t n = 0;
    bool there = false;
    int more = 0;
    *ret_whole = false;
    getcontext_fn(&context);
    if (init_fn(&cursor, &context))
        return 0;
    do {
        if (get_reg_fn(&cursor, UNW_REG_IP, &ip) || get_reg_fn(&cursor, UNW_REG_SP, &at) || !ip)
            break;
        there |= at == sp;
        if (there)
            pc[n++] = ip;
    } while (n < cap && (more = step_fn(&cursor)) > 0);
    *ret_whole = more >= 0;
    return n;
}

static bool enter(struct thread *self)
{
    while (1) {
        __atomic_store_n(&self->unwinding, true, __ATOMIC_SEQ_CST);
        if (likely(!__atomic_load_n(&paused, __ATOMIC_SEQ_CST)))
            return true;
        __atomic_store_n(&self->unwinding, false, __ATOMIC_RELEASE);
        if (__atomic_load_n(&pauser, __ATOMIC_ACQUIRE) == self)
            return false; /* it is forking itself, and would wait for ever */
        sys_futex_wait(&paused, 1, 0);
    }
}

size_t unwind_frames(uintptr_t sp, uintptr_t *pc, size_t cap, bool *ret_whole)
{
    struct thread *self = thread_self_or_null();
    if (!unwind_is_open() || !self || !enter(self))
        return 0;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel); /* malloc is no cancellation point */
    self->internal++;
    size_t n = step(sp, pc, cap, ret_whole);
    self->internal--;
    pthread_setcancelstate(cancel, NULL);
    __atomic_store_n(&self->unwinding, false, __ATOMIC_RELEASE);
    return n;
}

static bool is_unwinding(struct thread *t, void *self)
{
    return t == self || t->state != THREAD_RUNNING ||
           !__atomic_load_n(&t->unwinding, __ATOMIC_SEQ_CST);
}

void unwind_pause(void)
{
    __atomic_store_n(&pauser, thread_self_or_null(), __ATOMIC_RELEASE);
    __atomic_store_n(&paused, 1, __ATOMIC_SEQ_CST);
    while (!thread_all_locked(is_unwinding, thread_self_or_null()))
        sys_yield();
}

void unwind_resume(void)
{
    __atomic_store_n(&pauser, NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&paused, 0, __ATOMIC_SEQ_CST);
    sys_futex_wake(&paused, INT32_MAX);
}
