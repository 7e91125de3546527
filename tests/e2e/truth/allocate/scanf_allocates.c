// SPDX-License-Identifier: MIT
//
// The conversion %ms makes a block for the word.
//
// EXPECT: definite ? 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *word = NULL;
    CHECK(sscanf("first second", "%ms", &word) == 1);
    CHECK(strcmp(word, "first") == 0);
    use(word);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
