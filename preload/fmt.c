/* SPDX-License-Identifier: MIT
 *
 * Owns text formatting and parsing for code that may not call libc's (fmt.h).
 * Runs anywhere: no state, no lock, no allocation. */
#include "fmt.h"

struct out {
    char *buf;
    size_t cap;
    size_t len;
};

struct spec {
    bool left;
    bool zero;
    size_t width;
    unsigned longs;
};

static void put(struct out *o, char c)
{
    if (o->len + 1 < o->cap)
        o->buf[o->len++] = c;
}

static void put_padded(struct out *o, const struct spec *spec, const char *s, size_t n)
{
    size_t pad = spec->width > n ? spec->width - n : 0;
    for (size_t i = 0; !spec->left && i < pad; i++)
        put(o, spec->zero ? '0' : ' ');
    for (size_t i = 0; i < n; i++)
        put(o, s[i]);
    for (size_t i = 0; spec->left && i < pad; i++)
        put(o, ' ');
}

static void put_number(struct out *o, const struct spec *spec, uint64_t v, unsigned base,
                       bool negative, bool commas)
{
    char digits[40];
    size_t at = sizeof digits;
    unsigned count = 0;
    do {
        if (commas && count && count % 3 == 0)
            digits[--at] = ',';
        digits[--at] = "0123456789abcdef"[v % base];
        v /= base;
        count++;
    } while (v);
    if (negative && spec->zero && !spec->left) { /* the sign stands before the zeros */
        struct spec rest = *spec;
        rest.width -= rest.width > 0;
        put(o, '-');
        put_padded(o, &rest, digits + at, sizeof digits - at);
        return;
    }
    if (negative)
        digits[--at] = '-';
    put_padded(o, spec, digits + at, sizeof digits - at);
}

static const char *parse_spec(const char *f, struct spec *spec)
{
    *spec = (struct spec){0};
    for (; *f == '-' || *f == '0'; f++) {
        spec->left |= *f == '-';
        spec->zero |= *f == '0';
    }
    for (; *f >= '0' && *f <= '9'; f++)
        spec->width = spec->width * 10 + (size_t)(*f - '0');
    for (; *f == 'l' || *f == 'z'; f++)
        spec->longs++;
    return f;
}

static void put_string(struct out *o, const struct spec *spec, const char *s)
{
    size_t n = 0;
    if (!s)
        s = "(null)";
    while (s[n])
        n++;
    put_padded(o, spec, s, n);
}

size_t fmt_v(char *buf, size_t cap, const char *f, va_list args)
{
    struct out o = {.buf = buf, .cap = cap};
    for (; *f; f++) {
        if (*f != '%') {
            put(&o, *f);
            continue;
        }
        struct spec spec;
        f = parse_spec(f + 1, &spec);
        switch (*f) {
        case 's':
            put_string(&o, &spec, va_arg(args, const char *));
            break;
        case 'c':
            put_padded(&o, &spec, &(char){(char)va_arg(args, int)}, 1);
            break;
        case 'd': {
            int64_t v = spec.longs ? va_arg(args, long) : va_arg(args, int);
            put_number(&o, &spec, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0, false);
            break;
        }
        case 'u':
        case 'x': {
            uint64_t v = spec.longs ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            put_number(&o, &spec, v, *f == 'x' ? 16 : 10, false, false);
            break;
        }
        case 'N':
            put_number(&o, &spec, va_arg(args, size_t), 10, false, true);
            break;
        case 'p':
            put(&o, '0');
            put(&o, 'x');
            put_number(&o, &spec, (uintptr_t)va_arg(args, void *), 16, false, false);
            break;
        case '%':
            put(&o, '%');
            break;
        default: /* a fault of ours: show the format rather than guess */
            put(&o, '%');
            if (!*f)
                goto out;
            put(&o, *f);
        }
    }
out:
    o.buf[o.len] = '\0';
    return o.len;
}

size_t fmt(char *buf, size_t cap, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t n = fmt_v(buf, cap, format, args);
    va_end(args);
    return n;
}

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

bool fmt_parse_u64(const char *s, const char *end, unsigned base, uint64_t *ret_value)
{
    uint64_t v = 0;
    if (s == end)
        return false;
    for (; s < end; s++) {
        unsigned digit = digit_of(*s);
        if (digit >= base || __builtin_mul_overflow(v, base, &v) ||
            __builtin_add_overflow(v, digit, &v))
            return false;
    }
    *ret_value = v;
    return true;
}

/* The classic two-pointer match: on a mismatch, let the last `*` swallow one more character. */
bool fmt_glob(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
