# SPDX-License-Identifier: MIT
"""Programs that bring their own malloc: exported (it wins over the preloaded one), and hidden (libc's own
allocations still reach the library, the program's do not). The library can't see what leaks there: it must
say so in one line, and must not call such a program leak-free."""

from harness import case

# A bump allocator: enough for a program, and it makes the call graph plain.
SOURCE = r"""
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static char arena[1 << 22] __attribute__((aligned(16)));
static size_t used;

OURS void *malloc(size_t n)
{
    n = (n + 31) & ~(size_t)15;
    if (n < 16 || n > sizeof arena - used)
        return NULL;
    size_t *head = (size_t *)(arena + used);
    *head = n - 16;
    used += n;
    return (char *)head + 16;
}
OURS void free(void *p) { (void)p; }
OURS void *calloc(size_t n, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(n, size, &bytes) ? NULL : malloc(bytes); /* the arena is zero */
}
OURS void *realloc(void *p, size_t n)
{
    void *q = malloc(n);
    if (p && q) {
        size_t old = ((size_t *)p)[-2];
        memcpy(q, p, old < n ? old : n);
    }
    return q;
}

struct node { struct node *next; char text[40]; };
int main(void)
{
    struct node *list = NULL;
    for (int i = 0; i < 1000; i++) {
        struct node *n = malloc(sizeof *n);
        snprintf(n->text, sizeof n->text, "node %d", i);
        n->next = list;
        list = n;
    }
    size_t total = 0;
    for (struct node *n = list; n; n = n->next)
        total += strlen(n->text);
    list = NULL; /* a thousand blocks lost, in an allocator that nobody watches */
    printf("%zu %d\n", total, (char *)realloc(calloc(3, 5), 100) > arena);
    return 0;
}
"""

ONE_LINE = r"^==\d+==leakgc: .*\bmalloc\b"


@case("own-malloc-exported", needs={"gcc": "gcc"}, expects_log=ONE_LINE, unwatched=["program"])
def exported(stage):
    stage.write("program.c", SOURCE)
    stage.compile("program.c", "program", "-DOURS=", "-rdynamic", "-fno-builtin")
    stage.do(["./program"])


@case("own-malloc-hidden", needs={"gcc": "gcc"}, expects_log=ONE_LINE, unwatched=["program"])
def hidden(stage):
    stage.write("program.c", SOURCE)
    ours = '-DOURS=__attribute__((visibility("hidden")))'
    stage.compile("program.c", "program", ours, "-fvisibility=hidden", "-fno-builtin")
    stage.do(["./program"])
