/* SPDX-License-Identifier: MIT
 *
 * Owns the subcommand `run`. The idea: everything that makes a preload silently useless (a static
 * program, another machine's, a set-user-ID one, a path that LD_PRELOAD can't express) is an error
 * here with one line that says so; a run without a report must mean a program without leaks.
 *
 * The environment that the program gets: LD_PRELOAD with the library first, LEAKGC_KEY for each -o,
 * and LEAKGC_HELPER when this command is not where the library would look for it.
 *
 * Runs in ordinary context; ends in execve. Does not know the options: their values are checked by
 * the library, which has the table. */
#include "run.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "elfkind.h"
#include "locate.h"
#include "mem.h"
#include "page.h"

enum { EXIT_NO_LIBRARY = 1, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

enum { EXIT_CODE = COMMAND_LONG_OPTION, OPEN };

#define MAX_INTERPRETERS 5 /* as many as Linux follows */

/* key=value becomes LEAKGC_KEY=value. */
static int set_option(const struct command *command, const char *text)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (length == 0 || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") != length)
        return command_usage_error(command, "'%s' is not of the form key=value", text);
    char *name = mem_format("LEAKGC_%.*s", (int)length, text);
    for (char *p = name; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    setenv(name, equals + 1, 1);
    free(name);
    return 0;
}

/* Whether LEAKGC_OPTIONS (key=value:key=value) has the key. */
static bool is_in_options(const char *key)
{
    const char *options = getenv("LEAKGC_OPTIONS");
    size_t length = strlen(key);
    while (options && *options) {
        if (strncmp(options, key, length) == 0 && options[length] == '=')
            return true;
        options = strchrnul(options, ':');
        options += *options == ':';
    }
    return false;
}

static bool are_beside(const char *a, const char *b)
{
    size_t a_directory = (size_t)(strrchr(a, '/') - a), b_directory = (size_t)(strrchr(b, '/') - b);
    return a_directory == b_directory && strncmp(a, b, a_directory) == 0;
}

int run_set_preload(const char *self, const char *library)
{
    if (strpbrk(library, " :")) {
        fprintf(stderr,
                "leakgc run: the library's path '%s' has a space or colon, which LD_PRELOAD can't"
                " express\n",
                library);
        return EXIT_NO_LIBRARY;
    }
    const char *others = getenv("LD_PRELOAD");
    char *preload = others && *others ? mem_format("%s:%s", library, others) : mem_string(library);
    setenv("LD_PRELOAD", preload, 1);
    free(preload);
    if (!are_beside(self, library) && !getenv("LEAKGC_HELPER") && !is_in_options("helper"))
        setenv("LEAKGC_HELPER", self, 1);
    return 0;
}

static int refuse(const char *program, const char *why)
{
    fprintf(stderr, "leakgc run: '%s' %s\n", program, why);
    return EXIT_CANNOT_RUN;
}

/* Whether the loader would run it in secure mode, which ignores preloads. */
static bool gains_privilege(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    return ((status.st_mode & S_ISUID) && status.st_uid != getuid()) ||
           ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) && status.st_gid != getgid());
}

