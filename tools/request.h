/* SPDX-License-Identifier: MIT
 *
 * What the symbolizer is asked. The text, one item a line:
 *
 *     module ID START END BIAS BUILDID PATH
 *     pc ID ADDR
 *     linkage
 *
 * ID is decimal, from 0, below REQUEST_MAX_MODULES. START, END, BIAS and ADDR are hexadecimal without 0x;
 * a runtime address less BIAS is an address of the ELF file. BUILDID is hexadecimal or `-`. PATH goes
 * to the end of the line. A module is given before the pcs in it. ADDR is looked up as it is: who
 * wants the call of a return address subtracts 1. `linkage` asks for mangled names too. */
#ifndef LEAKGC_TOOLS_REQUEST_H
#define LEAKGC_TOOLS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define REQUEST_MAX_MODULES (1u << 20)
#define REQUEST_NO_MODULE UINT32_MAX

/* One module; path is NULL for an ID that was not given. */
struct request_module {
    uint64_t start, end, bias;
    char *path;
    uint8_t *build_id; /* NULL when not known */
    size_t build_id_bytes;
};

/* One address; module is REQUEST_NO_MODULE when it lies in none that is known. */
struct request_pc {
    uint32_t module;
    uint64_t addr;
};

struct request {
    struct request_module *modules; /* by ID */
    size_t module_count, module_capacity;
    struct request_pc *pcs; /* one for each pc line, malformed ones included, in order */
    size_t pc_count, pc_capacity;
    bool linkage;
    size_t bad_lines;
};

/* Reads until the end of the input. A malformed line gives one line on stderr and is counted;
 * 0, or -errno when reading fails. */
int request_read(struct request *request, FILE *in);
void request_done(struct request *request);

#endif
