/* SPDX-License-Identifier: MIT
 *
 * Owns the parsing of requests (grammar in request.h). The idea: a line either parses completely
 * or changes nothing, except that every line whose first word is `pc` adds one pc, so that the
 * number of answers can be counted by the asker whatever it wrote.
 *
 * Runs in ordinary context. Does not look at files; that is resolver.c. */
#include "request.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define MAX_BAD_LINES_SHOWN 20
#define MAX_BUILD_ID_BYTES 64

/* Cuts the next word, which ends with one space or with the line; NULL when it is empty. */
static char *next_word(char **rest)
{
    char *word = *rest;
    char *space = strchr(word, ' ');
    if (space)
        *space = 0;
    *rest = space ? space + 1 : word + strlen(word);
    return *word ? word : NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* All of the word, without sign or prefix; strtoull would take both. */
static bool parse_number(const char *word, unsigned base, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!word)
        return false;
    for (; *word; word++) {
        int digit = hex_digit(*word);
        if (digit < 0 || (unsigned)digit >= base)
            return false;
        if (__builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit, &number))
            return false;
    }
    *ret_number = number;
    return true;
}

static bool parse_id(const char *word, uint32_t *ret_id)
{
    uint64_t number;
    if (!parse_number(word, 10, &number) || number >= REQUEST_MAX_MODULES)
        return false;
    *ret_id = (uint32_t)number;
    return true;
}

/* `-` gives NULL and no bytes. */
static bool parse_build_id(const char *word, uint8_t **ret_id, size_t *ret_bytes)
{
    *ret_id = NULL;
    *ret_bytes = 0;
    if (!word)
        return false;
    if (strcmp(word, "-") == 0)
        return true;
    size_t digits = strlen(word);
    if (digits % 2 != 0 || digits / 2 > MAX_BUILD_ID_BYTES)
        return false;
    uint8_t *id = mem_zeroed(digits / 2, 1);
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_digit(word[i]);
        if (digit < 0) {
            free(id);
            return false;
        }
        id[i / 2] = (uint8_t)(id[i / 2] << 4 | digit);
    }
    *ret_id = id;
    *ret_bytes = digits / 2;
    return true;
}

static struct request_module *find_module(const struct request *request, uint32_t id)
{
    if (id >= request->module_count || !request->modules[id].path)
        return NULL;
    return &request->modules[id];
}

/* Each parser takes the line after its first word and returns NULL or what is wrong. */

static const char *parse_module(struct request *request, char *line)
{
    struct request_module module = {0};
    uint32_t id;
    if (!parse_id(next_word(&line), &id))
        return "bad module number";
    if (find_module(request, id))
        return "this module was given before";
    if (!parse_number(next_word(&line), 16, &module.start) ||
        !parse_number(next_word(&line), 16, &module.end) ||
        !parse_number(next_word(&line), 16, &module.bias))
        return "bad address";
    if (module.start >= module.end)
        return "the module ends before it starts";
    if (!parse_build_id(next_word(&line), &module.build_id, &module.build_id_bytes))
        return "bad build id";
    if (!*line) {
        free(module.build_id);
        return "no path";
    }
    module.path = mem_string(line);
    while (request->module_count <= id) {
        request->modules = mem_grow(request->modules, request->module_count,
                                    &request->module_capacity, sizeof(*request->modules));
        request->modules[request->module_count++] = (struct request_module){0};
    }
    request->modules[id] = module;
    return NULL;
}

static const char *parse_pc(struct request *request, char *line)
{
    request->pcs =
        mem_grow(request->pcs, request->pc_count, &request->pc_capacity, sizeof(*request->pcs));
    struct request_pc *pc = &request->pcs[request->pc_count++];
    *pc = (struct request_pc){.module = REQUEST_NO_MODULE};

    uint32_t id;
    uint64_t addr;
    if (!parse_id(next_word(&line), &id))
        return "bad module number";
    if (!parse_number(next_word(&line), 16, &addr))
        return "bad address";
    if (*line)
        return "more than two words after 'pc'";
    const struct request_module *module = find_module(request, id);
    if (!module)
        return "no such module was given";
    if (addr < module->start || addr >= module->end)
        return "the address is outside of its module";
    *pc = (struct request_pc){.module = id, .addr = addr};
    return NULL;
}

static const char *parse_line(struct request *request, char *line, size_t bytes)
{
    bool whole = strlen(line) == bytes; /* a NUL inside would hide the rest */
    char *rest = line;
    const char *word = next_word(&rest);
    if (word && strcmp(word, "pc") == 0) {
        const char *wrong = parse_pc(request, rest);
        return whole ? wrong : "a NUL byte in the line";
    }
    if (!whole)
        return "a NUL byte in the line";
    if (word && strcmp(word, "module") == 0)
        return parse_module(request, rest);
    if (word && strcmp(word, "linkage") == 0 && !*rest) {
        request->linkage = true;
        return NULL;
    }
    return "neither 'module' nor 'pc'";
}

int request_read(struct request *request, FILE *in)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    *request = (struct request){0};
    for (size_t number = 1; errno = 0, (length = getline(&line, &capacity, in)) >= 0; number++) {
        size_t bytes = (size_t)length;
        if (bytes > 0 && line[bytes - 1] == '\n')
            line[--bytes] = 0;
        const char *wrong = parse_line(request, line, bytes);
        if (wrong && request->bad_lines++ < MAX_BAD_LINES_SHOWN)
            fprintf(stderr, "leakgc symbolize: line %zu: %s\n", number, wrong);
    }
    int result = feof(in) ? 0 : -(errno ? errno : EIO);
    if (request->bad_lines > MAX_BAD_LINES_SHOWN)
        fprintf(stderr, "leakgc symbolize: %zu more lines are malformed\n",
                request->bad_lines - MAX_BAD_LINES_SHOWN);
    free(line);
    return result;
}

void request_done(struct request *request)
{
    for (size_t i = 0; i < request->module_count; i++) {
        free(request->modules[i].path);
        free(request->modules[i].build_id);
    }
    free(request->modules);
    free(request->pcs);
    *request = (struct request){0};
}
