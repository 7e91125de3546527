# SPDX-License-Identifier: MIT
"""Owns: what is compared: the libraries, where they are found, and the environment each runs in.

`glibc` is the yardstick: no library at all. jemalloc, mimalloc and tcmalloc are allocators that record
nothing. LeakSanitizer and heaptrack record call stacks as we do.
"""

import os
import re
import shutil
import subprocess
from typing import Dict, NamedTuple, Optional, Tuple

BASE = "glibc"
OURS = "leakgc"


class Allocator(NamedTuple):
    name: str
    files: Tuple[str, ...]  # candidates: a name for the dynamic loader, or a path
    package: str  # Debian's
    environment: Dict[str, str] = {}  # {scratch} is the folder of the run
    shim: Optional[str] = None  # a library of this folder to preload before it
    by_default: bool = True
    counts: bool = True  # runs as usual under callgrind
    counted: Dict[str, str] = {}  # environment under callgrind, which has no general clone()
    library: Optional[str] = None  # found: the path
    version: str = ""


# Default settings, except that what they write goes to files: a report must not mix with the output.
OUR_FILES = {"LEAKGC_REPORT": "{scratch}/report.%p", "LEAKGC_LOG": "{scratch}/log.%p"}

KNOWN = (
    Allocator(BASE, (), ""),
    Allocator("jemalloc", ("libjemalloc.so.2",), "libjemalloc2"),
    Allocator("mimalloc", ("libmimalloc.so.2", "libmimalloc.so.3"), "libmimalloc2.0"),
    Allocator("tcmalloc", ("libtcmalloc_minimal.so.4",), "libtcmalloc-minimal4"),
    # Leaks must not change the exit status.
    Allocator("lsan", ("liblsan.so.0",), "liblsan0",
              {"LSAN_OPTIONS": "exitcode=0:log_path={scratch}/lsan"}, shim="lsan_signal.so",
              counted={"LSAN_OPTIONS": "detect_leaks=0"}),
    # Recording only: the raw records are thrown away. Does nothing when it sees Valgrind.
    Allocator("heaptrack", ("/usr/lib/heaptrack/libheaptrack_preload.so",
                            "/usr/local/lib/heaptrack/libheaptrack_preload.so",
                            "/usr/lib64/heaptrack/libheaptrack_preload.so"), "heaptrack",
              {"DUMP_HEAPTRACK_OUTPUT": "/dev/null"}, counts=False),
    Allocator(OURS, ("{build}/libleakgc.so",), "", OUR_FILES, counted={"LEAKGC_SYMBOLIZE": "0"}),
    # To see what which part of ours costs; only when asked for.
    Allocator("leakgc-nosymbols", ("{build}/libleakgc.so",), "",
              {**OUR_FILES, "LEAKGC_SYMBOLIZE": "0"}, by_default=False),
    Allocator("leakgc-off", ("{build}/libleakgc.so",), "",
              {**OUR_FILES, "LEAKGC_ENABLED": "0"}, by_default=False),
)


def loader_cache():
    """{name: path} of the libraries that the dynamic loader knows; the first of a name is the one."""
    tool = shutil.which("ldconfig", path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    known = {}
    if tool:
        listing = subprocess.run([tool, "-p"], capture_output=True, text=True).stdout
        for name, path in re.findall(r"^\s+(\S+) .*=> (\S+)$", listing, re.M):
            known.setdefault(name, path)
    return known


def version_of(path):
    """The version that the package manager knows, or the name of the real file."""
    real = os.path.realpath(path)
    for name in (path, real, real[4:] if real.startswith("/usr/lib") else real):
        if not shutil.which("dpkg"):
            break
        owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True).stdout
        package = owner.split(": ")[0].split(",")[0]
        if package:
            query = ["dpkg-query", "-W", "-f", "${Version}", package]
            return subprocess.run(query, capture_output=True, text=True).stdout.strip()
    return os.path.basename(real)


def find(names, build):
    """(found, missing): the allocators of these names, or all that are on by default."""
    unknown = [n for n in names or () if n not in [a.name for a in KNOWN]]
    if unknown:
        raise SystemExit("unknown allocator %s; known: %s"
                         % (", ".join(unknown), ", ".join(a.name for a in KNOWN)))
    cache, found, missing = loader_cache(), [], []
    for allocator in KNOWN:
        wanted = allocator.name in names if names else allocator.by_default
        if allocator.name == BASE:
            version = os.confstr("CS_GNU_LIBC_VERSION").split()[-1]
            found.append(allocator._replace(version=version))
        elif wanted:
            paths = [f.format(build=build) if "/" in f else cache.get(f, "") for f in allocator.files]
            path = next((p for p in paths if os.path.exists(p)), None)
            if not path:
                missing.append(allocator)
                continue
            version = "" if allocator.name.startswith(OURS) else version_of(path)
            found.append(allocator._replace(library=path, version=version))
    return found, missing
