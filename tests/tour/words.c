/* SPDX-License-Identifier: MIT
 *
 * A list of words. It leaks: find out where. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

struct word *words_count(struct word **list, const char *text)
{
    char *copy = strdup(text);
    for (struct word *word = *list; word; word = word->next) {
        if (strcmp(word->text, copy) == 0) {
            word->count++;
            return word;
        }
    }
    struct word *word = malloc(sizeof *word);
    *word = (struct word){.next = *list, .text = copy, .count = 1};
    *list = word;
    return word;
}

void words_free(struct word *list)
{
    while (list) {
        struct word *next = list->next;
        free(list->text);
        free(list);
        list = next;
    }
}
