# SPDX-License-Identifier: MIT
"""A program on libgomp: parallel regions, tasks, nested teams; its threads still live at exit."""

from harness import case

SOURCE = r"""
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tree { struct tree *left, *right; long value; };
static struct tree *grow(int depth)
{
    struct tree *t = malloc(sizeof *t);
    t->value = depth;
    t->left = t->right = NULL;
    if (depth) {
#pragma omp task shared(t)
        t->left = grow(depth - 1);
#pragma omp task shared(t)
        t->right = grow(depth - 1);
#pragma omp taskwait
    }
    return t;
}
static long fell(struct tree *t)
{
    long sum = t->value + (t->left ? fell(t->left) : 0) + (t->right ? fell(t->right) : 0);
    free(t);
    return sum;
}
int main(void)
{
    enum { N = 2000 };
    char **lines = calloc(N, sizeof *lines);
    long bytes = 0;
    omp_set_max_active_levels(2);
#pragma omp parallel for num_threads(8) schedule(dynamic, 7) reduction(+ : bytes)
    for (int i = 0; i < N; i++) {
        lines[i] = malloc(64 + i);
        bytes += snprintf(lines[i], 64, "line %d", i);
    }
#pragma omp parallel num_threads(3)
#pragma omp parallel for num_threads(2)
    for (int i = 0; i < 100; i++)
        free(realloc(strdup("private"), 1000));
    struct tree *t = NULL;
#pragma omp parallel num_threads(4)
#pragma omp single
    t = grow(12);
    printf("%ld %ld\n", bytes, fell(t));
#pragma omp parallel for num_threads(4)
    for (int i = 0; i < N; i++)
        free(lines[N - 1 - i]);
    free(lines);
    return 4;
}
"""


@case("openmp", needs={"gcc": "gcc"}, checked=["program"])
def openmp(stage):
    stage.write("program.c", SOURCE)
    stage.compile("program.c", "program", "-fopenmp", "-O2")
    for wait in ("passive", "active"):
        stage.do(["./program"], env={"OMP_WAIT_POLICY": wait}, status=4)
