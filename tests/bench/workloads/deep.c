// SPDX-License-Identifier: MIT
//
// Deep recursion: a walk through nested folders, three functions to a level, about 30 frames where the
// blocks are allocated. Each level keeps a path while those below it work.

#include "bench.h"

struct walk {
    uint64_t random, sum;
};

static void walk_folder(struct walk *walk, const char *path, int depth);

static NOINLINE char *join(const char *path, uint32_t number)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = strlen(path);
    char *joined = malloc(length + 4);
    memcpy(joined, path, length);
    joined[length] = '/';
    joined[length + 1] = digits[number >> 4 & 15];
    joined[length + 2] = digits[number & 15];
    joined[length + 3] = 0;
    return joined;
}

static NOINLINE void look_at_file(struct walk *walk, const char *path, uint32_t number)
{
    char *name = join(path, number);
    char *content = malloc(32 + draw_below(&walk->random, 96));
    memset(content, name[strlen(name) - 1], 32);
    walk->sum = mix_text(walk->sum, name, strlen(name)) + (uint64_t)content[31];
    free(content);
    free(name);
}

static NOINLINE void visit_files(struct walk *walk, const char *path)
{
    for (uint32_t i = 0; i < 40; i++)
        look_at_file(walk, path, i);
}

static NOINLINE void enter(struct walk *walk, const char *path, int depth)
{
    volatile char name_buffer[64];
    name_buffer[0] = path[0];
    char *below = join(path, draw_below(&walk->random, 256));
    walk_folder(walk, below, depth - 1);
    walk->sum += (uint64_t)name_buffer[0];
    free(below);
}

static NOINLINE void visit_folders(struct walk *walk, const char *path, int depth)
{
    uint32_t folders = depth < 3 ? 2 : 1;
    for (uint32_t i = 0; i < folders; i++)
        enter(walk, path, depth);
}

static NOINLINE void walk_folder(struct walk *walk, const char *path, int depth)
{
    if (depth > 0)
        visit_folders(walk, path, depth);
    else
        walk->sum = mix(walk->sum, strlen(path));
    if (depth < 3)
        visit_files(walk, path);
}

int main(int argc, char **argv)
{
    struct walk walk = {13, 0};
    for (long i = size_argument(argc, argv); i > 0; i--)
        walk_folder(&walk, "", 9);
    return finish(walk.sum);
}
