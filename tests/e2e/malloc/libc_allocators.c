// SPDX-License-Identifier: MIT
//
// What libc allocates for its callers can be freed, and is all there.
//
// EXPECT: nothing

#include "leaktest.h"

#include <dirent.h>
#include <wchar.h>

int main(void)
{
    char *text = NULL, *line = NULL;
    size_t size = 0;
    FILE *file = fopen("in.txt", "w+");
    fprintf(file, "first line\nsecond line\n");
    rewind(file);
    CHECK(getline(&line, &size, file) == 11);
    CHECK(getdelim(&line, &size, 'd', file) == 6);
    fclose(file);
    free(line);
    CHECK(asprintf(&text, "%d %s", 10, "text") == 7);
    free(text);
    free(strdup("copy"));
    free(strndup("copy", 2));
    free(wcsdup(L"wide"));
    free(realpath("/proc/self/exe", NULL));
    free(getcwd(NULL, 0));
    struct dirent **names;
    int count = scandir(".", &names, NULL, alphasort);
    CHECK(count >= 3);
    while (count-- > 0)
        free(names[count]);
    free(names);
    file = open_memstream(&text, &size);
    for (int i = 0; i < 10000; i++)
        fprintf(file, "%d,", i);
    fclose(file);
    CHECK(size == 48890);
    free(text);
    CHECK(sscanf("words here", "%ms", &text) == 1);
    free(text);
    return 0;
}
