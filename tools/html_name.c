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

/* Behind the bracket that closes the one at s; NULL: there is none, as after `operator<`. */
static const char *behind(const char *s)
{
    for (int depth = 0; *s; s++) {
        depth += *s == '<' || *s == '(';
        depth -= (*s == '>' && s[-1] != '-') || *s == ')';
        if (depth == 0)
            return s + 1;
    }
    return NULL;
}

/* `operator<=>` is no bracket. */
static bool is_operator(const char *name, const char *s)
{
    static const char word[] = "operator";
    size_t length = sizeof(word) - 1;
    return *s == '<' && (size_t)(s - name) >= length && strncmp(s - length, word, length) == 0;
}

static void put_short(FILE *out, const char *name)
{
    static const char anonymous[] = "(anonymous namespace)";
    size_t length = sizeof(anonymous) - 1;
    for (const char *s = name; *s;) {
        bool is_bracket = (*s == '<' || *s == '(') && !is_operator(name, s);
        const char *next = is_bracket ? behind(s) : NULL;
        if (strncmp(s, anonymous, length) == 0) {
            fputs(anonymous, out);
            s += length;
        } else if (next && next - s > 2) {
            fprintf(out, "%c…%c", *s, next[-1]);
            s = next;
        } else {
            putc(*s++, out);
        }
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
