/* SPDX-License-Identifier: MIT
 *
 * Linked into the product's shared object. First: what ending.c and hooks_signal.c provide, which
 * are left out because they define libc's names. Second: system calls that fail on demand (the
 * linker's --wrap), for tests of what happens when the system gives nothing. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "../../preload/ending.h"
#include "../../preload/leakgc.h"
#include "../../preload/sys.h"

struct ending ending, asking;
struct start_frames start_frames;
int (*ending_check)(int status);
long (*ending_scan)(const struct question *q);
int stub_stderr = 2;

long leakgc_scan(void)
{
    return -1;
}

int ending_stderr(void)
{
    return stub_stderr;
}

void ending_init(void) {}

void ending_after_fork(void) {}

/* Here the tests' own stack is good enough. */
void arch_call_on_stack(void (*fn)(void *), void *arg, uintptr_t stack_end)
{
    (void)stack_end;
    fn(arg);
}

#ifdef __SANITIZE_THREAD__
size_t stub_reserve_most = (size_t)64 << 30; /* the sanitizer knows nothing below its own ranges */
#else
size_t stub_reserve_most = SIZE_MAX;
#endif
long stub_allow_left = -1;
bool stub_discard_fails;
bool stub_ioctl_fails;
int stub_move_error;
uint64_t stub_ahead_ms;

void *__real_sys_reserve(size_t bytes);
int __real_sys_allow(void *begin, size_t bytes);
int __real_sys_discard(void *begin, size_t bytes);
int __real_sys_move(void *from, void *to, size_t bytes);
uint64_t __real_sys_now_coarse(void);
long __real_sys_ioctl(int fd, unsigned long request, void *arg);
void *__wrap_sys_reserve(size_t bytes);
int __wrap_sys_allow(void *begin, size_t bytes);
int __wrap_sys_discard(void *begin, size_t bytes);
int __wrap_sys_move(void *from, void *to, size_t bytes);
uint64_t __wrap_sys_now_coarse(void);
long __wrap_sys_ioctl(int fd, unsigned long request, void *arg);

int __wrap_sys_move(void *from, void *to, size_t bytes)
{
    if (stub_move_error == -ENOMEM) /* as the kernel may leave it */
        munmap(to, bytes);
    if (stub_move_error == -EFAULT) /* the same */
        __real_sys_move(from, to, bytes / 2);
    return stub_move_error ? stub_move_error : __real_sys_move(from, to, bytes);
}

uint64_t __wrap_sys_now_coarse(void)
{
    return __real_sys_now_coarse() + stub_ahead_ms * 1000000;
}

void *__wrap_sys_reserve(size_t bytes)
{
    return bytes > stub_reserve_most ? NULL : __real_sys_reserve(bytes);
}

int __wrap_sys_allow(void *begin, size_t bytes)
{
    if (stub_allow_left == 0)
        return -ENOMEM;
    if (stub_allow_left > 0)
        stub_allow_left--;
    return __real_sys_allow(begin, bytes);
}

int __wrap_sys_discard(void *begin, size_t bytes)
{
    return stub_discard_fails ? -EINVAL : __real_sys_discard(begin, bytes);
}

long __wrap_sys_ioctl(int fd, unsigned long request, void *arg)
{
    return stub_ioctl_fails ? -ENOTTY : __real_sys_ioctl(fd, request, arg);
}

/* The thread sanitizer takes a thread's state apart in the last round of destructors, the round in
 * which the library leaves; code that it watches must not run after that. So under it the library's
 * destructor is called twice in the first round, and leaves one round earlier. */
int __real_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));

#ifdef __SANITIZE_THREAD__
static void (*leave)(void *);

static void leave_early(void *value)
{
    static __thread bool later;
    if (!later)
        leave(value);
    later = true;
    leave(value);
}

int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    leave = destructor;
    return __real_pthread_key_create(key, leave_early);
}
#else
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    return __real_pthread_key_create(key, destructor);
}
#endif
