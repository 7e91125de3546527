// SPDX-License-Identifier: MIT
//
// Main returns while threads are inside malloc and free: no hang, no false leak. Twenty times.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <sys/wait.h>

struct node {
    struct node *next;
    char payload[200];
};

static void *hammer(void *unused)
{
    struct node *head = NULL;
    for (;;) {
        for (int i = 0; i < 20; i++) {
            struct node *node = malloc(sizeof *node - (size_t)i * 5);
            node->next = head;
            head = node;
        }
        while (head != NULL) {
            struct node *next = head->next;
            free(head);
            head = next;
        }
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            for (int j = 0; j < 3; j++)
                CHECK(pthread_create(&thread, NULL, hammer, NULL) == 0);
            usleep(5000);
            return 0;
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return 0;
}
