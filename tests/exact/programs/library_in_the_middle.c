// SPDX-License-Identifier: MIT
//
// The library calls back into the program: qsort, bsearch, search trees, file trees, streams of the
// program's own, scandir, lazily bound calls; and allocates on its behalf: asprintf, getline, printf.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer -Wl,-z,lazy -fplt | gcc -O2 -static-libgcc -no-pie | clang -O2
// captures: 4000

#include "exact.h"

#include <dirent.h>
#include <ftw.h>
#include <glob.h>
#include <locale.h>
#include <regex.h>
#include <search.h>
#include <wchar.h>

static volatile int sum;

static NOINLINE int compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    touch((size_t)(x & 15) + 1);
    return (x > y) - (x < y);
}

static int compare_with(const void *a, const void *b, void *unused)
{
    use(unused);
    return compare(a, b);
}

static void visit(const void *node, VISIT order, int level)
{
    use((void *)(uintptr_t)node);
    touch((size_t)order + (size_t)level + 1);
}

static int on_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    touch(strlen(path) + (size_t)place->level + (size_t)kind);
    use((void *)(uintptr_t)info);
    return ++sum > 100000;
}

static ssize_t take(void *cookie, const char *text, size_t size)
{
    use(cookie);
    use((void *)(uintptr_t)text);
    touch_all(size % 100);
    return (ssize_t)size;
}

static int keep(const struct dirent *entry)
{
    touch(strlen(entry->d_name) + 1);
    return 1;
}

static NOINLINE void sorts(void)
{
    int numbers[40];
    void *tree = NULL;
    for (int i = 0; i < 40; i++)
        numbers[i] = (int)rnd(1000);
    qsort(numbers, 40, sizeof *numbers, compare);
    qsort_r(numbers, 40, sizeof *numbers, compare_with, &tree);
    int key = (int)rnd(1000);
    use(bsearch(&key, numbers, 40, sizeof *numbers, compare));
    for (int i = 0; i < 40; i++)
        use(tsearch(&numbers[i], &tree, compare));
    twalk(tree, visit);
    while (tree)
        tdelete(*(int **)tree, &tree, compare);
}

static NOINLINE void streams(void)
{
    cookie_io_functions_t functions = {.write = take};
    FILE *file = fopencookie(&functions, "w", functions);
    char *text = NULL, *line = NULL;
    size_t size = 0;
    CHECK(file);
    fprintf(file, "%200s %ls %.300f", "x", L"wide", 1.5);
    fclose(file);
    CHECK(asprintf(&text, "%5000d", 1) == 5000);
    FILE *memory = fmemopen(text, 5000, "r");
    CHECK(getline(&line, &size, memory) > 0);
    fclose(memory);
    free(line);
    free(text);
    memory = open_memstream(&text, &size);
    for (int i = 0; i < 200; i++)
        fprintf(memory, "%d %s", i, "more and more");
    fclose(memory);
    free(text);
}

static NOINLINE void files(void)
{
    struct dirent **names;
    glob_t found;
    regex_t regex;
    int n = scandir("/usr/share", &names, keep, alphasort);
    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
    nftw("/usr/share/doc/libc6", on_file, 8, FTW_PHYS);
    CHECK(glob("/usr/{bin,lib}/lib*", GLOB_BRACE, NULL, &found) != GLOB_NOSPACE);
    globfree(&found);
    CHECK(!regcomp(&regex, "(a|b)*c[[:alpha:]]+\\.", REG_EXTENDED));
    use((void *)(uintptr_t)regexec(&regex, "ababcxyz.", 0, NULL, 0));
    regfree(&regex);
    setlocale(LC_ALL, sum % 2 ? "C.UTF-8" : "C");
}

int main(void)
{
    for (int i = 0; i < 8; i++) {
        sorts();
        streams();
        files();
    }
    return 0;
}
