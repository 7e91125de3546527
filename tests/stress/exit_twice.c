// SPDX-License-Identifier: MIT
//
// Two threads end the process at the same moment. Which status wins is open; that the leaks are
// reported is not.
//
// RUNS: 10

#include "stress.h"

static pthread_barrier_t together;

static void *end_too(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&together);
    exit(0);
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    pthread_barrier_init(&together, NULL, 2);
    start(end_too, NULL);
    plant();
    pthread_barrier_wait(&together);
    return 0;
}
