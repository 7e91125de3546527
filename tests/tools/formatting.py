# SPDX-License-Identifier: MIT
"""What the tests of the formats share: reports of real programs and made ones, and what each must say: the same
as --format json, which test_report.py compares with the library's own text."""
import json
import os
import subprocess
import sys

import harness
import lgcfile
from harness import Source, directory, equal

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, for another python3 too

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("definite", "indirect", "possible", "reachable", "suppressed")

# Templates, inlined functions, and names with the characters that formats quote.
CPLUSPLUS = """
#include <cstdlib>
#include <string>
#include <vector>
static void *volatile sink;
static void *volatile keep;
struct node { node *next; char rest[24]; };
template <typename T, int N> struct holder {
    inline __attribute__((always_inline)) T *make() { return new T[N]; }
};
namespace app {
template <typename A, typename B> __attribute__((noinline)) void leak(const B &)
{
    holder<A, 100> h;
    sink = h.make(); // @make
    sink = h.make();
}
struct odd {
    __attribute__((noinline)) bool operator&&(const odd &) { sink = malloc(7); return true; }
    __attribute__((noinline)) odd &operator<<(const char *) { sink = new std::string(60, 'x'); return *this; }
};
}
__attribute__((noinline)) static void chain()
{
    node *first = new node, *second = new node;
    first->next = second;
    second->next = nullptr;
    sink = first;
}
int main()
{
    app::odd a, b;
    std::vector<int> numbers(3);
    keep = malloc(5000);
    app::leak<char>(numbers);
    app::leak<double>(std::string("some longer text than fits in"));
    a << "x";
    chain();
    bool both = a && b;
    sink = nullptr;
    return both ? 0 : 1;
}
"""

# A symbol and a path with everything that some format minds. Not U+0000, which none of them can have.
AWKWARD_NAME = b"a;b<c>&d\"e'f\\g\x01h\x7fi\xffj\xc3\xa9k{l}m=n,o p#q%r$s\nt\tu"
PLACE_HOLDER = b"A" * len(AWKWARD_NAME)
AWKWARD = f"""
#include <stdlib.h>
static void *volatile sink;
__attribute__((noinline)) void {PLACE_HOLDER.decode()}(void) {{ sink = malloc(33); sink = 0; }}
int main(void) {{ {PLACE_HOLDER.decode()}(); return 0; }}
"""
AWKWARD_FOLDER = b"folder;<&>\"'\\ \t\x01\xff\xc3\xa9\xed\xa0\x80\xef\xbf\xbe"


def bare(*words, **more):
    """The command's (status, stdout as bytes, stderr)."""
    done = subprocess.run([harness.leakgc, *words], capture_output=True, timeout=120, **more)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def written(kind, report, *flags):
    """The report in a format."""
    status, out, err = bare("report", "--format", kind, *flags, report)
    equal((status, "no file for" in err or err == ""), (0, True), f"status and errors ({err!r})")
    return out


def facts(report, *flags):
    return json.loads(written("json", report, *flags))


def run(program, report, *arguments):
    """Makes a report of a program."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    env.update(LD_PRELOAD=os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so"), LEAKGC_REPORT=report,
               LEAKGC_KINDS="all")
    done = subprocess.run([program, *arguments], env=env, capture_output=True, timeout=60)
    equal((done.returncode, done.stderr), (0, b""), "the program")
    return report


made = {}


def once(make):
    def again():
        if make not in made:
            made[make] = make()
        return made[make]
    return again


@once
def cplusplus():
    """A report of the C++ program with debug information; its Source."""
    folder = directory("format c++")
    source = Source(folder, "leaky.cc", CPLUSPLUS)
    return run(source.build("leaky", "-g", "-O1"), os.path.join(folder, "r.lgc"), "--an", "argument <&>"), source


@once
def awkward():
    """A report of a program whose names and path are awkward, without debug information."""
    folder = directory("format awkward")
    exe = Source(folder, "awkward.c", AWKWARD).build("awkward", "-O1")
    odd = os.path.join(os.fsencode(folder), AWKWARD_FOLDER)
    os.mkdir(odd)
    program = os.path.join(odd, b"program")
    with open(exe, "rb") as old, open(program, "wb") as new:
        new.write(old.read().replace(PLACE_HOLDER, AWKWARD_NAME))
    os.chmod(program, 0o755)
    return run(program, os.path.join(folder, "r.lgc"), b"arg\xff\n;<&>\"")


@once
def sample():
    """A made one without symbols."""
    return lgcfile.sample().write(os.path.join(directory("format sample"), "r.lgc"))


@once
def empty():
    """One without a site, a module, anything."""
    return lgcfile.Report().write(os.path.join(directory("format empty"), "r.lgc"))


@once
def doubtful():
    """An incomplete one, of which awkward things are said."""
    report = lgcfile.Report(program="/bin/<&>\x01", host="<&>\"\\", version="<&>")
    report.doubts = ["1 thread was missed <&>;\"\\\x02", "two"]
    report.module("/bin/\x01\"<&>;", 0x1000, 0x9000).frame(1, 0, 0x1234, 0).site("definite", 1, 100, 2)
    return report.write(os.path.join(directory("format doubtful"), "r.lgc"))


@once
def biggest():
    """Numbers that are as big as they can be."""
    most = 2 ** 64 - 1
    report = lgcfile.Report(written=most, started=most, uptime_ms=most)
    report.module("/m", 0, most, 0).frame(1, 0, most, 0).site("definite", 1, most, most)
    return report.write(os.path.join(directory("format biggest"), "r.lgc"))


def everything():
    """Reports that each format must be able to show."""
    return [cplusplus()[0], awkward(), sample(), empty(), doubtful(), biggest()]


def frame_name(frame, line):
    """What a frame is called where there is one name only."""
    if line and line["function"]:
        return line["function"]
    if "path" in frame:
        return f"{os.path.basename(frame['path'])}+{frame['offset']}"
    return frame["pc"]


def places(site):
    """(frame, line) of a site's stack, the innermost first; line None: not known."""
    return [(frame, line) for frame in site["frames"] for line in frame["lines"] or [None]]


def names(site):
    return [frame_name(*place) for place in places(site)]


def is_clean(text):
    return not any(ord(c) < 32 or ord(c) == 127 for c in text)


def golden(kind, text):
    """The sample is written as the file golden/sample.KIND says."""
    with open(os.path.join(HERE, "golden", "sample." + kind), encoding="utf-8") as file:
        wanted = file.read().split("\n")
    got = text.split("\n")
    for number, (a, b) in enumerate(zip(got, wanted), 1):
        equal(a, b, f"golden/sample.{kind}:{number}")
    equal(len(got), len(wanted), f"lines of golden/sample.{kind}")
