/* SPDX-License-Identifier: MIT
 *
 * Modules (executable and shared objects) over time: where each was mapped, its build id, from
 * when until when. So that a stack of an unloaded plugin still prints with its name. */
#ifndef LEAKGC_MODULE_H
#define LEAKGC_MODULE_H

#include <stddef.h>
#include <stdint.h>

enum { BUILD_ID_MOST = 32 };

struct module {
    struct module *next;
    uint32_t number;      /* from 0, as modules became known; for others, who read reports */
    uintptr_t begin, end; /* all its segments lie in here */
    uintptr_t bias;       /* runtime address - ELF virtual address */
    uint32_t loaded;      /* module_now() values: known in [loaded, unloaded) */
    uint32_t unloaded;    /* UINT32_MAX while it is mapped */
    uint32_t pass;        /* of module_refresh that last saw it */
    size_t build_id_bytes;
    uint8_t build_id[BUILD_ID_MOST];
    char path[];
};

/* Brings the list up to date from the loader's. Modules that are gone are marked, their traces
 * retired. Takes the loader's lock, then LOCK_MODULES: never call it with a lock of ours. */
void module_refresh(void);

/* Counts refreshes that found a module gone. */
uint32_t module_now(void);

/* The module that held the address at that time, or NULL. */
const struct module *module_at(uintptr_t address, uint32_t time);

/* First of the list, newest first; for walks in ordinary context after module_refresh. */
const struct module *module_first(void);

#endif