/* The same for a file with capabilities; root gains none by them. */
static bool has_capabilities(const char *path)
{
    return getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* 0 when the library will be loaded into the program, as far as its file tells. */
static int check_binary(const char *program, const char *path, const struct elfkind *library)
{
    struct elfkind kind;
    if (elfkind_read(path, &kind) != 0 || !kind.is_elf)
        return 0; /* unreadable or some other format: the system decides */
    if (kind.machine != library->machine || kind.class != library->class)
        return refuse(program, "is for another kind of processor than the library");
    if (kind.is_static)
        return refuse(program, "is statically linked: there is no loader to preload the library");
    if (gains_privilege(path))
        return refuse(program, "is set-user-ID or set-group-ID: the loader ignores LD_PRELOAD");
    if (has_capabilities(path))
        return refuse(program, "has capabilities: the loader ignores LD_PRELOAD");
    return 0;
}

/* Follows a script to the binary that interprets it. */
static int check_program(const char *program, const char *path, const char *library_path)
{
    struct elfkind library;
    if (elfkind_read(library_path, &library) != 0 || !library.is_elf) {
        fprintf(stderr, "leakgc run: '%s' is not a shared library\n", library_path);
        return EXIT_NO_LIBRARY;
    }
    int result = 0;
    char *file = mem_string(path);
    for (int i = 0; file && result == 0 && i <= MAX_INTERPRETERS; i++) {
        result = check_binary(program, file, &library);
        char *interpreter = elfkind_interpreter(file);
        free(file);
        file = interpreter;
    }
    free(file);
    return result;
}

/* Returns only when it fails. A file without #! is a script for sh, as with execvp(3). */
static int become(const char *path, char **argv)
{
    execv(path, argv);
    if (errno == ENOEXEC) {
        size_t count = 0;
        while (argv[count])
            count++;
        char **shell_argv = mem_zeroed(count + 2, sizeof(char *));
        shell_argv[0] = argv[0];
        memcpy(shell_argv + 1, argv, count * sizeof(char *));
        shell_argv[1] = mem_string(path);
        execv("/bin/sh", shell_argv);
    }
    int error = errno;
    fprintf(stderr, "leakgc run: '%s': %s\n", argv[0], strerror(error));
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

/* The program keeps our number. Its children may be unfit for a check, it may not. */
static void require(void)
{
    char *pid = mem_format("%d", (int)getpid());
    setenv("LEAKGC_REQUIRED", pid, 1);
    free(pid);
}

static int start(char **argv, const char *self, const char *library)
{
    char *path;
    int result = locate_program(argv[0], &path);
    if (result == -ENOENT) {
        fprintf(stderr, "leakgc run: '%s' was not found\n", argv[0]);
        return EXIT_NOT_FOUND;
    }
    if (result != 0)
        return refuse(argv[0], "is not an executable file");
    result = check_program(argv[0], path, library);
    if (result == 0)
        result = run_set_preload(self, library);
    if (result == 0) {
        require();
        result = become(path, argv);
    }
    free(path);
    return result;
}

static int run_main(const struct command *command, int argc, char **argv)
{
    int option;
    bool opens = false;
    while ((option = command_next_option(command, argc, argv)) != -1) {
        char *exit_code = mem_format("exitcode=%s", option == EXIT_CODE ? optarg : "");
        int result = option == 'o'         ? set_option(command, optarg)
                     : option == EXIT_CODE ? set_option(command, exit_code)
                                           : 0;
        opens |= option == OPEN;
        free(exit_code);
        if (result != 0)
            return result;
    }
    if (optind >= argc)
        return command_usage_error(command, "no program given");
    char *self = locate_self();
    char *library = self ? locate_library(self) : NULL;
    int result = EXIT_NO_LIBRARY;
    if (library && (!opens || page_is_program(self, &result)))
        result = start(argv + optind, self, library);
    else if (library)
        ; /* the child did it */
    else
        fprintf(stderr, "leakgc run: libleakgc.so was not found near '%s'\n",
                self ? self : "leakgc");
    free(self);
    free(library);
    return result;
}

const struct command run_command = {
    .name = "run",
    .synopsis = "[-o KEY=VALUE]... [--exit-code N] [--open] [--] PROGRAM [ARGUMENT]...",
    .summary = "Run a program and report the memory that it leaks",
    .details =
        "  -o KEY=VALUE   set an option of the library; may be repeated. For the list:\n"
        "                 leakgc options\n"
        "  --exit-code N  end with status N when leaks were found and the program's own is 0\n"
        "  --open         show the report as a page in the browser ($BROWSER, or xdg-open)\n"
        "\n"
        "The exit status is the program's; 127 when it does not exist, 126 when it can't be\n"
        "executed or the library can't be loaded into it.\n",
    .short_options = "+:o:",
    .long_options = (const struct option[]){{"exit-code", required_argument, NULL, EXIT_CODE},
                                            {"open", no_argument, NULL, OPEN},
                                            {0}},
    .main = run_main,
};
