// SPDX-License-Identifier: MIT
//
// Main returns while threads hold libc's locks: the loader's, stdio's, the environment's.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

static void *loader(void *unused)
{
    for (;;) {
        void *library = dlopen("libm.so.6", RTLD_NOW);
        if (library != NULL)
            dlclose(library);
        dlsym(RTLD_DEFAULT, "no_such_symbol_anywhere");
        dlerror();
    }
    return unused;
}

static void *printer(void *unused)
{
    for (;;) {
        FILE *file = fopen("/dev/null", "w");
        fprintf(file, "%f %s\n", 1.5, "text");
        fclose(file);
    }
    return unused;
}

static void *environment(void *unused)
{
    for (int i = 0;; i++) {
        char text[30];
        snprintf(text, sizeof text, "%d", i % 10);
        setenv("LEAKTEST", text, 1);
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, loader, NULL) == 0);
            CHECK(pthread_create(&thread, NULL, printer, NULL) == 0);
            CHECK(pthread_create(&thread, NULL, environment, NULL) == 0);
            usleep(5000);
            return 0;
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return 0;
}
