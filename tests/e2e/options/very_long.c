// SPDX-License-Identifier: MIT
//
// Values of thousands of characters.
//
// EXPECT: no report

#include "leaktest.h"

int main(int argc, char **argv)
{
    if (argc == 1) {
        static char text[100000];
        memset(text, 'x', sizeof text - 1);
        memcpy(text, "only=", 5);
        CHECK(setenv("LEAKGC_OPTIONS", text, 1) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    use(malloc(10));
    return 0;
}
