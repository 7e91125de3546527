/* SPDX-License-Identifier: MIT
 *
 * Owns how long C++ names are shortened for rows and boxes: what stands between angle brackets becomes `<…>`, and
 * the parameters `(…)`. The full name is shown where the stack is.
 *
 * Runs in ordinary context. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "mem.h"

enum { LONG = 60 };

/* The bytes of `operator<<` and its like, whose signs are no brackets; 0: there is none. */
static size_t operator_length(const char *s, const char *begin)
{
    static const char word[] = "operator";
    size_t length = sizeof(word) - 1;
    if (strncmp(s, word, length) != 0 || (s > begin && s[-1] != ' ' && s[-1] != ':'))
        return 0;
    size_t signs = strspn(s + length, "<>=-");
    return signs ? length + signs : 0;
}

/* Behind the bracket that closes the one at s; NULL: there is none. */
static const char *behind(const char *s)
{
    const char *begin = s;
    for (int depth = 0; *s; s++) {
        size_t skipped = operator_length(s, begin);
        if (skipped) {
            s += skipped - 1;
            continue;
        }
        depth += *s == '<' || *s == '(';
        depth -= (*s == '>' && s[-1] != '-') || *s == ')';
        if (depth == 0)
            return s + 1;
    }
    return NULL;
}

static void put_short(FILE *out, const char *name)
{
    static const char anonymous[] = "(anonymous namespace)";
    for (const char *s = name; *s;) {
        size_t length = operator_length(s, name);
        if (!length && strncmp(s, anonymous, sizeof(anonymous) - 1) == 0)
            length = sizeof(anonymous) - 1;
        const char *next = !length && (*s == '<' || *s == '(') ? behind(s) : NULL;
        if (next && next - s > 2) {
            fprintf(out, "%c…%c", *s, next[-1]);
            s = next;
            continue;
        }
        fwrite(s, 1, length ? length : 1, out);
        s += length ? length : 1;
    }
}

char *html_short_name(const char *name)
{
    char *text = NULL;
    size_t bytes = 0;
    if (strlen(name) <= LONG)
        return mem_string(name);
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        return mem_string(name);
    put_short(out, name);
    if (fclose(out) == 0)
        return text;
    free(text);
    return mem_string(name);
}
