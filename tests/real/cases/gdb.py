# SPDX-License-Identifier: MIT
"""gdb --batch: breakpoints, backtraces, values, threads, a core of Python inside; the program that it runs
inherits the library as well, and is checked at its own exit."""

from harness import Leak, case

PROGRAM = r"""
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node { struct node *next; int value; };
static struct node *list;
static struct node *add_node(int value)
{
    struct node *n = malloc(sizeof *n);
    n->next = list;
    n->value = value;
    return list = n;
}
static int depth(int n) { return n ? 1 + depth(n - 1) : add_node(77)->value; }
static void *work(void *text) { return strdup(text); }
int main(void)
{
    for (int i = 0; i < 10; i++)
        add_node(i);
    pthread_t thread;
    void *copy;
    pthread_create(&thread, NULL, work, "text of the thread");
    pthread_join(thread, &copy);
    printf("%d %s\n", depth(20), (char *)copy);
    free(copy);
    return 0;
}
"""

# gdb prints addresses only with `print address on`; numbers of processes and threads are filtered out below.
COMMANDS = """
set pagination off
set confirm off
set print address off
set print thread-events off
set debuginfod enabled off
set width 0
break add_node if value == 77
run
bt 6
frame 2
info locals
up 3
print *list
print list->next->value
ptype struct node
info source
python print(sum(int(gdb.parse_and_eval('list->value')) for _ in range(3)))
watch list
continue
delete
finish
continue
"""


@case(
    "gdb",
    needs={"gdb": "gdb", "gcc": "gcc"},
    checked=["gdb", "program"],
    leaks=[
        Leak("gdb", ("xmalloc */gdb",), "the names of the character sets: the destructor of their vector "
             "frees the vector only (memcheck: the same site)", most_bytes=20_000),
        Leak("gdb", ("operator new* */gdb", "*/gdb"), "one object of the ended program and what it holds "
             "(memcheck: the same 640 and 40 bytes)", most_bytes=2_000),
    ],
)
def gdb(stage):
    stage.write("program.c", PROGRAM)
    stage.compile("program.c", "program", "-O0", "-pthread")
    stage.write("commands", COMMANDS)
    answer = stage.do(["gdb", "-q", "-nx", "--batch", "-x", "commands", "./program"], show=False).text()
    # lines like "[Inferior 1 (process N) exited normally]" name numbers of processes and threads
    stage.note("\n".join(line for line in answer.splitlines() if not line.startswith("[")))
    stage.do(["gdb", "-q", "-nx", "--batch", "-ex", "info line main", "-ex", "disassemble main", "program"])
