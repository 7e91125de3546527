/* SPDX-License-Identifier: MIT
 *
 * A module to load and unload, with a known build id (unit.mk). */
int plugin_function(void);

int plugin_function(void)
{
    return 42;
}
