# SPDX-License-Identifier: MIT
"""--format xml: well-formed (xmllint), built as memcheck's own (valgrind is run and compared), and what a reader
of protocol 4 takes from it is what the report says."""
import os
import subprocess
import xml.etree.ElementTree as tree

import formatting
from formatting import KINDS, facts, golden, places, written
from harness import Source, check, directory, equal, need, tool

LEAKS = dict(zip(("Leak_DefinitelyLost", "Leak_IndirectlyLost", "Leak_PossiblyLost", "Leak_StillReachable"), KINDS))


def clean(text):
    """What XML can't have is U+FFFD; JSON could have said it."""
    return "".join("\ufffd" if c in "\ufffe\uffff\x7f" or ord(c) < 32 and c not in "\t\n\r" else c for c in text)


def read(text):
    """The errors, as a program that reads memcheck's files sees them."""
    root = tree.fromstring(text)
    equal((root.tag, root.findtext("protocolversion"), root.findtext("protocoltool"), root.findtext("tool")),
          ("valgrindoutput", "4", "memcheck", "memcheck"))
    seen = set()
    for error in root.iter("error"):
        unique = int(error.findtext("unique"), 16)
        check(unique not in seen, "unique is not")
        seen.add(unique)
        what = error.find("xwhat")
        check("loss record" in what.findtext("text"), what.findtext("text"))
        frames = [tuple(frame.findtext(tag) for tag in ("ip", "obj", "fn", "dir", "file", "line"))
                  for frame in error.find("stack")]
        check(frames, "an error without a frame")
        yield (LEAKS[error.findtext("kind")], int(what.findtext("leakedbytes")), int(what.findtext("leakedblocks")),
               [(int(ip, 16), *rest) for ip, *rest in frames])


def frame_as_said(frame, line):
    path = frame.get("path")
    line = line or {}
    function, file = line.get("function"), line.get("file")
    folder, name = os.path.split(file) if file else (None, None)
    number = str(line["line"]) if line.get("line") and file else None
    return (int(frame["pc"], 16), *(clean(text) if text else None for text in (path, function, folder, name)), number)


def test_xml_is_the_report():
    for report in formatting.everything():
        wanted = []
        for s in facts(report, "--kinds", "all")["sites"]:
            size = s["bytes"] + s.get("indirect", {"bytes": 0})["bytes"]
            stack = [frame_as_said(*place) for place in places(s)] or [(0, *[None] * 5)]
            wanted.append((s["kind"], size, s["blocks"], stack))
        equal(list(read(written("xml", report, "--kinds", "all"))), wanted)


def test_xml_of_a_process():
    root = tree.fromstring(written("xml", formatting.awkward()))
    said = facts(formatting.awkward())["process"]
    equal(int(root.findtext("pid")), said["pid"])
    equal([e.text for e in root.find("args/argv")], [clean(a) for a in said["arguments"]])
    lines = [e.text for e in tree.fromstring(written("xml", formatting.doubtful())).find("preamble")]
    equal(lines[1:], ["incomplete: 1 thread was missed <&>;\"\\\ufffd", "incomplete: two"])
    states = [e.text for e in tree.fromstring(written("xml", formatting.sample())).iter("state")]
    equal(states, ["RUNNING"], "of a program that goes on")


def test_xml_well_formed():
    need("xmllint")
    for report in formatting.everything():
        checked = subprocess.run(["xmllint", "--noout", "-"], input=written("xml", report), capture_output=True)
        equal((checked.returncode, checked.stderr), (0, b""), "xmllint")
    broken = written("xml", formatting.sample()).replace(b"</kind>", b"", 1)
    check(subprocess.run(["xmllint", "--noout", "-"], input=broken, capture_output=True).returncode != 0, "no check")


def shape(element, path=(), found=None):
    """For each element the orders in which its children stand."""
    found = {} if found is None else found
    path += (element.tag,)
    found.setdefault(path, []).append([child.tag for child in element])
    for child in element:
        shape(child, path, found)
    return found


def is_part(few, many):
    rest = iter(many)
    return all(tag in rest for tag in few)


def test_xml_as_memcheck():
    """Every element is one that memcheck writes in that place, and the children are in its order."""
    need("valgrind")
    folder = directory("memcheck")
    exe = Source(folder, "m.c", "#include <stdlib.h>\nint main(void)\n{ void *volatile p = malloc(8); p = 0; return 0; }\n")
    exe = exe.build("m", "-g")
    path = os.path.join(folder, "m.xml")
    tool("valgrind", "--leak-check=full", "--xml=yes", f"--xml-file={path}", exe, "argument")
    theirs = shape(tree.parse(path).getroot())
    ours = shape(tree.fromstring(written("xml", formatting.cplusplus()[0], "--kinds", "definite")))
    equal(sorted(set(ours) - set(theirs)), [], "elements that memcheck does not write")
    for place, orders in ours.items():
        most = max(theirs[place], key=len)
        for order in orders:
            once = [tag for i, tag in enumerate(order) if i == 0 or order[i - 1] != tag]
            check(is_part(once, most), f"{place}: {once} is not in the order of {most}")


def test_xml_golden():
    golden("xml", written("xml", formatting.sample()).decode())
    equal(list(read(written("xml", formatting.empty()))), [])
    equal(list(read(written("xml", formatting.sample(), "--kinds", "suppressed"))), [])
