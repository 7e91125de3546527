# SPDX-License-Identifier: MIT
"""--format pprof: decoded by protoc with the schema of pprof itself (Debian's golang-github-google-pprof-dev), and
read by pprof where it is installed: $PPROF, `pprof` or `go tool pprof`."""
import gzip
import os
import re
import shlex
import shutil
import subprocess

import formatting
from formatting import facts, golden, places, written
from harness import Skip, check, directory, equal, need, tool

PROTO = "/usr/share/gocode/src/github.com/google/pprof/proto"
TYPES = ["leaked_objects/count", "leaked_space/bytes", "inuse_objects/count", "inuse_space/bytes"]


def decode(packed):
    """protobuf's text form of a profile."""
    need("protoc")
    if not os.path.exists(os.path.join(PROTO, "profile.proto")):
        raise Skip("golang-github-google-pprof-dev is not installed")
    done = subprocess.run(["protoc", "-I", PROTO, "--decode=perftools.profiles.Profile", "profile.proto"],
                          input=gzip.decompress(packed), capture_output=True)
    equal((done.returncode, done.stderr), (0, b""), "protoc")
    return done.stdout.decode("ascii")


def unquote(text):
    """A quoted text of protobuf's text form; bytes are octal there."""
    raw = text[1:-1].encode("ascii").decode("unicode_escape").encode("latin-1")
    return raw.decode("utf-8")


def parse(lines):
    """{field: [value]}; every field is a list."""
    message = {}
    for line in lines:
        words = line.strip()
        if words == "}":
            break
        if words.endswith(" {"):
            message.setdefault(words[:-2], []).append(parse(lines))
            continue
        key, value = words.split(": ", 1)
        if key == "3" and "function_id" in message:
            key = "column"  # younger than Debian's schema
        check(not key.isdigit(), f"a field that pprof does not know: {words}")
        value = unquote(value) if value[0] == '"' else value == "true" if value in ("true", "false") else int(value)
        message.setdefault(key, []).append(value)
    return message


class Profile:
    def __init__(self, packed):
        self.raw = parse(iter(decode(packed).splitlines()))
        self.texts = self.raw["string_table"]
        equal(self.texts[0], "", "the first text")
        equal(len(set(self.texts)), len(self.texts), "texts that differ")
        self.mappings, self.locations, self.functions = (self.by_id(k) for k in ("mapping", "location", "function"))

    def by_id(self, key):
        found = {entry["id"][0]: entry for entry in self.raw.get(key, [])}
        equal(len(found), len(self.raw.get(key, [])), f"ids of {key}")
        return found

    def text(self, entry, key):
        return self.texts[entry.get(key, [0])[0]]

    def types(self):
        return [f"{self.text(t, 'type')}/{self.text(t, 'unit')}" for t in self.raw["sample_type"]]

    def line(self, line):
        function = self.functions[line["function_id"][0]]
        return self.text(function, "name"), self.text(function, "filename"), line.get("line", [0])[0]

    def location(self, number):
        location = self.locations[number]
        path = self.text(self.mappings[location["mapping_id"][0]], "filename") if "mapping_id" in location else None
        return path, [self.line(line) for line in location.get("line", [])]

    def samples(self):
        """(kind, values, stack)"""
        for sample in self.raw.get("sample", []):
            label, = sample["label"]
            equal(self.text(label, "key"), "kind")
            yield (self.text(label, "str"), sample["value"], [self.location(n) for n in sample["location_id"]])


def clean(text):
    return "".join("\ufffd" if ord(c) < 32 or ord(c) == 127 else c for c in text)


def stack_as_said(site):
    if not site["frames"]:
        return [(None, [("[no stack]", "", 0)])]
    return [(clean(f["path"]) if "path" in f else None,
             [(clean(n["function"] or "??"), clean(n["file"] or ""), n.get("line", 0)) for n in f["lines"]])
            for f in site["frames"]]


def most(number):
    return min(number, 2 ** 63 - 1)


