/* SPDX-License-Identifier: MIT
 *
 * The program of the README's tour: tells which word of its input came most often. */
#include <stdio.h>

#include "words.h"

int main(void)
{
    struct word *list = NULL, *most = NULL;
    char text[100];
    while (scanf("%99s", text) == 1) {
        struct word *word = words_count(&list, text);
        if (!most || word->count > most->count)
            most = word;
    }
    if (most)
        printf("%s: %d times\n", most->text, most->count);
    words_free(list);
    return 0;
}
