# SPDX-License-Identifier: MIT
"""A program that is linked with the library asks for its SONAME and for the version of the functions that it calls; a
copy of the library that is preloaded as well serves both, and one without that version is refused."""

import os
import subprocess

import reports
import runner

TEXT = r"""
#define _GNU_SOURCE
#include <leakgc.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int look(struct dl_phdr_info *info, size_t size, void *count)
{
    *(int *)count += strstr(info->dlpi_name, "libleakgc") != NULL;
    return size == 0;
}
int main(void)
{
    int count = 0;
    dl_iterate_phdr(look, &count);
    __asm__ volatile("" : : "r"(malloc(10)) : "memory");
    printf("%d library, %ld lost\n", count, leakgc_scan());
    return 0;
}
"""


def expect(condition, why, result):
    if not condition:
        raise runner.Failure(why, result.stdout + result.stderr)


def needs(exe):
    return subprocess.run(["readelf", "-dVW", exe], capture_output=True, text=True, check=True).stdout


def test(bench):
    folder = os.path.dirname(bench.library)
    exe = bench.compile(TEXT, "-O1 -g -I %s -L %s -Wl,--no-as-needed -lleakgc"
                        % (os.path.join(bench.project, "preload"), folder))
    wanted = needs(exe)
    if "[libleakgc.so.1]" not in wanted or "LEAKGC_1" not in wanted:
        raise runner.Failure("neither SONAME nor version", wanted)
    for preload in (False, True):
        result = bench.run([exe], preload=preload, env={"LD_LIBRARY_PATH": folder})
        found, _ = reports.parse(result.stderr)
        expect(result.status == 0 and found, "preload=%s" % preload, result)
        expect(result.stdout == "1 library, 1 lost\n", "preload=%s" % preload, result)

    # The controls: no library, and one that has another version only.
    result = bench.run([exe], preload=False)
    expect(result.status == 127 and "libleakgc.so.1" in result.stderr, "found without a path", result)
    other = os.path.join(bench.cwd, "other")
    os.mkdir(other)
    script = os.path.join(other, "map")
    with open(script, "w", encoding="utf-8") as file:
        file.write("LEAKGC_2 { global: leakgc_scan; };\n")
    bench.compile("long leakgc_scan(void) { return 0; }", "-shared -fPIC -Wl,-soname,libleakgc.so.1 "
                  "-Wl,--version-script=" + script, "library.c")
    os.rename(os.path.join(bench.cwd, "library"), os.path.join(other, "libleakgc.so.1"))
    result = bench.run([exe], preload=False, env={"LD_LIBRARY_PATH": other})
    expect(result.status != 0 and "LEAKGC_1" in result.stderr, "another version served", result)
