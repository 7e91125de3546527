/* SPDX-License-Identifier: MIT
 *
 * What is told about suppressions. */
#ifndef LEAKGC_SUPPRESS_PRINT_H
#define LEAKGC_SUPPRESS_PRINT_H

#include "group.h"
#include "sink.h"
#include "suppress.h"

/* After a report: those that suppressed something in this check (option print_suppressions). */
void suppress_print_used(struct sink *out, const struct suppressions *list);

/* At the end: those that never did, each a line through log_say (print_suppressions=2 or verbose). */
void suppress_tell_unused(const struct suppressions *list);

/* A suppression, in Valgrind's form, that the site meets and hardly any other. */
void suppress_generate(struct sink *out, const struct symbols *symbols, const struct site *s);

#endif
