// SPDX-License-Identifier: MIT
//
// Bad input says so in one line each, the default stays, and the program isn't affected.
//
// CFLAGS: -O2
// EXPECT: nothing
// LINE: foo=1 => unknown option 'foo'; ignored
// LINE: Verbose=1 => unknown option 'Verbose'; ignored
// LINE: use_global=1 => unknown option 'use_global'; ignored
// LINE: =1 => {ANY}
// LINE: exitcode => option 'exitcode' {ANY}
// LINE: exitcode= => option 'exitcode': '' is not {ANY}; using 0
// LINE: exitcode=300 => option 'exitcode': '300' is not in 0..255; using 0
// LINE: exitcode=-1 => option 'exitcode': '-1' is not {ANY}; using 0
// LINE: exitcode=1x => option 'exitcode': '1x' is not {ANY}; using 0
// LINE: exitcode=x => option 'exitcode': 'x' is not {ANY}; using 0
// LINE: exitcode=4294967297 => option 'exitcode': '4294967297' is not in 0..255; using 0
// LINE: exitcode=18446744073709551617 => option 'exitcode': '18446744073709551617' is not {ANY}; using 0
// LINE: stack_depth=0 => option 'stack_depth': '0' is not in 1..256; using 32
// LINE: stack_depth=257 => option 'stack_depth': '257' is not in 1..256; using 32
// LINE: stack_depth=deep => option 'stack_depth': 'deep' is not {ANY}; using 32
// LINE: min_bytes=abc => option 'min_bytes': 'abc' is not {ANY}; using 0
// LINE: min_bytes=10x => option 'min_bytes': '10x' is not {ANY}; using 0
// LINE: min_bytes=k => option 'min_bytes': 'k' is not {ANY}; using 0
// LINE: min_bytes=-5 => option 'min_bytes': '-5' is not {ANY}; using 0
// LINE: min_bytes=99999999999G => option 'min_bytes': '99999999999G' is not {ANY}; using 0
// LINE: min_blocks=-5 => option 'min_blocks': '-5' is not {ANY}; using 0
// LINE: min_blocks=9999999999 => option 'min_blocks': '9999999999' is not {ANY}; using 0
// LINE: max_sites=many => option 'max_sites': 'many' is not {ANY}; using 0
// LINE: kinds=lost => option 'kinds': 'lost' is not {ANY}; using definite,indirect
// LINE: kinds=definite,lost => option 'kinds': 'definite,lost' is not {ANY}; using definite,indirect
// LINE: kinds= => option 'kinds': '' is not {ANY}; using definite,indirect
// LINE: enabled=maybe => option 'enabled': 'maybe' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: verbose=maybe => option 'verbose': 'maybe' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: verbose=2 => option 'verbose': '2' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: verbose= => option 'verbose': '' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: use_globals=x => option 'use_globals': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: use_stacks=x => option 'use_stacks': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: use_registers=x => option 'use_registers': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: use_tls=x => option 'use_tls': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: use_mapped=x => option 'use_mapped': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: use_kernel=x => option 'use_kernel': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: unaligned=x => option 'unaligned': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: interior=lost => option 'interior': 'lost' is not possible or reachable; using possible
// LINE: heuristics=guess => option 'heuristics': 'guess' is not a set of {ANY}; using all
// LINE: pointer_mask=0x00ffff => option 'pointer_mask': '0x00ffff' is not a mask {ANY}; using 0xffffffffffffffff
// LINE: children=x => option 'children': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: on__exit=x => option 'on__exit': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: free_stacks=x => option 'free_stacks': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: details=x => option 'details': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: symbolize=x => option 'symbolize': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 1
// LINE: help=x => option 'help': 'x' is not a boolean (0, 1, yes, no, true, false, on, off); using 0
// LINE: psi=3s => option 'psi': '3s' is too long; using 0
// LINE: psi=often => option 'psi': 'often' is not a time {ANY}; using 0
// LINE: LEAKGC_EXITCODE=300 => option 'exitcode': '300' is not in 0..255; using 0
// LINE: LEAKGC_EXITCODE=300 LEAKGC_OPTIONS=exitcode=5 => option 'exitcode': '300' is not in 0..255; using {ANY}
// LINE: LEAKGC_NONSENSE=1 => {ANY}
// LINE: helper=/no/such/thing => nothing
// LINE: only= => nothing

#include "leaktest.h"

int main(void)
{
    puts("unaffected");
    return 0;
}
