/* SPDX-License-Identifier: MIT
 *
 * Words and how often each came. */
struct word {
    struct word *next;
    char *text;
    int count;
};

/* Counts a word; a new one goes to the front of the list. */
struct word *words_count(struct word **list, const char *text);

void words_free(struct word *list);
