// SPDX-License-Identifier: MIT
//
// One buffer for all the words of a file, however often it grew.
//
// EXPECT: definite ? 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *word = NULL;
    size_t room = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    while (getdelim(&word, &room, ' ', file) > 0)
        use(word);
    fclose(file);
    use(word);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
