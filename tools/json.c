/* SPDX-License-Identifier: MIT
 *
 * Owns the grammar of JSON (json.h): commas and quoting.
 *
 * Runs in ordinary context. */
#include "json.h"

#include <inttypes.h>

#include "utf8.h"

static void put_quoted(FILE *out, const char *text)
{
    putc('"', out);
    for (struct utf8 c; (c = utf8_next(&text)).length;)
        if (utf8_is_control(c))
            fprintf(out, "\\u%04x", *c.bytes);
        else
            fprintf(out, "%s%.*s", *c.bytes == '"' || *c.bytes == '\\' ? "\\" : "", (int)c.length,
                    c.bytes);
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
