/* SPDX-License-Identifier: MIT
 *
 * Writing a file compressed with gzip (RFC 1952); the same bytes give the same file. */
#ifndef LEAKGC_TOOLS_GZIP_H
#define LEAKGC_TOOLS_GZIP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct gzip;

struct gzip *gzip_begin(FILE *out);
void gzip_write(struct gzip *z, const uint8_t *data, size_t bytes);
/* 0, or -errno of whatever failed since gzip_begin. `out` stays open. */
int gzip_end(struct gzip *z);

#endif
