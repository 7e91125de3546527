// SPDX-License-Identifier: MIT
//
// Four gigabytes are allocated and freed beside 64 MiB that stay, then the program does nothing:
// within three seconds the resident set is what lives, and little more. As small blocks, as big ones,
// as a few huge ones; control: nothing is freed, and the same measurement says so.
//
// ARGS: 1000 | 50000 | 300000000 | 50000 control

#include "stress.h"

#include <fcntl.h>

enum { LIVE = 64 << 20, LITTLE = 96 << 20 };

// Without allocating.
static size_t resident(void)
{
    char text[100] = "";
    size_t pages = 0;
    int fd = open("/proc/self/statm", O_RDONLY);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    sscanf(text, "%*u %zu", &pages);
    return pages * 4096;
}

static bool falls_below(size_t bytes)
{
    for (int tenth = 0; tenth < 30 && resident() >= bytes; tenth++)
        usleep(100000);
    return resident() < bytes;
}

// Every page, of huge blocks every 16th: that is quicker.
static void *touched(size_t bytes)
{
    char *p = malloc(bytes);
    CHECK(p);
    for (size_t at = 0; at < bytes; at += bytes < 1 << 20 ? 4096 : 1 << 16)
        p[at] = 1;
    return p;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    size_t bytes = strtoul(argv[2], NULL, 10);
    size_t count = ((size_t)scaled(4 << 10) << 20) / bytes;
    size_t before = resident();
    char *live = malloc(LIVE);
    memset(live, 1, LIVE);
    void **spike = calloc(count, sizeof *spike);
    for (size_t i = 0; i < count; i++)
        spike[i] = touched(bytes);
    size_t peak = resident();
    bool control = stress_has("control");
    for (size_t i = 0; i < count && !control; i++)
        free(spike[i]);
    if (!control)
        free(spike);
    bool fell = falls_below(before + LIVE + LITTLE);
    CHECK(fell != control || peak < before + LIVE + LITTLE);
    for (size_t i = 0; i < count && control; i++)
        free(spike[i]);
    if (control)
        free(spike);
    free(live);
    return stress_end();
}
