/* SPDX-License-Identifier: MIT
 *
 * Owns what happens when the command runs out of memory: one line, and its end. The symbolizer
 * survives that because its work is done in a child (see symbolize.c).
 *
 * Runs in ordinary context. Does not track or pool anything. */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int status = 1;

void mem_fail_with(int exit_status)
{
    status = exit_status;
}

static void *checked(void *p)
{
    if (p)
        return p;
    fputs("leakgc: out of memory\n", stderr);
    exit(status);
}

void *mem_zeroed(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size));
}

char *mem_string(const char *s)
{
    return checked(strdup(s));
}

char *mem_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    return checked(length < 0 ? NULL : text);
}

void *mem_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = count < 8 ? 16 : count * 2;
    return checked(reallocarray(array, *capacity, size));
}
