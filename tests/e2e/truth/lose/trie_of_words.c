// SPDX-License-Identifier: MIT
//
// A trie: 26 children a node. Twelve letters are its nodes below the root.
//
// EXPECT: definite 208 1; indirect 2496 12

#include "truth.h"

struct trie {
    struct trie *next[26];
};

static NOINLINE void add(struct trie *t, const char *word)
{
    for (; *word; word++) {
        struct trie **n = &t->next[*word - 'a'];
        if (!*n)
            *n = calloc(1, sizeof **n);
        t = *n;
    }
}

static NOINLINE void lose(void)
{
    struct trie *t = calloc(1, sizeof *t);
    add(t, "leak");
    add(t, "lean");
    add(t, "leaky");
    add(t, "garbage" + 1);
    use(t);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
