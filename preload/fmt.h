/* SPDX-License-Identifier: MIT
 *
 * Text formatting without libc: no locale, no allocation, no lock; usable inside malloc, in signal
 * handlers and with the world stopped.
 *
 * Conversions: %s %c %d %u %x %p %% with the length modifiers l and z (%lu, %zu, %lx ...), a width
 * with optional 0 or - (%5u, %08lx, %-10s), and %N which is %zu with thousands separators. */
#ifndef LEAKGC_FMT_H
#define LEAKGC_FMT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes at most cap bytes with the final NUL (cap >= 1); returns the bytes written without it.
 * What does not fit is cut. */
size_t fmt_v(char *buf, size_t cap, const char *format, va_list args);
size_t fmt(char *buf, size_t cap, const char *format, ...);

/* Parses all of [s, end) as an unsigned number in the base (10 or 16); false when it is empty, has
 * another character, or does not fit. */
bool fmt_parse_u64(const char *s, const char *end, unsigned base, uint64_t *ret_value);

/* Whether the name matches a glob of `*` and `?`; both end with NUL. */
bool fmt_glob(const char *pattern, const char *name);

#endif
