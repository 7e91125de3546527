/* SPDX-License-Identifier: MIT
 *
 * Interior pointers that are as good as start pointers (Valgrind memcheck's heuristics). */
#ifndef LEAKGC_HEURISTICS_H
#define LEAKGC_HEURISTICS_H

#include "../preload/alloc.h"
#include "maps.h"

/* Whether, by one of the heuristics that the options allow, a pointer into the middle of the block is
 * the one that the program holds for the whole: a size kept in front, a counted string, a C++ array
 * with its count, a second base class. maps may be NULL: then the last is not recognized. World
 * stopped. */
bool heuristics_is_start(uintptr_t word, const struct block *b, const struct maps *maps);

/* Before each scan: memory outside the heap may have changed. may_fault: memory of blocks, too, may be
 * unreadable. */
void heuristics_begin(bool may_fault);

/* A word of a block; 0 if it can't be read. */
uint64_t heuristics_word(uintptr_t address);

#endif
