// SPDX-License-Identifier: MIT
//
// An interpreter: random expressions are parsed by recursive descent into a syntax tree, evaluated with
// boxed values, and dropped. Call stacks of 8 to 60 frames, seldom twice the same.

#include "bench.h"

struct node {
    char kind;
    long value;
    struct node *left, *right;
};

struct text {
    char *bytes;
    size_t length, room;
};

static NOINLINE void put(struct text *text, char c)
{
    if (text->length == text->room)
        text->bytes = realloc(text->bytes, text->room = 2 * text->room + 64);
    text->bytes[text->length++] = c;
}

static NOINLINE void write_expression(struct text *text, uint64_t *random, int depth)
{
    if (depth == 0 || draw_below(random, 6) == 0) {
        put(text, (char)('0' + draw_below(random, 10)));
        return;
    }
    put(text, '(');
    write_expression(text, random, depth - 1);
    put(text, "+-*"[draw_below(random, 3)]);
    write_expression(text, random, depth - 1);
    put(text, ')');
}

static NOINLINE struct node *node_new(char kind, long value, struct node *left, struct node *right)
{
    struct node *node = malloc(sizeof *node);
    *node = (struct node){kind, value, left, right};
    return node;
}

static struct node *parse_sum(const char **at);

static NOINLINE struct node *parse_atom(const char **at)
{
    if (**at != '(')
        return node_new('n', *(*at)++ - '0', NULL, NULL);
    ++*at;
    struct node *node = parse_sum(at);
    ++*at;
    return node;
}

static NOINLINE struct node *parse_product(const char **at)
{
    struct node *node = parse_atom(at);
    while (**at == '*') {
        ++*at;
        node = node_new('*', 0, node, parse_atom(at));
    }
    return node;
}

static NOINLINE struct node *parse_sum(const char **at)
{
    struct node *node = parse_product(at);
    while (**at == '+' || **at == '-') {
        char kind = *(*at)++;
        node = node_new(kind, 0, node, parse_product(at));
    }
    return node;
}

static NOINLINE long *box(long value)
{
    long *boxed = malloc(24);
    *boxed = value;
    return boxed;
}

static NOINLINE long *evaluate(const struct node *node)
{
    if (node->kind == 'n')
        return box(node->value);
    long *left = evaluate(node->left), *right = evaluate(node->right);
    long a = *left, b = *right, result = a - b;
    if (node->kind != '-')
        result = node->kind == '+' ? a + b : (a * b) % 10007;
    free(left);
    free(right);
    return box(result);
}

static NOINLINE void drop(struct node *node)
{
    if (!node)
        return;
    drop(node->left);
    drop(node->right);
    free(node);
}

static NOINLINE uint64_t run_once(uint64_t *random)
{
    struct text text = {NULL, 0, 0};
    write_expression(&text, random, 11);
    put(&text, 0);
    const char *at = text.bytes;
    struct node *tree = parse_sum(&at);
    uint64_t sum = text.length;
    for (int i = 0; i < 2; i++) {
        long *value = evaluate(tree);
        sum = mix(sum, (uint64_t)*value);
        free(value);
    }
    drop(tree);
    free(text.bytes);
    return sum;
}

int main(int argc, char **argv)
{
    long size = size_argument(argc, argv);
    uint64_t sum = 0, random = 11;
    for (long i = 0; i < size; i++)
        sum = mix(sum, run_once(&random));
    return finish(sum);
}
