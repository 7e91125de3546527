/* SPDX-License-Identifier: MIT
 *
 * Owns compression; the only file that calls zlib.
 *
 * Runs in ordinary context. */
#include "gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "mem.h"

struct gzip {
    z_stream stream;
    FILE *out;
    int result; /* the first failure; after it nothing is written */
    uint8_t room[64 << 10];
};

enum { WINDOW_BITS = 15, AS_GZIP = 16, MEMORY_LEVEL = 8 };

struct gzip *gzip_begin(FILE *out)
{
    struct gzip *z = mem_zeroed(1, sizeof(*z));
    z->out = out;
    if (deflateInit2(&z->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS + AS_GZIP,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        z->result = -ENOMEM;
    return z;
}

/* What there is of input and, at the end, of what zlib held back. */
static void deflate_all(struct gzip *z, int flush)
{
    do {
        z->stream.next_out = z->room;
        z->stream.avail_out = sizeof(z->room);
        deflate(&z->stream, flush); /* can't fail with a valid stream */
        size_t bytes = sizeof(z->room) - z->stream.avail_out;
        if (fwrite(z->room, 1, bytes, z->out) != bytes)
            z->result = -EIO;
    } while (!z->result && z->stream.avail_out == 0);
}

void gzip_write(struct gzip *z, const uint8_t *data, size_t bytes)
{
    while (bytes && !z->result) {
        uInt part = bytes < 1 << 30 ? (uInt)bytes : 1 << 30;
        z->stream.next_in = (z_const Bytef *)data;
        z->stream.avail_in = part;
        deflate_all(z, Z_NO_FLUSH);
        data += part;
        bytes -= part;
    }
}

int gzip_end(struct gzip *z)
{
    z->stream.avail_in = 0;
    if (!z->result)
        deflate_all(z, Z_FINISH);
    int result = z->result;
    deflateEnd(&z->stream);
    free(z);
    return result;
}
