/* SPDX-License-Identifier: MIT
 *
 * Where on this machine the file is that a module of a report was loaded from. */
#ifndef LEAKGC_TOOLS_MODFILE_H
#define LEAKGC_TOOLS_MODFILE_H

#include "model.h"

/* sysroot: the folder below which paths of the report are read, or NULL. debug_path: folders between colons; in
 * absolute ones .build-id/xx/yyy.debug or .build-id/xx/yyy is as good as the file itself. Sets module->names;
 * the path, to be freed, or NULL. */
char *modfile_find(struct model_module *module, const char *sysroot, const char *debug_path);

#endif
