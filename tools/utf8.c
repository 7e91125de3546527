/* SPDX-License-Identifier: MIT
 *
 * Owns what UTF-8 is (RFC 3629: neither overlong forms nor surrogates).
 *
 * Runs in ordinary context. */
#include "utf8.h"

#include <string.h>

#include "mem.h"

static const struct utf8 replacement = {UTF8_REPLACEMENT, sizeof(UTF8_REPLACEMENT) - 1};

/* What the second byte may be after the first. */
static void limit_second(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
}

/* The length of the character at s, or 0 when there is none. */
static size_t measure(const unsigned char *s)
{
    unsigned char c = s[0], low, high;
    size_t length = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    limit_second(c, &low, &high);
    for (size_t i = 1; i < length; i++, low = 0x80, high = 0xbf)
        if (s[i] < low || s[i] > high)
            return 0;
    return length;
}

struct utf8 utf8_next(const char **text)
{
    struct utf8 c = {*text, 0};
    if (!**text)
        return c;
    c.length = measure((const unsigned char *)*text);
    *text += c.length ? c.length : 1;
    return c.length ? c : replacement;
}

bool utf8_is_control(struct utf8 c)
{
    return c.length == 1 && ((unsigned char)*c.bytes < ' ' || *c.bytes == 0x7f);
}

char *utf8_printable(const char *text)
{
    char *printable = mem_zeroed(strlen(text) + 1, replacement.length), *end = printable;
    for (struct utf8 c; (c = utf8_next(&text)).length; end += c.length) {
        if (utf8_is_control(c))
            c = replacement;
        memcpy(end, c.bytes, c.length);
    }
    return printable;
}
