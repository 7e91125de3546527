/* SPDX-License-Identifier: MIT
 *
 * The report file (.lgc), which the library writes (report/lgc.c), and which is read here.
 *
 *   file     := magic version crc section*          magic: 89 'L' 'G' 'C' 0d 0a 1a 0a
 *   section  := type bytes payload_crc header_crc payload
 *   payload  := record*                             of `bytes` bytes
 *   record   := number(bytes of fields) field*
 *   field    := number | text                       text := number(bytes) bytes
 *
 * version, crc, bytes, payload_crc and header_crc are 32 bits, little-endian; type is four letters; a
 * number is ULEB128. crc is that of the bytes before it (magic and version; type, bytes and payload_crc),
 * payload_crc that of the payload: CRC-32 as in zlib and PNG. A type may have any number of sections; no
 * record is cut between two.
 *
 *   INFO   text key, text value: program host version argument* doubt* cause, and in decimal pid started
 *          written uptime_ms live scan begun_ms kinds min_bytes min_blocks max_sites details
 *   TOTL   kind bytes blocks
 *   MODU   number begin end bias loaded unloaded (0: mapped) text(build id, as bytes) text(path)
 *   SCAN   number text(cause) text(method) text(result) uptime_ms stop_us mark_us, and bytes blocks of
 *          live, lost, leaked, new
 *   FRAM   id caller's id (0: none) pc number of its module + 1 (0: none) flags (1: signal trampoline);
 *          a caller stands before those that it calls
 *   SITE   kind id of the innermost frame (0: no stack) bytes blocks, of indirect bytes blocks, first_ms
 *          last_ms thread flags (1: several threads), and for a living program: reachable scan ms, lost
 *          scan ms, told scan ms bytes blocks, now bytes blocks
 *   PROC   text(program) text(host) pid started written: of a report that was merged, each process
 *   NAME   frame's id, number of lines, and for each, innermost first, text(function) text(file) line column;
 *          what is not known is empty or 0. After the frames. Only leakgc writes it
 *   DONE   sites frames modules: how many there are. The last section.
 *
 * What may change without a new version: new sections, new fields at the end of a record, new keys. A reader
 * leaves out what it does not know, and takes fields that are missing for 0. */
#ifndef LEAKGC_TOOLS_LGC_H
#define LEAKGC_TOOLS_LGC_H

#include "model.h"

enum { LGC_VERSION = 1, LGC_DEPTH_MOST = 1024 };
#define LGC_MAGIC "\x89LGC\r\n\x1a\n"

/* Reads a report file, "-": standard input. A file that is cut or damaged gives what can be read:
 * is_damaged, and a doubt says so. 0, or -errno: -ENOMSG it is no report file, -EPROTO it is of a newer
 * version; then the model is empty. */
int lgc_read(const char *path, struct model *ret);
/* Only whose report it is: what INFO and PROC say. Damage is not told. */
int lgc_read_head(const char *path, struct model *ret);
/* The same as lgc_read for what is in memory. */
int lgc_parse(const uint8_t *file, size_t bytes, struct model *ret);

#endif
