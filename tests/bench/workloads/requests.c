// SPDX-License-Identifier: MIT
//
// Many small short-lived objects: a server parses a text request into fields, answers, forgets it.
// Blocks of 16 to 100 bytes that live for microseconds, freed in the order of their making.

#include "bench.h"

struct field {
    struct field *next;
    char *name, *value;
};

struct request {
    struct field *fields;
    char *path;
    unsigned count;
};

static NOINLINE char *text_copy(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

static NOINLINE char *lower_case_copy(const char *text, size_t length)
{
    char *copy = text_copy(text, length);
    for (size_t i = 0; i < length; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] |= 32;
    return copy;
}

static NOINLINE struct field *field_new(const char *name, const char *colon, const char *end)
{
    struct field *field = malloc(sizeof *field);
    field->name = lower_case_copy(name, (size_t)(colon - name));
    field->value = text_copy(colon + 2, (size_t)(end - colon - 2));
    return field;
}

static NOINLINE void parse_fields(struct request *request, const char *text)
{
    struct field **last = &request->fields;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        *last = field_new(text, strchr(text, ':'), end);
        last = &(*last)->next;
        request->count++;
    }
    *last = NULL;
}

static NOINLINE struct request *parse_request(const char *text)
{
    const char *end = strchr(text, '\n');
    struct request *request = calloc(1, sizeof *request);
    request->path = text_copy(text, (size_t)(end - text));
    parse_fields(request, end + 1);
    return request;
}

static NOINLINE void request_free(struct request *request)
{
    for (struct field *field = request->fields, *next; field; field = next) {
        next = field->next;
        free(field->name);
        free(field->value);
        free(field);
    }
    free(request->path);
    free(request);
}

static NOINLINE uint64_t handle(const char *text)
{
    struct request *request = parse_request(text);
    uint64_t sum = mix_text(request->count, text, strlen(text));
    for (struct field *field = request->fields; field; field = field->next)
        sum = mix_text(mix_text(sum, field->name, strlen(field->name)), field->value,
                       strlen(field->value));
    request_free(request);
    return sum;
}

static NOINLINE uint64_t serve(long size)
{
    static const char *const requests[] = {
        "GET /\nHost: example\nAccept: text/html\nUser-Agent: a browser of some sort\n",
        "GET /index\nHost: example.org\nCookie: a=b; c=d; session=0123456789abcdef\n",
        "POST /form\nHost: a\nContent-Type: text/plain\nContent-Length: 12\nAccept: */*\nX: y\n"};
    uint64_t sum = 0, random = 7;
    for (long i = 0; i < size; i++)
        sum = mix(sum, handle(requests[draw_below(&random, 3)]));
    return sum;
}

int main(int argc, char **argv)
{
    return finish(serve(size_argument(argc, argv)));
}
