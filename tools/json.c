/* SPDX-License-Identifier: MIT
 *
 * Owns the grammar of JSON (json.h): commas, quoting, and that what is written is UTF-8.
 *
 * Runs in ordinary context. */
#include "json.h"

#include <inttypes.h>

/* The length of the UTF-8 character at s, or 0 when there is none (RFC 3629: neither overlong forms nor
 * surrogates). */
static unsigned utf8_length(const unsigned char *s)
{
    unsigned char c = s[0], low = 0x80, high = 0xbf;
    unsigned length = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (c == 0xe0)
        low = 0xa0;
    else if (c == 0xed)
        high = 0x9f;
    else if (c == 0xf0)
        low = 0x90;
    else if (c == 0xf4)
        high = 0x8f;
    for (unsigned i = 1; i < length; i++, low = 0x80, high = 0xbf)
        if (s[i] < low || s[i] > high)
            return 0;
    return length;
}

static void put_quoted(FILE *out, const char *text)
{
    putc('"', out);
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        unsigned length = utf8_length(s);
        if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (*s < ' ' || *s == 0x7f)
            fprintf(out, "\\u%04x", *s);
        else if (!length)
            fputs("\\ufffd", out);
        else
            fwrite(s, 1, length, out);
        s += length ? length : 1;
    }
    putc('"', out);
}

static void break_line(struct json *j)
{
    if (!j->is_indented || !j->depth)
        return;
    putc('\n', j->out);
    for (unsigned i = 0; i < j->depth; i++)
        fputs("  ", j->out);
}

static void begin(struct json *j, const char *key)
{
    if (j->has_member)
        putc(',', j->out);
    break_line(j);
    j->has_member = true;
    if (!key)
        return;
    put_quoted(j->out, key);
    fputs(j->is_indented ? ": " : ":", j->out);
}

void json_open(struct json *j, const char *key, char bracket)
{
    begin(j, key);
    putc(bracket, j->out);
    j->has_member = false;
    j->depth++;
}

void json_close(struct json *j, char bracket)
{
    j->depth--;
    if (j->has_member && j->depth)
        break_line(j);
    else if (j->has_member && j->is_indented)
        putc('\n', j->out);
    putc(bracket, j->out);
    j->has_member = true;
}

void json_text(struct json *j, const char *key, const char *text)
{
    begin(j, key);
    if (text)
        put_quoted(j->out, text);
    else
        fputs("null", j->out);
}

void json_number(struct json *j, const char *key, uint64_t number)
{
    begin(j, key);
    fprintf(j->out, "%" PRIu64, number);
}

void json_address(struct json *j, const char *key, uint64_t address)
{
    begin(j, key);
    fprintf(j->out, "\"0x%" PRIx64 "\"", address);
}

void json_bool(struct json *j, const char *key, bool value)
{
    begin(j, key);
    fputs(value ? "true" : "false", j->out);
}
