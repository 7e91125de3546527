// SPDX-License-Identifier: MIT
//
// What is allowed says nothing.
//
// CFLAGS: -O2
// EXPECT: nothing
// LINE: verbose=0 => nothing
// LINE: verbose=no:details=off:help=false => nothing
// LINE: enabled=yes:use_tls=true:symbolize=on => nothing
// LINE: min_bytes=0:min_blocks=0:max_sites=0:exitcode=0 => nothing
// LINE: min_bytes=10:exitcode=255:stack_depth=256 => nothing
// LINE: min_bytes=10k => nothing
// LINE: min_bytes=10K:min_blocks=4294967295 => nothing
// LINE: min_bytes=10M => nothing
// LINE: min_bytes=10G => nothing
// LINE: kinds=all => nothing
// LINE: kinds=definite => nothing
// LINE: kinds=indirect,definite => nothing
// LINE: kinds=possible,definite,indirect => nothing
// LINE: :: => nothing
// LINE: :verbose=0: => nothing
// LINE: only=a,b,*c?d[e] => nothing
// LINE: report=stderr:log=stderr => nothing
// LINE: report=stdout => nothing
// LINE: LEAKGC_OPTIONS= => nothing
// LINE: LEAKGC_VERBOSE=0 LEAKGC_MIN_BYTES=10k LEAKGC_KINDS=all => nothing

#include "leaktest.h"

int main(void)
{
    CHECK(write(1, "unaffected\n", 11) == 11);
    return 0;
}
