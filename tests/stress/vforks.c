// SPDX-License-Identifier: MIT
//
// vfork, posix_spawn and system from four threads at once, while two others allocate. A child of
// vfork runs in its parent's memory: whatever it does there must leave the parent's heap whole.
//
// OPTIONS: children=0

#include "stress.h"

#include <spawn.h>
#include <stdatomic.h>
#include <sys/wait.h>

extern char **environ;

static atomic_bool stopping;

static void *allocate(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    void *block[100] = {0};
    while (!atomic_load(&stopping)) {
        size_t at = roll(&d) % 100;
        free(block[at]);
        block[at] = malloc(roll_size(&d, 30000));
    }
    for (int i = 0; i < 100; i++)
        free(block[i]);
    return NULL;
}

static void await(pid_t child, int wanted)
{
    int status;
    CHECK(child > 0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == wanted);
}

static void *spawn(void *number)
{
    for (long i = (intptr_t)number; i < scaled(60); i += 4) {
        char *command[] = {(char *)"true", NULL};
        pid_t child;
        switch (i % 3) {
        case 0:
            child = vfork();
            if (child == 0) {
                execv("/bin/true", command);
                _exit(99);
            }
            await(child, 0);
            break;
        case 1:
            child = vfork();
            if (child == 0)
                _exit(3);
            await(child, 3);
            break;
        default:
            CHECK(!posix_spawn(&child, "/bin/true", NULL, NULL, command, environ));
            await(child, 0);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t t[2];
    stress_begin(argc, argv);
    for (int i = 0; i < 2; i++)
        t[i] = start(allocate, (void *)(intptr_t)i);
    run_threads(4, spawn);
    CHECK(system("exit 4") == 4 << 8);
    atomic_store(&stopping, true);
    for (int i = 0; i < 2; i++)
        CHECK(!pthread_join(t[i], NULL));
    return stress_end();
}
