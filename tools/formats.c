/* SPDX-License-Identifier: MIT
 *
 * Owns the list of formats. A new one is a new row. */
#include "format.h"

#include <string.h>

/* clang-format off */ /* it would fill lines */
static const struct format *const formats[] = {
    &text_format,
    &json_format,
    &jsonl_format,
    &html_format,
    &xml_format,
    &sarif_format,
    &pprof_format,
    &folded_format,
    &openmetrics_format,
    &lgc_format,
};
/* clang-format on */

#define FORMAT_COUNT (sizeof(formats) / sizeof(*formats))

void format_put_clean(FILE *out, const char *text)
{
    for (; *text; text++)
        putc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
}

const struct format *format_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const struct format *format_by_suffix(const char *suffix)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i]->suffix, suffix) == 0)
            return formats[i];
    return NULL;
}

const char *format_names(void)
{
    static char names[256];
    char *end = names;
    for (size_t i = 0; i < FORMAT_COUNT && end == names + strlen(names); i++)
        end += snprintf(end, (size_t)(names + sizeof(names) - end), "%s%s", i ? ", " : "",
                        formats[i]->name);
    return names;
}
