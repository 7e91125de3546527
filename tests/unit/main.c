/* SPDX-License-Identifier: MIT
 *
 * Runs all suites, each test in a process of its own. Prints each failing test, then the count.
 * Check's environment selects: CK_RUN_SUITE, CK_RUN_CASE, CK_INCLUDE_TAGS; CK_FORK=no
 * keeps one test in this process, for a debugger. */
#include "unit.h"

int main(void)
{
    SRunner *runner = srunner_create(NULL);
#define SUITE(name) srunner_add_suite(runner, suite_##name());
    UNIT_SUITES
#undef SUITE
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    int passed = srunner_ntests_run(runner) - failed;
    if (failed)
        srunner_print(runner, CK_NORMAL);
    printf("%d passed, %d failed\n", passed, failed);
    srunner_free(runner);
    return failed ? 1 : 0;
}
