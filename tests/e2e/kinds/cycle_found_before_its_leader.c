// SPDX-License-Identifier: MIT
//
// L1 <-> x is a cycle, and L2 -> x comes on top: only L2 is definite, wherever the three lie. The
// clique that was led by L1 or x merges into L2's when L2 comes later.
//
// CFLAGS: -O2 -DL1=0 -DX=1 -DL2=2 | -O2 -DL1=0 -DX=2 -DL2=1 | -O2 -DL1=1 -DX=0 -DL2=2 | -O2 -DL1=1 -DX=2 -DL2=0 | -O2 -DL1=2 -DX=0 -DL2=1 | -O2 -DL1=2 -DX=1 -DL2=0
// ORACLE: not valgrind: where L1 leads X before L2 comes, it calls both L1 and L2 definite
// EXPECT: definite 48 1; indirect 96 2
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 48 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in new_l2 {FILE}:{@l2}
//|     #1 0x.. in lose {FILE}:{@lose}
//|     #2 0x.. in main {FILE}:{@main}
//|     ...
//|     and through it 96 byte(s) in 2 object(s) are lost indirectly
//|
//| Indirect leak of 96 byte(s) in 2 object(s) allocated from:
//|     #0 0x.. in new_member {FILE}:{@member}
//|     #1 0x.. in lose {FILE}:{@other}
//|     #2 0x.. in main {FILE}:{@main}
//|     ...
//|
//| SUMMARY: leakgc: 144 byte(s) leaked in 3 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 48 bytes in 1 blocks
//| ==PID==   indirectly lost: 96 bytes in 2 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: 0 bytes in 0 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

static NOINLINE void **new_l2(void)
{
    void **p = calloc(1, 48); // @l2
    use(p);
    return p;
}

static NOINLINE void **new_member(void)
{
    void **p = calloc(2, 24); // @member
    use(p);
    return p;
}

static NOINLINE void lose(void)
{
    void **node[3];
    for (volatile int i = 0; i < 3; i++) {
        if (i == L2)
            node[i] = new_l2(); // @lose
        else
            node[i] = new_member(); // @other
    }
    node[L1][0] = node[X];
    node[X][0] = node[L1];
    node[L2][0] = node[X];
    use(node);
}

int main(void)
{
    lose(); // @main
    return 0;
}
