/* SPDX-License-Identifier: MIT
 *
 * Owns the malloc family: every name under which a program can ask for memory, and nothing else.
 * Behaviour is glibc's (its manual pages, and where they are silent, version 2.36), except that
 * malloc_usable_size tells exactly the requested size: the rest of the slot is not scanned, so no
 * pointer may be put there.
 *
 * Runs in malloc. The logic is alloc.c's. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "cage.h"
#include "capture.h"
#include "fmt.h"
#include "heap.h"
#include "sys.h"

/* glibc's other names for the same functions; some programs call them. */
#if __has_attribute(copy)
#define COPY(of) copy(of),
#else
#define COPY(of)
#endif
#define ALIAS(name, of)                                                                            \
    __typeof__(of) name __attribute__((alias(#of), COPY(of) visibility("default")))

void free_sized(void *p, size_t bytes);
void free_aligned_sized(void *p, size_t align, size_t bytes);
void cfree(void *p);

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

LEAKGC_EXPORT void *malloc(size_t bytes)
{
    return alloc_quick(bytes, false, CAPTURE_FRAME);
}

LEAKGC_EXPORT void free(void *p)
{
    if (unlikely(!alloc_quick_free(p)))
        alloc_free(p, CAPTURE_FRAME);
}

LEAKGC_EXPORT void *calloc(size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes))
        return no_memory();
    return alloc_quick(bytes, true, CAPTURE_FRAME);
}

LEAKGC_EXPORT void *realloc(void *p, size_t bytes)
{
    return alloc_resize(p, bytes, CAPTURE_FRAME);
}

LEAKGC_EXPORT void *reallocarray(void *p, size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes))
        return no_memory();
    return alloc_resize(p, bytes, CAPTURE_FRAME);
}

static bool is_power_of_two(size_t n)
{
    return n && !(n & (n - 1));
}

/* As glibc: a small alignment is malloc's, one that is no power of two is rounded up to one. */
static void *aligned(size_t align, size_t bytes, const uintptr_t *frame)
{
    if (align > SIZE_MAX / 2 + 1) {
        errno = EINVAL;
        return NULL;
    }
    if (align <= ALIGN_LEAST)
        align = ALIGN_LEAST;
    else if (!is_power_of_two(align))
        align = (size_t)1 << (64 - __builtin_clzl(align));
    if (bytes > PTRDIFF_MAX || align > PTRDIFF_MAX - bytes)
        return no_memory();
    return alloc_new(bytes, align, false, frame);
}

LEAKGC_EXPORT void *memalign(size_t align, size_t bytes)
{
    return aligned(align, bytes, CAPTURE_FRAME);
}

LEAKGC_EXPORT void *aligned_alloc(size_t align, size_t bytes)
{
    return aligned(align, bytes, CAPTURE_FRAME);
}

LEAKGC_EXPORT int posix_memalign(void **ret, size_t align, size_t bytes)
{
    if (!is_power_of_two(align) || align % sizeof(void *))
        return EINVAL;
    int saved = errno;
    void *p = aligned(align, bytes, CAPTURE_FRAME);
    errno = saved;
    if (!p)
        return ENOMEM;
    *ret = p;
    return 0;
}

LEAKGC_EXPORT void *valloc(size_t bytes)
{
    return aligned(SYS_PAGE, bytes, CAPTURE_FRAME);
}

LEAKGC_EXPORT void *pvalloc(size_t bytes)
{
    if (bytes > SIZE_MAX - SYS_PAGE)
        return no_memory();
    return aligned(SYS_PAGE, (bytes + SYS_PAGE - 1) & ~(size_t)(SYS_PAGE - 1), CAPTURE_FRAME);
}

LEAKGC_EXPORT void cfree(void *p)
{
    alloc_free(p, CAPTURE_FRAME);
}

LEAKGC_EXPORT void free_sized(void *p, size_t bytes)
{
    (void)bytes;
    alloc_free(p, CAPTURE_FRAME);
}

LEAKGC_EXPORT void free_aligned_sized(void *p, size_t align, size_t bytes)
{
    (void)align;
    (void)bytes;
    alloc_free(p, CAPTURE_FRAME);
}

LEAKGC_EXPORT size_t malloc_usable_size(void *p)
{
    return alloc_bytes(p, CAPTURE_FRAME);
}

ALIAS(__libc_malloc, malloc);
ALIAS(__libc_free, free);
ALIAS(__libc_calloc, calloc);
ALIAS(__libc_realloc, realloc);
ALIAS(__libc_memalign, memalign);
ALIAS(__libc_valloc, valloc);
ALIAS(__libc_pvalloc, pvalloc);

/* --- Statistics and tuning -------------------------------------------------------------------- */

LEAKGC_EXPORT struct mallinfo2 mallinfo2(void)
{
    struct alloc_stats s = alloc_stats();
    return (struct mallinfo2){
        .arena = s.mapped_bytes + s.free_bytes - s.large_bytes,
        .hblks = s.large_blocks,
        .hblkhd = s.large_bytes,
        .uordblks = s.live_bytes - s.large_bytes,
        .fordblks = s.mapped_bytes + s.free_bytes - s.live_bytes,
        .keepcost = s.free_bytes,
    };
}

static int clamped(size_t n)
{
    return n > INT32_MAX ? INT32_MAX : (int)n;
}

LEAKGC_EXPORT struct mallinfo mallinfo(void)
{
    struct mallinfo2 m = mallinfo2();
    return (struct mallinfo){
        .arena = clamped(m.arena),
        .hblks = clamped(m.hblks),
        .hblkhd = clamped(m.hblkhd),
        .uordblks = clamped(m.uordblks),
        .fordblks = clamped(m.fordblks),
        .keepcost = clamped(m.keepcost),
    };
}

/* Nothing here needs tuning. As in glibc everything is accepted, but for a fast bin too large. */
LEAKGC_EXPORT int mallopt(int parameter, int value)
{
    return parameter != M_MXFAST || (value >= 0 && (size_t)value <= 80 * sizeof(size_t) / 4);
}

LEAKGC_EXPORT int malloc_trim(size_t pad)
{
    (void)pad;
    heap_release_orphans();
    return cage_purge() > 0;
}

LEAKGC_EXPORT void malloc_stats(void)
{
    struct alloc_stats s = alloc_stats();
    char text[512];
    size_t n = fmt(text, sizeof text,
                   "Total (leakgc):\nsystem bytes     = %10zu\nin use bytes     = %10zu\n"
                   "in use blocks    = %10zu\nlarge blocks     = %10zu\nlarge bytes      = %10zu\n",
                   s.mapped_bytes + s.free_bytes, s.live_bytes, s.live_blocks, s.large_blocks,
                   s.large_bytes);
    sys_write_all(2, text, n);
}

LEAKGC_EXPORT int malloc_info(int options, FILE *stream)
{
    if (options != 0)
        return EINVAL;
    struct alloc_stats s = alloc_stats();
    fprintf(
        stream,
        "<malloc version=\"1\">\n<heap nr=\"0\">\n"
        "<system type=\"current\" size=\"%zu\"/>\n<total type=\"rest\" count=\"%zu\" "
        "size=\"%zu\"/>\n<total type=\"mmap\" count=\"%zu\" size=\"%zu\"/>\n</heap>\n</malloc>\n",
        s.mapped_bytes + s.free_bytes, s.live_blocks, s.live_bytes, s.large_blocks, s.large_bytes);
    return 0;
}
