/* SPDX-License-Identifier: MIT
 *
 * Writing JSON (RFC 8259), a value at a time. Commas come by themselves:
 *
 *     struct json j = {.out = file};
 *     json_open(&j, NULL, '{');
 *     json_text(&j, "name", "value");
 *     json_open(&j, "list", '[');
 *     json_number(&j, NULL, 1);
 *     json_close(&j, ']');
 *     json_close(&j, '}');
 *
 * `key` is that of a member of an object, NULL in an array and at the top. */
#ifndef LEAKGC_TOOLS_JSON_H
#define LEAKGC_TOOLS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out;
    bool has_member; /* of what is open now */
    unsigned depth;
    bool is_indented; /* set it to have lines; else everything is in one */
};

void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
/* What is not UTF-8 is replaced by U+FFFD. NULL: null. */
void json_text(struct json *j, const char *key, const char *text);
void json_number(struct json *j, const char *key, uint64_t number);
/* As a text "0x...": many readers lose the low bits of big numbers. */
void json_address(struct json *j, const char *key, uint64_t address);
void json_bool(struct json *j, const char *key, bool value);

#endif
