// SPDX-License-Identifier: MIT
//
// A signal of the program that comes while its threads stand still ends the call that waits for it, as it does
// without the library: its handler only sets a flag, and nobody looks at that before the call ends. But a handler with
// SA_RESTART ends no call.
//
// A tenth of the signals may be too late for other reasons: the program is held up between its look at the flag and
// the call.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=1ms:snapshot=stop:scan_log=scans
// EXPECT: nothing

#include "livetest.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/time.h>

enum { BLOCKS = 20000, BYTES = 1000, ALARMS = 40, LATE_MS = 300 };

void **kept;
static volatile sig_atomic_t fired, restarted;
static volatile bool waiting, over;
static volatile int late;
static pthread_t first;
static int tube[2], poll_fd, queue;
static sem_t semaphore;

static void set_flag(int number)
{
    fired |= number == SIGALRM;
}

static void restart(int number)
{
    restarted += number == SIGUSR2;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    CHECK(!sigaction(number, &action, NULL));
}

static void wait_in(int mode)
{
    struct epoll_event event;
    struct {
        long type;
        char text[1];
    } message;
    char byte;
    int got = mode == 0   ? pause()
              : mode == 1 ? epoll_wait(poll_fd, &event, 1, -1)
              : mode == 2 ? (int)read(tube[0], &byte, 1)
              : mode == 3 ? sem_wait(&semaphore)
                          : (int)msgrcv(queue, &message, 1, 0, 0);
    CHECK(got == -1 && errno == EINTR && fired);
}

static void *watch(void *unused)
{
    int ms = 0;
    while (!over) {
        usleep(1000);
        ms = fired && waiting ? ms + 1 : 0;
        if (ms == LATE_MS) {
            late++;
            CHECK(!pthread_kill(first, SIGUSR1));
            ms = 0;
        }
    }
    return unused;
}

static void *write_late(void *unused)
{
    for (int ms = 0; ms < 500; ms += 7) {
        usleep(7000);
        CHECK(!pthread_kill(first, SIGUSR2));
    }
    CHECK(write(tube[1], "x", 1) == 1);
    return unused;
}

static void read_in_peace(void)
{
    pthread_t writer;
    char byte;
    CHECK(!pthread_create(&writer, NULL, write_late, NULL));
    CHECK(read(tube[0], &byte, 1) == 1);
    CHECK(!pthread_join(writer, NULL) && restarted > 10);
}

int main(void)
{
    sigset_t set, none;
    pthread_t watcher;
    sigfillset(&set);
    first = pthread_self();
    handle(SIGALRM, set_flag, 0);
    handle(SIGUSR1, set_flag, 0);
    handle(SIGUSR2, restart, SA_RESTART);
    CHECK(!pipe(tube) && !sem_init(&semaphore, 0, 0));
    poll_fd = epoll_create1(0);
    queue = msgget(IPC_PRIVATE, 0600);
    CHECK(poll_fd >= 0 && queue >= 0);
    kept = malloc(BLOCKS * sizeof *kept);
    for (int i = 0; i < BLOCKS; i++)
        kept[i] = malloc(BYTES);
    use(kept);
    CHECK(!pthread_sigmask(SIG_BLOCK, &set, &none)); // the alarm is for the first thread
    CHECK(!pthread_create(&watcher, NULL, watch, NULL));
    CHECK(!pthread_sigmask(SIG_SETMASK, &none, NULL));
    wait_scans(1);
    for (int i = 0; i < ALARMS * 5; i++) {
        struct itimerval once = {.it_value = {.tv_usec = 20000 + i * 379 % 5000}};
        fired = 0;
        waiting = true;
        CHECK(!setitimer(ITIMER_REAL, &once, NULL));
        wait_in(i % 5);
        waiting = false;
    }
    read_in_peace();
    over = true;
    CHECK(!pthread_join(watcher, NULL));
    CHECK(!msgctl(queue, IPC_RMID, NULL));
    CHECK(late <= ALARMS * 5 / 10);
    return 0;
}
