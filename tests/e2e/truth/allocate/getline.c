// SPDX-License-Identifier: MIT
//
// The line's buffer stays when the file is closed.
//
// EXPECT: definite ? 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen("/proc/self/stat", "r");
    CHECK(getline(&line, &room, file) > 0);
    fclose(file);
    use(line);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
