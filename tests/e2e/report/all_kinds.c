// SPDX-License-Identifier: MIT
//
// kinds=all: records of all four kinds, in this order, and within a kind by bytes.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=kinds=all
// EXPECT: definite 3100 2; indirect 50 1; possible 1001 2; reachable 2107 2
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 3000 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in lose {FILE}:{@direct2}
//|     #1 0x.. in main {FILE}:{@main}
//|     ...
//|
//| Direct leak of 100 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in lose {FILE}:{@direct1}
//|     #1 0x.. in main {FILE}:{@main}
//|     ...
//|     and through it 50 byte(s) in 1 object(s) are lost indirectly
//|
//| Indirect leak of 50 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in lose {FILE}:{@indirect}
//|     #1 0x.. in main {FILE}:{@main}
//|     ...
//|
//| Possible leak of 901 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in main {FILE}:{@possible2}
//|     ...
//|
//| Possible leak of 100 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in main {FILE}:{@possible1}
//|     ...
//|
//| Still reachable: 2100 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in main {FILE}:{@reachable2}
//|     ...
//|
//| Still reachable: 7 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in main {FILE}:{@reachable1}
//|     ...
//|
//| SUMMARY: leakgc: {ANY} byte(s) leaked in {ANY} allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 3,100 bytes in 2 blocks
//| ==PID==   indirectly lost: 50 bytes in 1 blocks
//| ==PID==     possibly lost: 1,001 bytes in 2 blocks
//| ==PID==   still reachable: 2,107 bytes in 2 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

char *root[4];

static NOINLINE void lose(void)
{
    void **p = calloc(1, 100); // @direct1
    p[1] = malloc(50);         // @indirect
    use(p);
    use(malloc(3000)); // @direct2
}

int main(void)
{
    lose();                 // @main
    root[0] = malloc(7);    // @reachable1
    root[1] = malloc(2100); // @reachable2
    root[2] = malloc(100);  // @possible1
    root[2] += 50;
    root[3] = malloc(901); // @possible2
    root[3] += 50;
    return 0;
}
