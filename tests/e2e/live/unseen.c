// SPDX-License-Identifier: MIT
//
// What the program can notice of scans: nothing but one thread in its list of threads. No child, no
// descriptor, no signal, and the signal mask stays; signals land on the program's own thread.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=20ms:min_age=0:scan_log=scans
// CONTROL: snapshot=fork => nothing
// EXPECT: nothing

#include "livetest.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int main_thread;
static volatile sig_atomic_t handled, wrong;

static void handler(int number)
{
    (void)number;
    handled++;
    wrong += syscall(SYS_gettid) != main_thread;
}

static int entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

int main(void)
{
    sigset_t before, after;
    main_thread = getpid();
    CHECK(signal(SIGUSR1, handler) != SIG_ERR && signal(SIGCHLD, handler) != SIG_ERR);
    CHECK(!sigprocmask(SIG_SETMASK, NULL, &before));
    int files = entries("/proc/self/fd");
    wait_scans(3);
    int own = open("/dev/null", 0);
    for (int i = 0; i < 200; i++) {
        CHECK(entries("/proc/self/fd") == files + 1);
        int fd = dup(own); // always the lowest number that is free
        CHECK(fd == own + 1);
        close(fd);
        CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
        usleep(1000);
    }
    close(own);
    CHECK(handled == 0);
    for (int i = 0; i < 100; i++) {
        kill(getpid(), SIGUSR1);
        usleep(100);
    }
    CHECK(handled > 0 && wrong == 0);
    CHECK(!sigprocmask(SIG_SETMASK, NULL, &after) && !memcmp(&before, &after, sizeof before));
    CHECK(entries("/proc/self/task") <= 2);
    return 0;
}
