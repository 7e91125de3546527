// SPDX-License-Identifier: MIT
//
// The process ends, in one of four ways, while seven threads allocate at full speed. Each holds its
// blocks in local variables only: at that moment they are in registers, on stacks, or just on their
// way out of malloc, and none of them is a leak.
//
// RUNS: 160

#include "stress.h"

static void *small(void *unused)
{
    (void)unused;
    for (;;) {
        void *volatile a = malloc(24);
        void *volatile b = malloc(300);
        free(a);
        free(b);
    }
}

static void *list(void *unused)
{
    (void)unused;
    struct node {
        struct node *next;
        char payload[100];
    } *head = NULL;
    for (;;) {
        for (int i = 0; i < 50; i++) {
            struct node *n = malloc(sizeof *n);
            n->next = head;
            head = n;
        }
        while (head) {
            struct node *next = head->next;
            free(head);
            head = next;
        }
    }
}

static void *resize(void *unused)
{
    (void)unused;
    void *volatile p = malloc(1);
    for (size_t i = 0;; i++) {
        p = realloc(p, 1 + i * 7919 % 200000);
        CHECK(p);
    }
}

static void *zero(void *unused)
{
    (void)unused;
    for (size_t i = 0;; i++) {
        void *volatile p = calloc(1 + i % 9, 1 + i * 31 % 9000);
        free(p);
    }
}

static void *end_here(void *unused)
{
    (void)unused;
    exit(0);
}

int main(int argc, char **argv)
{
    static void *(*const bodies[])(void *) = {small, list, resize, zero, small, list};
    stress_begin(argc, argv);
    plant(); // before the threads: later a stale pointer of one of them may lie on its address
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
        start(bodies[i], NULL);
    usleep(200 + (unsigned)getpid() * 977 % 3000);
    switch (getpid() % 4) {
    case 0:
        exit(0);
    case 1:
        quick_exit(0);
    case 2:
        start(end_here, NULL);
        for (;;)
            pause();
    }
    return 0;
}
