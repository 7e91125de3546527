/* SPDX-License-Identifier: MIT
 *
 * The reader of .eh_frame: call frame information of one address, as a frame rule. */
#ifndef LEAKGC_EH_FRAME_H
#define LEAKGC_EH_FRAME_H

#include <stdint.h>

#include "frame_rules.h"

/* The rule for the instruction at pc. `header` is the module's .eh_frame_hdr, which has to lie in
 * [begin, end), the module's memory; nothing outside is read, whatever the data say. RULE_GUESS: no
 * information about pc; RULE_OTHER: none that a rule can express, or data that can't be right.
 * Pure; async-signal-safe. */
struct rule eh_frame_rule(uintptr_t header, uintptr_t begin, uintptr_t end, uintptr_t pc);

#endif
