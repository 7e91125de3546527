// SPDX-License-Identifier: MIT
//
// Children are started with the LD_PRELOAD and the settings that the parent had.
//
// PLAIN: no
// ENV: LEAKGC_OPTIONS=verbose=0
// STDOUT: yes yes
// EXPECT: nothing

#include "leaktest.h"

int main(void)
{
    CHECK(system("case $LD_PRELOAD in *libleakgc.so) printf 'yes ';; esac;"
                 "case $LEAKGC_OPTIONS in verbose=0) printf 'yes\\n';; esac") == 0);
    return 0;
}
