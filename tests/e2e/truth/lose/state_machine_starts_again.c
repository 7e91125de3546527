// SPDX-License-Identifier: MIT
//
// A machine goes back to its first state and forgets what it had made for the second.
//
// EXPECT: definite 107 1

#include "truth.h"

enum state { START, HEADER, BODY };

struct machine {
    enum state state;
    char *header;
};

static NOINLINE void step(struct machine *m, int c)
{
    if (c == 'r')
        *m = (struct machine){START, NULL};
    else if (m->state++ == START)
        m->header = malloc(107);
    use(m);
}

static struct machine machine;

static NOINLINE void lose(void)
{
    step(&machine, 'h');
    step(&machine, 'r');
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
