// SPDX-License-Identifier: MIT
//
// For programs that use leakgc.h and run without the library too: WITH is true if it is there.

#ifndef APITEST_H
#define APITEST_H

#include "leaktest.h"

#define LEAKGC_WEAK
#include "../../preload/leakgc.h"

#define WITH (leakgc_scan != 0)

#endif
