// SPDX-License-Identifier: MIT
//
// A program that allocates until there is no more gets NULL and ENOMEM, frees and goes on.
//
// CFLAGS: -O2 -DSIZE=100 | -O2 -DSIZE=5000 | -O2 -DSIZE=200000
// LOG: allowed
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <sys/resource.h>

struct node {
    struct node *next;
    char payload[SIZE];
};

int main(int argc, char **argv)
{
    if (argc == 1) {
        struct rlimit limit = {400 << 20, 400 << 20};
        CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    for (int round = 0; round < 3; round++) {
        struct node *head = NULL;
        size_t count = 0;
        for (;;) {
            errno = 0;
            struct node *node = malloc(sizeof *node);
            if (node == NULL)
                break;
            node->next = head;
            node->payload[0] = node->payload[SIZE - 1] = 'x';
            head = node;
            count++;
        }
        CHECK(errno == ENOMEM);
        CHECK(count * SIZE > 50 << 20);
        while (head != NULL) {
            struct node *next = head->next;
            free(head);
            head = next;
        }
    }
    char *p = malloc(100 << 10);
    CHECK(p != NULL);
    free(p);
    return 0;
}
