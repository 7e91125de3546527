/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `selftest`. The command executes itself under the library, as a small program
 * with known leaks, reads what the library says of it, and puts that in words. The library's own test
 * (the option selftest) is on.
 *
 *   the command                          itself, as the program
 *   ...                                  loses blocks, asks by a signal for a scan
 *   reads the line about the scan        waits
 *   closes the pipe                      ends
 *   reads the report, takes the status
 *
 * The program is killed by its own alarm if none of this happens, so the command's reading ends.
 *
 * Runs in ordinary context. */
#include "selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "locate.h"
#include "mem.h"
#include "run.h"

enum { WORKS = 0, FAILS = 1 };
enum { BLOCKS = 3, BLOCK_BYTES = 1000, STATUS_OF_LEAKS = 23, SECONDS = 20 };

#define THE_PROGRAM "program" /* operand: not the command, but the program that it starts */

/* --- The program ------------------------------------------------------------------------------ */

static void *volatile kept;
static void *volatile lost;

/* Not static: its name is to be in the report, also where the command is stripped of all others. */
__attribute__((noinline)) void selftest_loses(void);

__attribute__((noinline)) void selftest_loses(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        void **p = malloc(BLOCK_BYTES);
        if (p)
            *p = malloc(BLOCK_BYTES);
        lost = p;
    }
    lost = NULL;
}

static int be_the_program(void)
{
    char byte;
    alarm(SECONDS);
    kept = malloc(BLOCK_BYTES);
    selftest_loses();
    raise(SIGUSR2);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
        ;
    return 0;
}

/* --- What is said about it -------------------------------------------------------------------- */

struct outcome {
    char *text; /* all that the library said */
    size_t length, capacity;
    char *scan; /* its line about the scan of the living program, in `text`, or NULL */
    int status; /* as from wait(2) */
};

