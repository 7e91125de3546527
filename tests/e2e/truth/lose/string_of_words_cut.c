// SPDX-License-Identifier: MIT
//
// A text is cut into copies of its words.
//
// EXPECT: definite 48 4

#include "truth.h"

static NOINLINE void lose(void)
{
    char text[] = "one two three four";
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        char *copy = malloc(12);
        strcpy(copy, word);
        use(copy);
    }
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
