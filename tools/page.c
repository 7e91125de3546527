/* SPDX-License-Identifier: MIT
 *
 * Owns what comes after a program that was run to be shown (page.h). The folder of reports stays: the
 * browser reads it after this command has ended, and its path is told.
 *
 * Runs in ordinary context. Signals that would end the command go on to the program: the report is wanted
 * all the more then. When it has ended they end the command again. */
#include "page.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"

static const int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { PASSED_ON = sizeof(passed_on) / sizeof(*passed_on) };

static volatile sig_atomic_t program;

/* What a terminal sends goes to both already. */
static void pass_on(int signal)
{
    if (program > 0 && (signal == SIGTERM || signal == SIGHUP))
        kill(program, signal);
}

static int await(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_FAILURE;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_and_await(const char *file, char *const *words)
{
    pid_t pid = fork();
    if (pid == 0) {
        execvp(file, words);
        _exit(127);
    }
    return pid < 0 ? EXIT_FAILURE : await(pid);
}

static char *new_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = mem_format("%s/leakgc.XXXXXX", parent && *parent == '/' ? parent : "/tmp");
    if (mkdtemp(folder))
        return folder;
    fprintf(stderr, "leakgc run: no folder for the report: '%s': %s\n", folder, strerror(errno));
    free(folder);
    return NULL;
}

static void show(const char *self, const char *folder, pid_t pid)
{
    char *report = mem_format("%s/%d.lgc", folder, (int)pid);
    char *page = mem_format("%s/report.html", folder);
    const char *browser = getenv("BROWSER");
    if (!browser || !*browser || strchr(browser, ':'))
        browser = "xdg-open";
    if (access(report, R_OK) != 0)
        fprintf(stderr, "leakgc run: the program left no report\n");
    else if (run_and_await(self, (char *[]){mem_string("leakgc"), mem_string("report"),
                                            mem_string("--output"), page, report, NULL}) == 0) {
        fprintf(stderr, "leakgc run: the report is %s\n", page);
        if (run_and_await(browser, (char *[]){mem_string(browser), page, NULL}) != 0)
            fprintf(stderr, "leakgc run: '%s' could not show it\n", browser);
    }
    free(report);
    free(page);
}

bool page_is_program(const char *self, int *ret_status)
{
    char *folder = new_folder();
    void (*before[PASSED_ON])(int);
    *ret_status = EXIT_FAILURE;
    if (!folder)
        return false;
    char *pattern = mem_format("%s/%%p.lgc", folder);
    pid_t pid = fork();
    if (pid == 0) {
        setenv("LEAKGC_REPORT", pattern, 1);
        return true;
    }
    program = pid;
    for (int i = 0; i < PASSED_ON; i++)
        before[i] = signal(passed_on[i], pass_on);
    if (pid < 0) {
        perror("leakgc run");
    } else {
        *ret_status = await(pid);
        program = 0;
        for (int i = 0; i < PASSED_ON; i++)
            signal(passed_on[i], before[i]);
        show(self, folder, pid);
    }
    rmdir(folder); /* unless something is in it */
    free(pattern);
    free(folder);
    return false;
}
