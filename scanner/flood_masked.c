/* SPDX-License-Identifier: MIT
 *
 * Owns the way of the option pointer_mask: programs that keep a tag in the top or the bottom bits of
 * their pointers. As the plain way, but words are freed of their tags before they are compared: so
 * only this filter knows of it, and other programs pay nothing.
 *
 * Runs with the world stopped. */
#include "flood.h"

#include "../preload/options.h"

static size_t filter(const uintptr_t *words, size_t count, uintptr_t base, uintptr_t bytes,
                     uintptr_t *hits)
{
    const uintptr_t kept = options.pointer_mask;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uintptr_t word = __atomic_load_n(&words[i], __ATOMIC_RELAXED) & kept;
        hits[found] = word;
        found += word - base < bytes;
    }
    return found;
}

static void masked_words(struct mark *m, const uintptr_t *words, size_t count)
{
    flood_words_of(m, words, count, filter);
}

static void masked_run(struct mark *m)
{
    flood_run_with(m, filter);
}

const struct flood_way flood_masked = {"masked", masked_words, masked_run};
