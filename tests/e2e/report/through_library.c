// SPDX-License-Identifier: MIT
//
// Frames in a shared object of the program's, called through its PLT, and back into the program.
//
// CFLAGS: -O0 | -O2
// SOLIB:
// EXPECT: definite 109 1
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 109 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in library_alloc {FILE}:{@malloc}
//|     #1 0x.. in callback {FILE}:{@callback}
//|     #2 0x.. in library_call {FILE}:{@library}
//|     #3 0x.. in main {FILE}:{@main}
//|     ...
//|
//| SUMMARY: leakgc: 109 byte(s) leaked in 1 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 109 bytes in 1 blocks
//| ==PID==   indirectly lost: 0 bytes in 0 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: 0 bytes in 0 blocks
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

void *library_alloc(size_t size);
void library_call(void (*function)(void));

#ifdef BUILD_SOLIB
void *library_alloc(size_t size)
{
    void *p = malloc(size); // @malloc
    use(p);
    return p;
}

void library_call(void (*function)(void))
{
    function(); // @library
    __asm__ volatile("");
}
#else
static NOINLINE void callback(void)
{
    use(library_alloc(109)); // @callback
}

int main(void)
{
    library_call(callback); // @main
    return 0;
}
#endif
