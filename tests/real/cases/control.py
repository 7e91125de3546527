# SPDX-License-Identifier: MIT
"""The control of this suite: a program that certainly leaks must be told, in all of its processes; else
the silence of the other cases would mean nothing."""

from harness import Leak, case

SOURCE = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct pair { char *volatile name; char *volatile value; };
__attribute__((noinline)) static void lose_pair(const char *name)
{
    struct pair *p = malloc(sizeof *p);
    p->name = strdup(name);
    p->value = calloc(1, 100);
    printf("%s %d\n", p->name, p->value[99]);
}
__attribute__((noinline)) static void lose_in_child(void) { memset(malloc(3000), 1, 3000); }
int main(void)
{
    lose_pair("parent");
    fflush(stdout);
    if (fork() == 0) {
        lose_in_child();
        exit(3);
    }
    int status;
    wait(&status);
    return WEXITSTATUS(status);
}
"""

PLANTED = "planted by this case"


@case(
    "control",
    needs={"gcc": "gcc"},
    checked=["program"],
    leaks=[
        Leak("program", ("lose_pair *program.c*", "main *"), PLANTED, ("definite",), must=True),
        Leak("program", ("lose_pair *program.c*", "main *"), PLANTED, ("indirect",), must=True),
        Leak("program", ("*strdup*", "lose_pair *"), PLANTED, ("indirect",), must=True),
        Leak("program", ("lose_in_child *program.c*", "main *"), PLANTED, ("definite",), must=True),
    ],
)
def control(stage):
    stage.write("program.c", SOURCE)
    stage.compile("program.c", "program", "-fno-builtin", "-fno-optimize-sibling-calls")
    stage.do(["./program"], status=3)
