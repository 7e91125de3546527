// SPDX-License-Identifier: MIT
//
// Owns: running one program and telling what it cost.
//
//   measure RESULT [KEY=VALUE]... -- PROGRAM [ARGUMENT]...
//
// RESULT becomes one line: wall time in ns, CPU time in us, peak resident memory in KiB, instructions
// in user mode (-1: the kernel has no counter for us), exit status (-N: ended by signal N).
//
// A small program of its own, not a part of the Python script: the kernel remembers a process's peak
// memory over exec, so what is started from a Python process would never seem smaller than that. The
// variables are set in the child only, so that nothing is preloaded into this program.
//
// All descendants count. Those that the program waited for come with it; orphans of it become our
// children, are waited for, and are added to the CPU time. Peak memory is that of the largest process.

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int64_t cpu_us(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

// Counts from the program's exec on, with all of its threads and children. -1 if that can't be had.
static int counter_open(void)
{
    struct perf_event_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = PERF_TYPE_HARDWARE;
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.disabled = 1;
    attr.enable_on_exec = 1;
    attr.inherit = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int64_t counter_read(int fd)
{
    int64_t count;
    return fd >= 0 && read(fd, &count, sizeof count) == (ssize_t)sizeof count ? count : -1;
}

static void become(char **words)
{
    for (; *words && strcmp(*words, "--") != 0; words++)
        putenv(*words);
    if (*words && words[1])
        execvp(words[1], words + 1);
    fprintf(stderr, "measure: can't start the program: %s\n", strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: measure RESULT [KEY=VALUE]... -- PROGRAM [ARGUMENT]...\n");
        return 2;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int counter = counter_open();
    int64_t begin = now_ns();
    pid_t child = fork();
    if (child == 0)
        become(argv + 2);

    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("measure");
        return 1;
    }
    int64_t wall = now_ns() - begin;
    int64_t cpu = cpu_us(&usage);
    long peak = usage.ru_maxrss;
    while (wait4(-1, NULL, 0, &usage) > 0 || errno == EINTR) {
        cpu += cpu_us(&usage);
        peak = usage.ru_maxrss > peak ? usage.ru_maxrss : peak;
    }

    FILE *result = fopen(argv[1], "w");
    if (!result) {
        perror(argv[1]);
        return 1;
    }
    fprintf(result, "%ld %ld %ld %ld %d\n", wall, cpu, peak, counter_read(counter),
            WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
    return fclose(result) == 0 ? 0 : 1;
}
