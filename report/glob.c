/* SPDX-License-Identifier: MIT
 *
 * Owns matching of patterns (glob.h). Only the last `*` is ever taken back: whatever stood before it
 * matched as early as it can, and matching later would leave less text for the rest. So nothing is
 * exponential. Runs anywhere. */
#include "glob.h"

#include <stddef.h>

bool glob_matches(const char *pattern, const char *text, unsigned flags)
{
    const char *star = flags & GLOB_OPEN_BEGIN ? pattern : NULL;
    const char *resume = text;
    for (;;) {
        if (!*pattern && (flags & GLOB_OPEN_END || !*text))
            return true;
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (!*text) {
            return false;
        } else if (*pattern && (*pattern == *text || (*pattern == '?' && flags & GLOB_ONE))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
}
