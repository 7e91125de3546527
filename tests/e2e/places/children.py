# SPDX-License-Identifier: MIT
"""Every way to make a process: parent and child report separately, each under its own process id; a child that only
executes another program, or ends by _exit, says nothing of its own."""

import os
import re

import reports
import runner

PROGRAM = """
#include "leaktest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;
static char *program;

static NOINLINE void lose(size_t bytes)
{
    use(malloc(bytes));
}

// Who I am, for the test: a line of the file `who`.
static void sign(const char *name)
{
    FILE *file = fopen("who", "a");
    CHECK(file != NULL && fprintf(file, "%s %d\\n", name, getpid()) > 0 && fclose(file) == 0);
}

static void await(pid_t pid)
{
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void child_works(void)
{
    sign("child");
    lose(50);
    exit(0);
}

static void mode_fork(void)
{
    pid_t pid = fork();
    if (pid == 0)
        child_works();
    await(pid);
}

static void mode_fork__exit(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        lose(50);
        _exit(0);
    }
    await(pid);
}

static void mode_fork_exec(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        lose(50); // is gone with the old program
        execl(program, program, "leaf", (char *)NULL);
        _exit(1);
    }
    await(pid);
}

static void mode_fork_exec_fails(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/does/not/exist", "exist", (char *)NULL);
        _exit(errno == ENOENT ? 0 : 1);
    }
    await(pid);
}

static void mode_daemon(void)
{
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(setsid() > 0);
        if (fork() != 0)
            _exit(0);
        child_works(); // its end of the pipe closes after the report
    }
    await(pid);
    close(ends[1]);
    CHECK(read(ends[0], &byte, 1) == 0);
}

static void mode_libc_daemon(void)
{
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(daemon(1, 1) == 0);
        child_works();
    }
    await(pid);
    close(ends[1]);
    CHECK(read(ends[0], &byte, 1) == 0);
}

static void mode_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execl(program, program, "leaf", (char *)NULL);
        _exit(1);
    }
    await(pid);
}

static void mode_vfork__exit(void)
{
    pid_t pid = vfork();
    if (pid == 0)
        _exit(0);
    await(pid);
}

static void mode_spawn(void)
{
    pid_t pid;
    char *words[] = {program, "leaf", NULL};
    CHECK(posix_spawn(&pid, program, NULL, NULL, words, environ) == 0);
    await(pid);
    CHECK(posix_spawnp(&pid, "/does/not/exist", NULL, NULL, words, environ) == ENOENT);
}

static void mode_popen(void)
{
    char command[4096], line[100] = "";
    snprintf(command, sizeof command, "'%s' leaf", program);
    FILE *file = popen(command, "r");
    CHECK(file != NULL && fgets(line, sizeof line, file) != NULL && !strcmp(line, "leaf\\n"));
    CHECK(pclose(file) == 0);
}

static void mode_system(void)
{
    char command[4096];
    snprintf(command, sizeof command, "'%s' leaf", program);
    CHECK(system(command) == 0);
}

static int execute_leaf(void *unused)
{
    execl(program, program, "leaf", (char *)unused);
    return 1;
}

static void mode_clone_vm_vfork(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    pid_t pid = clone(execute_leaf, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    await(pid);
}

static int work_in_clone(void *unused)
{
    (void)unused;
    child_works();
    return 1;
}

static void mode_clone(void)
{
    static char stack[262144] __attribute__((aligned(16)));
    pid_t pid = clone(work_in_clone, stack + sizeof stack, SIGCHLD, NULL);
    await(pid);
}

static void *wait_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

// No handler of fork is called.
static void mode_raw_clone(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0)
        child_works();
    await(pid);
}

static void *fork_here(void *unused)
{
    mode_fork();
    return unused;
}

static void mode_fork_in_thread(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, fork_here, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

#define MODE(name) {#name, mode_##name}
static const struct {
    const char *name;
    void (*run)(void);
} modes[] = {MODE(fork), MODE(fork__exit), MODE(fork_exec), MODE(fork_exec_fails), MODE(daemon), MODE(libc_daemon),
             MODE(vfork), MODE(vfork__exit), MODE(spawn), MODE(popen), MODE(system), MODE(clone_vm_vfork), MODE(clone),
             MODE(raw_clone),
             MODE(fork_in_thread)};

int main(int argc, char **argv)
{
    program = argv[0];
    CHECK(argc == 2);
    if (!strcmp(argv[1], "leaf")) {
        puts("leaf");
        sign("leaf");
        lose(70);
        return 0;
    }
    sign("parent");
    lose(109);
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
        if (!strcmp(modes[i].name, argv[1]))
            modes[i].run();
    return 0;
}
"""
BYTES = {"parent": 109, "child": 50, "leaf": 70}
EXPECTED = {
    "none": ["parent"], "fork": ["parent", "child"], "fork__exit": ["parent"], "fork_exec": ["parent", "leaf"],
    "fork_exec_fails": ["parent"], "daemon": ["parent", "child"], "libc_daemon": ["parent", "child"],
    "vfork": ["parent", "leaf"], "vfork__exit": ["parent"], "spawn": ["parent", "leaf"], "popen": ["parent", "leaf"],
    "system": ["parent", "leaf"], "clone_vm_vfork": ["parent", "leaf"], "clone": ["parent", "child"],
    "raw_clone": ["parent", "child"],
    "fork_in_thread": ["parent", "child"],
}


# What a child of clone loses may still stand on its stack, which is a variable of the program; what another
# thread of the parent had lost counts as reachable in the child.
def lost(name, mode):
    if name != "child" or mode == "fork_in_thread":
        return BYTES[name]
    return BYTES["parent"] + (BYTES["child"] if mode != "clone" else 0)


def check_one(bench, exe, mode, options):
    result = bench.run([exe, mode], {"LEAKGC_OPTIONS": "report=out.%p:" + options})
    if result.status != 0 or result.stderr:
        raise runner.Failure("%s: status %d" % (mode, result.status), result.stderr)
    with open(os.path.join(bench.cwd, "who"), encoding="utf-8") as file:
        who = dict(line.split() for line in file)
    expected = EXPECTED[mode] if not options else ["parent"] + ["child"] * ("child" in EXPECTED[mode])
    files = {name[4:] for name in os.listdir(bench.cwd) if name.startswith("out.")}
    if sorted(who) != sorted(EXPECTED[mode]) or files != {who[name] for name in expected}:
        raise runner.Failure("%s %s: reports of %s, processes %s" % (mode, options, files, who))
    for name in expected:
        path = os.path.join(bench.cwd, "out." + who[name])
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found, _ = reports.parse(text)
        if len(found) != 1 or found[0].faults() or found[0].amount("definite")[0] != lost(name, mode) \
                or set(re.findall(r"^==(\d+)==", text, re.MULTILINE)) != {who[name]}:
            raise runner.Failure("%s: the report of the %s" % (mode, name), text)
        os.remove(path)
    os.remove(os.path.join(bench.cwd, "who"))


def test(bench):
    exe = bench.compile(PROGRAM)
    for mode in EXPECTED:
        check_one(bench, exe, mode, "")
    for mode in ("fork", "spawn", "system", "vfork"):
        check_one(bench, exe, mode, "children=0")