/* Reads all; closes `go_on` when the program was scanned. */
static void listen(struct outcome *o, int from, int go_on)
{
    for (;;) {
        o->text = mem_grow(o->text, o->length + 4096, &o->capacity, 1);
        ssize_t n = read(from, o->text + o->length, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        o->length += (size_t)n;
        o->text[o->length] = '\0';
        if (go_on >= 0 && strstr(o->text, " cause=signal ")) {
            close(go_on);
            go_on = -1;
        }
    }
    if (go_on >= 0)
        close(go_on);
    o->text[o->length] = '\0';
    o->scan = strstr(o->text, " cause=signal ");
}

/* The options are the test's, not the user's. */
static void set_environment(void)
{
    for (char **e = environ; *e;) {
        size_t length = strcspn(*e, "=");
        if (strncmp(*e, "LEAKGC_", 7) != 0 || strncmp(*e, "LEAKGC_HELPER=", 14) == 0) {
            e++;
            continue;
        }
        char *name = mem_format("%.*s", (int)length, *e);
        unsetenv(name);
        free(name);
        e = environ;
    }
    setenv("LEAKGC_OPTIONS", "selftest=1:verbose=1:signal=USR2:control=", 1);
    setenv("LEAKGC_EXITCODE", "23", 1);
    setenv("LEAKGC_DEBUGINFOD", "0", 1);
}

static void become_the_program(const char *self, int in, int out)
{
    char *words[] = {mem_string("leakgc"), mem_string("selftest"), mem_string(THE_PROGRAM), NULL};
    dup2(in, STDIN_FILENO);
    dup2(out, STDERR_FILENO);
    execv(self, words);
    _exit(FAILS);
}

/* Both ends are above stdin, stdout and stderr: a number of those that is closed here would be given to the pipe,
 * and dup2 of a descriptor to itself would leave it to be closed by execv. */
static bool open_pipe(int ends[2])
{
    int low[2];
    if (pipe2(low, O_CLOEXEC) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(low[0]);
    close(low[1]);
    return ends[0] >= 0 && ends[1] >= 0;
}

static bool start(const char *self, struct outcome *o)
{
    int in[2], out[2];
    *o = (struct outcome){0};
    if (!open_pipe(in) || !open_pipe(out))
        return false;
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0)
        become_the_program(self, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    listen(o, out[0], in[1]);
    close(out[0]);
    while (waitpid(pid, &o->status, 0) < 0 && errno == EINTR)
        ;
    return true;
}

/* --- In words --------------------------------------------------------------------------------- */

/* The value of a key in the line about the scan; "" if there is none. */
static void value_of(const struct outcome *o, const char *key, char *ret, size_t size)
{
    char *word = mem_format(" %s=", key);
    const char *at = o->scan ? strstr(o->scan, word) : NULL;
    size_t line = o->scan ? strcspn(o->scan, "\n") : 0;
    *ret = 0;
    if (at && at < o->scan + line)
        snprintf(ret, size, "%.*s", (int)strcspn(at + strlen(word), " \n"), at + strlen(word));
    free(word);
}

static const char *reason(const char *why)
{
    static const char *const reasons[][2] = {
        {"best", "the gentlest way"},
        {"no_userfaultfd", "the system does not offer or allow userfaultfd"},
        {"no_write_protection", "the kernel is older than Linux 6.7"},
        {"fork_failed", "the system does not allow a copy of the process"},
        {"no_shared_memory", "the system gives no shared memory"},
    };
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        if (strcmp(why, reasons[i][0]) == 0)
            return reasons[i][1];
    return why;
}

static bool says(const struct outcome *o, const char *text)
{
    return strstr(o->text, text) != NULL;
}

static bool tell_end(const struct outcome *o)
{
    char *definite = mem_format("definitely lost: 3,000 bytes in %d blocks\n", BLOCKS);
    char *indirect = mem_format("indirectly lost: 3,000 bytes in %d blocks\n", BLOCKS);
    bool status = WIFEXITED(o->status) && WEXITSTATUS(o->status) == STATUS_OF_LEAKS;
    bool works = says(o, definite) && says(o, indirect) && says(o, "selftest passed") &&
                 !says(o, "selftest FAILED") && status;
    if (works)
        printf("when a program ends:  works: its %d leaks were found, %s\n", 2 * BLOCKS,
               says(o, " in selftest_loses ") ? "their functions have names"
                                              : "but their functions have no names");
    else
        printf("when a program ends:  FAILS: its %d leaks were not found\n", 2 * BLOCKS);
    free(definite);
    free(indirect);
    return works;
}

static bool tell_scan(const struct outcome *o)
{
    char method[32], why[32], result[32], stop_us[32];
    value_of(o, "method", method, sizeof(method));
    value_of(o, "why", why, sizeof(why));
    value_of(o, "result", result, sizeof(result));
    value_of(o, "stop_us", stop_us, sizeof(stop_us));
    bool works = strcmp(result, "ok") == 0;
    if (works)
        printf("while a program runs: works: method %s (%s); the program stood still for %s "
               "microseconds\n",
               method, reason(why), stop_us);
    else
        printf("while a program runs: FAILS: %s\n",
               o->scan ? "the search came to no result" : "there was no search");
    return works;
}

static int test(const char *self, const char *library)
{
    struct outcome o;
    set_environment();
    int result = run_set_preload(self, library);
    if (result != 0)
        return result;
    if (!start(self, &o)) {
        perror("leakgc selftest");
        return FAILS;
    }
    command_show_version();
    printf("the library:          %s\n", library);
    bool works = tell_end(&o);
    works &= tell_scan(&o);
    if (works)
        puts("leakgc works on this machine.");
    else
        printf("leakgc does NOT work on this machine. The library said:\n%s", o.text);
    free(o.text);
    return works ? WORKS : FAILS;
}

static int selftest_main(const struct command *command, int argc, char **argv)
{
    while (command_next_option(command, argc, argv) != -1)
        ;
    if (optind + 1 == argc && strcmp(argv[optind], THE_PROGRAM) == 0)
        return be_the_program();
    command_no_operands(command, argc);
    char *self = locate_self();
    char *library = self ? locate_library(self) : NULL;
    int result = FAILS;
    if (library)
        result = test(self, library);
    else
        fprintf(stderr, "leakgc selftest: libleakgc.so was not found near '%s'\n",
                self ? self : "leakgc");
    free(self);
    free(library);
    return result;
}

const struct command selftest_command = {
    .name = "selftest",
    .synopsis = "",
    .summary = "Tell whether the library works on this machine",
    .details =
        "A small program with known leaks is run under the library and searched, when it ends and\n"
        "while it runs. The exit status is 0 when all leaks were found, else 1.\n",
    .short_options = ":",
    .main = selftest_main,
};
