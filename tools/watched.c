/* SPDX-License-Identifier: MIT
 *
 * Owns the end of processes of others (watched.h), and short numbers.
 *
 * Runs in ordinary context. */
#include "watched.h"

#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int watched_open(int pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0); /* Linux 5.3 */
}

bool watched_has_ended(int watched, int timeout_ms)
{
    struct pollfd wait = {.fd = watched, .events = POLLIN};
    return poll(&wait, 1, timeout_ms) == 1 && wait.revents & POLLIN;
}

static const char *shorten(char *text, double number, double unit, const char *letters)
{
    const char *letter = letters;
    double size = number < 0 ? -number : number;
    for (; size >= 9999.5 && letter[1]; letter++) {
        size /= unit;
        number /= unit;
    }
    int digits = *letter != ' ' && size < 99.95 ? 1 : 0;
    snprintf(text, WATCHED_NUMBER, "%.*f%.1s", digits, number, *letter == ' ' ? "" : letter);
    return text;
}

const char *watched_bytes(char text[WATCHED_NUMBER], double bytes)
{
    return shorten(text, bytes, 1024, " KMGTP");
}

const char *watched_count(char text[WATCHED_NUMBER], double count)
{
    return shorten(text, count, 1000, " kmgtp");
}
