/* SPDX-License-Identifier: MIT
 *
 * What the parts of the format html (format_html.c) share. */
#ifndef LEAKGC_TOOLS_HTML_H
#define LEAKGC_TOOLS_HTML_H

#include "format.h"

/* More sites than this are not on the page, which says so: browsers would be slow. */
enum { HTML_SITES_MOST = 5000 };

/* The files of tools/html (html_assets.S). */
extern const char html_page[], html_style[], html_script[];

/* A function call in a stack; line is never NULL. frame is NULL when no stack was recorded. */
struct html_place {
    const struct model_frame *frame;
    const struct model_line *line;
};

/* Whether the call is one of the program's own code, not of a library of the system or its headers. */
bool html_is_own(const struct model *m, const struct model_frame *frame,
                 const struct model_line *line);
/* Where a reader looks first: the innermost call of the program's own code, or else the innermost one. */
struct html_place html_place(const struct model *m, const struct model_site *site);

/* The name as rows and boxes show it (html_name.c); for free(). */
char *html_short_name(const char *name);

/* The number of sites on the page. */
size_t html_site_count(const struct model *m);

/* The report as JSON for the script (html_data.c); `<` is escaped, so it can stand in a script element. */
int html_put_data(const struct model *m, FILE *out, const struct format_options *options);

#endif
