# SPDX-License-Identifier: MIT
"""Makes report pages for tests, and takes them apart."""
import html.parser
import json
import os
import re
import subprocess

import harness
import lgcfile
from harness import Source, check, command, equal

VOID = {"meta", "input", "link", "br", "hr", "img"}
# Names and texts that would break out of a page where one place forgot to escape.
EVIL = "</script><script>window.evil=1</script><img src=x onerror=window.evil=2>\"'&lt;{{rows}}<!--"

PROGRAM = r"""
#include <cstdlib>
#include <map>
#include <string>
#include <vector>
static void *volatile sink;
namespace store {
template <class Key, class Value> struct Cache {
    __attribute__((noinline)) static void *insert(const std::map<Key, std::vector<Value>> &)
    {
        return malloc(1000); // here </script><script>window.evil=1</script> <!-- <b>&amp;
    }
    __attribute__((noinline)) void *operator<<(const std::map<Key, std::vector<Value>> &) { return malloc(20); }
    __attribute__((noinline)) void *operator()(const std::map<Key, std::vector<Value>> &) { return malloc(30); }
    __attribute__((noinline)) void *operator<=>(const std::map<Key, std::vector<Value>> &) { return malloc(40); }
    __attribute__((noinline)) void *operator->() { return malloc(50); }
};
}
namespace { namespace hidden { __attribute__((noinline)) void *make(const std::map<std::string, std::string> &) { return malloc(60); } } }
struct Node { Node *next; char text[40]; };
static inline __attribute__((always_inline)) void inlined() { sink = malloc(7); }
__attribute__((noinline)) void many() { for (int i = 0; i < 300; i++) inlined(); }
__attribute__((noinline)) void chain()
{
    Node *first = new Node(), *second = new Node();
    first->next = second;
    sink = first;
}
int main()
{
    store::Cache<std::string, int> cache;
    std::map<std::string, std::vector<int>> map;
    sink = cache.insert(map);
    sink = cache << map;
    sink = cache(map);
    sink = cache <=> map;
    sink = cache.operator->();
    sink = hidden::make({});
    many();
    chain();
    sink = nullptr;
}
"""


def real_report(folder):
    """A report file of PROGRAM, run under the library, and its source."""
    source = Source(folder, "shop.cc", PROGRAM)
    exe = source.build("shop", "-g", "-O1", "-std=c++20")
    path = os.path.join(folder, "shop.lgc")
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    library = os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so")
    subprocess.run([exe], cwd=folder, check=True, timeout=60,
                   env=dict(env, LD_PRELOAD=library, LEAKGC_REPORT=path, LEAKGC_KINDS="all"))
    return path, source


def evil_report(word=EVIL):
    """The word stands wherever the page shows a text that is not made by leakgc."""
    report = lgcfile.Report(program="/bin/" + word, host=word, cause=word, version=word, live=1, kinds=31)
    report.arguments = [word, "\x01\x7f\n", b"\xff\xfe" + word.encode()]
    report.doubts = [word]
    report.module("/opt/" + word, 0x1000, 0x9000, 0x1000).frame(1, 0, 0x2000, 0).frame(2, 1, 0x3000, 0)
    report.site("definite", 2, 100, 1).site("reachable", 1, 100, 1).scan(1, cause=word, live=(10, 1), result=word)
    return report.scan(2, cause=word, uptime_ms=10, live=(20, 1))


def many_sites(sites=1000, depth=30):
    """So many sites, with a tree of frames above them."""
    report = lgcfile.Report(kinds=31, program="/opt/many")
    report.module("/opt/many", 0x400000, 0x4000000, 0x400000)
    below, number = [0], 0
    for level in range(depth):
        count = sites if level == depth - 1 else min(sites, 1 + level * level)
        above, below = below, []
        for i in range(count):
            number += 1
            report.frame(number, above[i % len(above)], 0x400000 + 16 * number, 0)
            below.append(number)
    for i, frame in enumerate(below):
        report.site(lgcfile.KINDS[i % 4], frame, 10 + i * i, 1 + i % 7, first_ms=i, last_ms=2 * i)
    for i in range(100):
        report.scan(i + 1, uptime_ms=60000 * i, live=(10**9 + i * 10**6, 5), lost=(i * i * 1000, 5))
    return report


def make_page(folder, report, *options, name="page.html"):
    """The path of the page of a report file (a path or a lgcfile.Report)."""
    if isinstance(report, lgcfile.Report):
        report = report.write(os.path.join(folder, name + ".lgc"))
    path = os.path.join(folder, name)
    status, _, err = command("report", "--output", path, *options, report)
    equal(status, 0, f"exit status ({err})")
    return path


class Document(html.parser.HTMLParser):
    """elements: (tag, attributes, text directly in it). Elements that are not closed fail."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.open = [], []
        with open(path, "rb") as file:
            self.text = file.read().decode("utf-8", "replace")
        self.feed(self.text)
        self.close()
        equal(self.open, [], "elements that are not closed")

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag):
        check(self.open and self.open[-1][0] == tag, f"</{tag}> where", self.open and self.open[-1][:2], "is open")
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e[0] == tag and all(e[1].get(k) == v for k, v in attributes.items())]

    def data(self):
        return json.loads(self.all("script", id="data")[0][2])

    def colours(self, dark):
        """The page's colours by name, each (red, green, blue)."""
        found = re.findall(r"--(\w+): light-dark\(#(\w{6}), #(\w{6})\)", self.all("style")[0][2])
        return {name: tuple(bytes.fromhex(pair[dark])) for name, *pair in found}
