/* SPDX-License-Identifier: MIT
 *
 * CRC-32 as in zlib and PNG. */
#ifndef LEAKGC_TOOLS_CRC32_H
#define LEAKGC_TOOLS_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const void *bytes, size_t count);

#endif
