// SPDX-License-Identifier: MIT
//
// What the programs of the ground-truth suite (tests/e2e/truth) share, besides leaktest.h:
//
//   TRUTH_POINT()   the point of the program whose state its EXPECT describes. In a live run (the
//                   variable TRUTH_LIVE) the library searches here, while the program runs, and must
//                   say what it says at the end. Without the library it does nothing.
//   FORGET(place)   nothing; in the control (-DGONE) it clears the place that keeps the block, which
//                   must then be lost
//
// The search is asked for from the program's own frame: a function between them would put its frame,
// with what it does not initialize, over the dead stack of what was called before.

#ifndef TRUTH_H
#define TRUTH_H

#include "leaktest.h"

#define LEAKGC_WEAK
#include "../../preload/leakgc.h"

#define TRUTH_POINT()                                                                              \
    do {                                                                                           \
        if (leakgc_scan && getenv("TRUTH_LIVE"))                                                   \
            CHECK(leakgc_scan() >= 0);                                                             \
    } while (0)

#ifdef GONE
#define FORGET(place) (use((void *)&(place)), (place) = 0, use((void *)&(place)))
#else
#define FORGET(place) ((void)0)
#endif

#endif
