// SPDX-License-Identifier: MIT
//
// The stream is closed, the text that it left is the program's to free.
//
// EXPECT: definite ? 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    fprintf(stream, "some %s", "text");
    fclose(stream);
    CHECK(size == 9);
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