def test_pprof_is_the_report():
    for report in formatting.everything():
        profile = Profile(written("pprof", report, "--kinds", "all"))
        said = facts(report, "--kinds", "all")
        equal(profile.types(), TYPES)
        equal(profile.text(profile.raw, "default_sample_type"), "leaked_space")
        wanted = []
        for s in said["sites"]:
            values = [most(s["blocks"]), most(s["bytes"])]
            leaked = values if s["kind"] in ("definite", "indirect") else [0, 0]
            wanted.append((s["kind"], leaked + values, stack_as_said(s)))
        equal(list(profile.samples()), wanted)
        equal([profile.texts[n] for n in profile.raw.get("comment", [])],
              ["incomplete: " + clean(doubt) for doubt in said["doubts"]])


def test_pprof_mappings():
    """The program first; where they were, and their build ids."""
    report, _ = formatting.cplusplus()
    said = {m["path"]: m for m in facts(report)["modules"]}
    profile = Profile(written("pprof", report))
    equal(len(profile.mappings), len(said))
    equal(profile.text(profile.raw["mapping"][0], "filename"), facts(report)["process"]["program"])
    for mapping in profile.mappings.values():
        module = said[profile.text(mapping, "filename")]
        equal(profile.text(mapping, "build_id"), module["build_id"] or "")
        equal([mapping["memory_start"][0], mapping["memory_limit"][0]], [int(module[k], 16) for k in ("begin", "end")])
    main = profile.raw["mapping"][0]
    check(all(main.get(k) == [True] for k in ("has_functions", "has_filenames", "has_line_numbers",
                                              "has_inline_frames")), main)


def test_pprof_without_names():
    """What has no names is left to pprof: addresses and build ids only."""
    profile = Profile(written("pprof", formatting.sample()))
    check(not any(k.startswith("has_") for m in profile.mappings.values() for k in m), profile.mappings)
    equal(profile.text(profile.raw["mapping"][0], "build_id"), bytes(range(20)).hex())


def pprof():
    """The words that start pprof."""
    if os.environ.get("PPROF"):
        return shlex.split(os.environ["PPROF"])
    if shutil.which("pprof") and b"proto" in subprocess.run(["pprof", "--help"], capture_output=True).stdout:
        return ["pprof"]
    if shutil.which("go"):
        return ["go", "tool", "pprof"]
    raise Skip("pprof is not installed")


def ask_pprof(name, report, *words):
    folder = directory(name)
    path = os.path.join(folder, "r.pb.gz")
    with open(path, "wb") as file:
        file.write(written("pprof", report, "--kinds", "all"))
    env = dict(os.environ, HOME=folder, PPROF_TMPDIR=folder)
    done = subprocess.run([*pprof(), "-symbolize=none", *words, path], capture_output=True, env=env, text=True, cwd=folder, timeout=120)
    equal(done.returncode, 0, done.stderr)
    return done.stdout


def test_pprof_reads_it():
    pprof()
    report, _ = formatting.cplusplus()
    totals = facts(report)["totals"]
    top = ask_pprof("pprof top", report, "-top", "-unit=B")
    total = totals["definite"]["bytes"] + totals["indirect"]["bytes"]
    check(re.search(rf"\bof {total}B total", top), top)
    check(re.search(r" 1800B .* holder::make| 1600B .* holder<double, 100>::make\(\)", top), top)
    for number, other in enumerate(formatting.everything()):
        raw = ask_pprof(f"pprof raw {number}", other, "-raw")
        samples = raw.split("Samples:\n")[1].split("Locations\n")[0]
        equal(len(re.findall(r"^ *-?\d+ +\d+ +\d+ +\d+: ", samples, re.M)), len(facts(other, "--kinds", "all")["sites"]))


def test_pprof_minds():
    """Negative control: what protoc and gzip do not take."""
    packed = written("pprof", formatting.sample())
    plain = gzip.decompress(packed)
    for bad in (packed[:-9], packed[:20] + b"\0" + packed[21:], gzip.compress(plain[:-1])):
        try:
            Profile(bad)
        except Skip:
            raise
        except Exception:  # whatever the reader says
            continue
        raise AssertionError("a broken one was read")


def test_pprof_same_bytes():
    """The same report, the same file."""
    equal(written("pprof", formatting.sample()), written("pprof", formatting.sample()))


def test_pprof_golden():
    golden("pprof", decode(written("pprof", formatting.sample())))
