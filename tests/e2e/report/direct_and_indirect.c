// SPDX-License-Identifier: MIT
//
// The report of the manual: a lost list of eleven nodes.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 10 1; indirect 80 10
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 10 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in lose {FILE}:{@head}
//|     #1 0x.. in main {FILE}:{@main}
//|     ...
//|     and through it 80 byte(s) in 10 object(s) are lost indirectly
//|
//| Indirect leak of 80 byte(s) in 10 object(s) allocated from:
//|     #0 0x.. in new_node {FILE}:{@node}
//|     #1 0x.. in lose {FILE}:{@new}
//|     #2 0x.. in main {FILE}:{@main}
//|     ...
//|
//| SUMMARY: leakgc: 90 byte(s) leaked in 11 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 10 bytes in 1 blocks
//| ==PID==   indirectly lost: 80 bytes in 10 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: 1,024 bytes in 1 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

void *kept;

static NOINLINE void **new_node(void **next)
{
    void **node = malloc(8); // @node
    node[0] = next;
    return node;
}

static NOINLINE void lose(void)
{
    void **list = NULL;
    for (int i = 0; i < 10; i++)
        list = new_node(list); // @new
    void **head = malloc(10);  // @head
    head[0] = list;
    use(head);
}

int main(void)
{
    kept = malloc(1024);
    lose(); // @main
    return 0;
}
