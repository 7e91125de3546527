# SPDX-License-Identifier: MIT
"""`leakgc report`: what it makes of files that the library writes (the same text as the library's own), and of
files made here (lgcfile.py), whole, cut, damaged and hostile."""
import json
import os
import random
import re
import resource
import shutil
import subprocess

import harness
import lgcfile
import schema
from harness import Source, build_id, check, command, directory, equal, need, tool

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MISSING = "leakgc report: no file for 2 modules (such as /bin/app); see --sysroot and --debug-path\n"

PROGRAM = """
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
static void *volatile sink;
static void *keep;
struct node { struct node *next; char rest[40]; };
static inline __attribute__((always_inline)) void inlined(int n) { sink = malloc(n); }
__attribute__((noinline)) void small(void) { for (int i = 0; i < 3; i++) inlined(7); }
__attribute__((noinline)) void chain(void)
{
    struct node *head = 0;
    for (int i = 0; i < 5; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = head;
        head = n;
    }
    sink = head;
}
__attribute__((noinline)) void deep(int n) { if (n) deep(n - 1); else sink = calloc(11, 11); sink = 0; }
static void *work(void *p) { small(); return p; }
int main(void)
{
    pthread_t t;
    keep = malloc(5000);
    small();
    chain();
    deep(40);
    sink = strdup("hello");
    sink = 0;
    pthread_create(&t, 0, work, 0);
    pthread_join(t, 0);
    return 0;
}
"""


def library():
    return os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so")


def run(program, *arguments, cwd, **options):
    """Its stderr under the library."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    env.update({"LEAKGC_" + key.upper(): str(value) for key, value in options.items()})
    env["LD_PRELOAD"] = library()
    done = subprocess.run([program, *arguments], env=env, cwd=cwd, capture_output=True, text=True, timeout=60)
    return done.stderr


def write(folder, content, name="r.lgc"):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def normalize(text):
    text = re.sub(r"==\d+==", "==PID==", text)
    return re.sub(r"(?m)^( +#\d+ )0x[0-9a-f]+", r"\g<1>0x", text)


def load_json(*words):
    status, out, err = command("report", "--format", "json", *words)
    return json.loads(out), status, err


# --- The same as the library's own -----------------------------------------------------------------


def test_text_is_the_librarys():
    folder = directory("both ways")
    exe = Source(folder, "both.c", PROGRAM).build("both", "-g", "-O1", "-pthread")
    for number, options in enumerate(({}, dict(kinds="all"), dict(min_bytes=22, kinds="definite"), dict(max_sites=2),
                                      dict(stack_depth=3), dict(min_blocks=4), dict(kinds="possible", verbose=1))):
        path = os.path.join(folder, f"{number}.lgc")
        direct = run(exe, cwd=folder, **options)
        err = run(exe, cwd=folder, report=path, **options)
        if "verbose" not in options:
            equal(err, "", "stderr with a report file")
        else:
            direct = "".join(line for line in direct.splitlines(True) if "watching" not in line and " scan=" not in line)
        status, out, err = command("report", path)
        equal((status, err), (0, ""), options)
        check("LEAK SUMMARY" in out, "no report", out)
        equal(normalize(out), normalize(direct), f"text with {options}")


SIGNAL = """#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>
static void *volatile sink;
void trap(void);
__asm__(".type before,@function\\nbefore: .cfi_startproc\\nnop\\n.cfi_endproc\\n.size before,.-before\\n"
        ".type trap,@function\\ntrap: .cfi_startproc\\nud2\\nret\\n.cfi_endproc\\n.size trap,.-trap\\n");
static void handle(int n, siginfo_t *info, void *context)
{
    sink = malloc(n);
    sink = info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
}
int main(void)
{
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    sigaction(SIGILL, &action, 0);
    trap();
    return 0;
}
"""


def test_what_a_signal_interrupted():
    """At the first byte of a function: one byte before is another one."""
    folder = directory("signal")
    exe = Source(folder, "signal.c", SIGNAL).build("signal", "-g")
    direct = run(exe, cwd=folder)
    run(exe, cwd=folder, report="s.lgc")
    text = command("report", os.path.join(folder, "s.lgc"))[1]
    equal(normalize(text), normalize(direct))
    equal(re.findall(r" in (handle|trap|before|main) ", text), ["handle", "trap", "main"])


def test_details():
    folder = directory("details")
    exe = Source(folder, "details.c", PROGRAM).build("details", "-g", "-pthread")
    run(exe, cwd=folder, report="d.lgc", details=1)
    text = command("report", os.path.join(folder, "d.lgc"))[1]
    check(re.search(r"^    by thread T1(?: and others)?, 0\.\d s to 0\.\d s after start \(\d\.\d s ago\)$", text, re.M), text)
    run(exe, cwd=folder, report="e.lgc")
    check("by thread" not in command("report", os.path.join(folder, "e.lgc"))[1], "details though nobody asked")
    check("by thread" in command("report", "--details", os.path.join(folder, "e.lgc"))[1], "no details")


def test_all_kinds_are_in_the_file():
    folder = directory("all kinds")
    exe = Source(folder, "kinds.c", PROGRAM).build("kinds", "-g", "-pthread")
    run(exe, cwd=folder, report="k.lgc", kinds="definite", min_bytes=1000000)
    path = os.path.join(folder, "k.lgc")
    equal(command("report", path)[1].count(" leak of "), 0)
    document = load_json("--kinds", "all", "--min-bytes", "0", path)[0]
    kept = [s for s in document["sites"] if s["bytes"] == 5000]
    equal([(s["kind"], s["blocks"]) for s in kept], [("reachable", 1)])
    equal(document["totals"]["definite"]["bytes"],
          sum(s["bytes"] for s in document["sites"] if s["kind"] == "definite"))


# --- Names -----------------------------------------------------------------------------------------


def functions(document):
    return [[line["function"] for frame in site["frames"] for line in frame["lines"]] for site in document["sites"]]


def test_debug_path_and_sysroot():
    folder = directory("elsewhere")
    exe = Source(folder, "else.c", PROGRAM).build("else", "-g", "-pthread", "-Wl,--build-id")
    run(exe, cwd=folder, report="e.lgc")
    path = os.path.join(folder, "e.lgc")
    wanted = functions(load_json(path)[0])
    check(any("chain" in names for names in wanted), wanted)
    identity = build_id(exe)
    symbols = os.path.join(folder, "symbols", ".build-id", identity[:2])
    os.makedirs(symbols)
    debug = os.path.join(symbols, identity[2:] + ".debug")
    tool("objcopy", "--only-keep-debug", exe, debug)
    root = os.path.join(folder, "root")
    os.makedirs(root + folder)
    shutil.move(exe, root + exe)
    document, status, err = load_json(path)
    equal((status, err), (0, f"leakgc report: no file for 1 module ({exe}); see --sysroot and --debug-path\n"))
    check(not any("chain" in names for names in functions(document)), "names out of nowhere")
    equal(functions(load_json("--debug-path", os.path.join(folder, "symbols"), path)[0]), wanted, "--debug-path")
    for name in {m["path"] for m in document["modules"] if m["path"].startswith("/") and m["path"] != exe}:
        os.makedirs(os.path.dirname(root + name), exist_ok=True)
        shutil.copy(name, root + name)
    found, status, err = load_json("--sysroot", root, path)
    equal((status, err), (0, ""))
    equal(sum("chain" in names for names in functions(found)), sum("chain" in names for names in wanted), "--sysroot")
    tool("strip", root + exe)  # what is loaded by the build id goes on having names
    found = load_json("--sysroot", root, "--debug-path", os.path.join(folder, "symbols"), path)[0]
    equal(sum("chain" in names for names in functions(found)), sum("chain" in names for names in wanted), "stripped")


def test_another_file_under_the_name():
    folder = directory("replaced")
    source = Source(folder, "rep.c", PROGRAM)
    exe = source.build("rep", "-g", "-pthread", "-Wl,--build-id=0x0123456789abcdef")
    run(exe, cwd=folder, report="r.lgc")
    path = os.path.join(folder, "r.lgc")
    check(any("chain" in names for names in functions(load_json(path)[0])), "no names")
    source.build("rep", "-g", "-O2", "-pthread", "-Wl,--build-id=0x0123456789abcdee")
    document, status, err = load_json(path)
    equal((status, err), (0, f"leakgc report: {exe}: the file here is another one than the process had loaded (its"
                             " build id differs); no names from it\n"))
    check(not any("chain" in names for names in functions(document)), "names of the wrong file")
    equal([m["symbols"] for m in document["modules"] if m["path"] == exe], ["other file"])


def signatures(folder, text, *flags):
    exe = Source(folder, "sign.c", text).build("sign", "-g", "-pthread", *flags)
    path = os.path.join(folder, "sign.lgc")
    if os.path.exists(path):
        os.remove(path)
    run(exe, cwd=folder, report=path)
    document = load_json(path)[0]
    return {tuple(line["function"] for f in s["frames"] for line in f["lines"])[:2]: s["signature"]
            for s in document["sites"]}


def test_signatures():
    folder = directory("signatures")
    first = signatures(folder, PROGRAM)
    equal(len(set(first.values())), len(first), "different sites, different signatures")
    equal(signatures(folder, PROGRAM), first, "another run")
    moved = PROGRAM.replace("static void *keep;", "static void *keep;\n\n\nint other(int n) { return n + 1; }\n")
    equal(signatures(folder, moved), first, "other lines and addresses")
    inner = 'if (argc++ < 9) {%s} else sink = malloc(3); sink = 0; return 0; }\n'
    head = '#include <stdlib.h>\nvoid *volatile sink;\nint main(int argc, char **argv) { (void)argv; '
    once = signatures(folder, head + inner % "argc = 9; sink = malloc(3);", "-O0")
    again = signatures(folder, head + inner % "argc = 99; return main(argc, argv);", "-O0")
    equal(list(once.values()), list(again.values()), "main calls itself: what is below it does not count")
    renamed = signatures(folder, PROGRAM.replace("chain", "string"))
    changed = {names for names in first if "chain" in names}
    check(changed and not changed & set(renamed), "renamed", renamed)
    equal({k: v for k, v in renamed.items() if k in first}, {k: v for k, v in first.items() if k not in changed})
    check(not {first[k] for k in changed} & set(renamed.values()), "a renamed function has the old signature")


# --- Formats ---------------------------------------------------------------------------------------


SAMPLE_TEXT = """
=================================================================
==4711==ERROR: leakgc: detected memory leaks (scan 3: interval, 60.4 s after start)

Direct leak of 1000 byte(s) in 10 object(s) allocated from:
    #0 0x402000 (/bin/app+0x2000)
    #1 0x401000 (/bin/app+0x1000)
    and through it 64 byte(s) in 2 object(s) are lost indirectly
    the first was reachable at scan 1 (1.0 s after start), lost at scan 2 (2.0 s)
    grown since scan 2 (2.5 s): from 500 byte(s) in 5 object(s) to 1000 byte(s) in 10 object(s)

Direct leak of 24 byte(s) in 1 object(s) allocated from:
    #0 0x7f0000001000 (/lib/plugin.so+0x1000)
    #1 0x403000 (/bin/app+0x3000)
    #2 0x401000 (/bin/app+0x1000)
    the first was lost at scan 3 (60.4 s after start)

Indirect leak of 64 byte(s) in 2 object(s) allocated from:
    #0 0x403000 (/bin/app+0x3000)
    #1 0x401000 (/bin/app+0x1000)

Possible leak of 8 byte(s) in 1 object(s) allocated from:
    #0 0x10 (<unknown module>)
    #1 0x402000 (/bin/app+0x2000)
    #2 0x401000 (/bin/app+0x1000)

Still reachable: 4096 byte(s) in 1 object(s) allocated from:
    (no stack was recorded)

SUMMARY: leakgc: 5192 byte(s) leaked in 15 allocation(s).
==4711==
==4711==LEAK SUMMARY:
==4711==   definitely lost: 1,024 bytes in 11 blocks
==4711==   indirectly lost: 64 bytes in 2 blocks
==4711==     possibly lost: 8 bytes in 1 blocks
==4711==   still reachable: 4,096 bytes in 1 blocks
==4711==        suppressed: 0 bytes in 0 blocks
"""


def test_sample_text():
    path = write(directory("sample text"), lgcfile.sample().bytes())
    equal(command("report", path), (0, SAMPLE_TEXT, MISSING))
    with open(path, "rb") as file:
        equal(command("report", "-", stdin=file.read()), (0, SAMPLE_TEXT, MISSING), "from stdin")


def the_schema():
    with open(os.path.join(TOP, "tools", "leakgc-report.schema.json")) as file:
        return json.load(file)


def test_json_is_as_the_schema_says():
    folder = directory("json")
    rules = the_schema()
    paths = [write(folder, lgcfile.sample().bytes(), "sample.lgc"),
             write(folder, lgcfile.Report().bytes(), "nothing.lgc"), os.path.join(folder, "real.lgc")]
    run(Source(folder, "real.c", PROGRAM).build("real", "-g", "-pthread"), cwd=folder, report=paths[2], kinds="all")
    for path in paths:
        document, status, _ = load_json(path)
        equal(status, 0)
        equal(list(schema.faults(document, rules)), [], path)
        equal(list(schema.strangers(document, rules)), [], f"{path}: not in the schema")
    document = load_json(paths[0])[0]
    for spoil in (lambda d: d.pop("totals"), lambda d: d["sites"][0].update(kind="odd"),
                  lambda d: d["sites"][0].update(signature="0"), lambda d: d["scans"][0].update(stop_us=-1),
                  lambda d: d["sites"][0]["frames"][0].update(pc=1), lambda d: d.update(version=2)):
        spoiled = json.loads(json.dumps(document))
        spoil(spoiled)
        equal(len(list(schema.faults(spoiled, rules))), 1, "faults of a spoiled document")


def test_sample_json():
    path = write(directory("sample json"), lgcfile.sample().bytes())
    d = load_json(path)[0]
    equal((d["live"], d["cause"], d["scan"], d["complete"], d["doubts"]), (True, "interval", 3, True, []))
    equal(d["process"], {"program": "/bin/app", "arguments": ["app", "--flag", "two words"], "pid": 4711,
                         "host": "here", "started": 1000})
    equal([s["kind"] for s in d["sites"]], ["definite", "definite", "indirect", "possible", "reachable"])
    equal(d["sites"][0]["history"]["told"], {"scan": 2, "at_ms": 2500})
    equal(d["sites"][1]["several_threads"], True)
    equal(d["sites"][1]["frames"][0], {"pc": "0x7f0000001000", "module": 1, "path": "/lib/plugin.so",
                                       "offset": "0x1000", "lines": []})
    equal([m["unloaded"] for m in d["modules"]], [False, True])
    equal([s["stop_us"] for s in d["scans"]], [100, 120, 90])
    lines = [json.loads(line) for line in command("report", "--format", "jsonl", path)[1].splitlines()]
    equal([line["type"] for line in lines], ["report"] + ["module"] * 2 + ["scan"] * 3 + ["site"] * 5 + ["end"])
    equal([{k: v for k, v in line.items() if k != "type"} for line in lines if line["type"] == "site"], d["sites"])
    equal(lines[-1], {"type": "end", "sites": 5})


def test_odd_names_in_json():
    folder = directory("odd names")
    report = lgcfile.Report(program=b'/bin/"quoted\\\t\x01\xff\xc0\xaf\xed\xa0\x80 \xc3\xa4\xf0\x9f\x98\x80'.decode("latin-1"))
    data = report.bytes()
    raw = b'/b/"q\\\x01\xff\xc0\xaf\xed\xa0\x80\xc3\xa4\xf0\x9f\x98\x80'
    data = lgcfile.header() + lgcfile.section("INFO", lgcfile.record("program", raw)) + b"".join(
        list(report.sections())[1:])
    equal(load_json(write(folder, data))[0]["process"]["program"], '/b/"q\\\x01' + "\ufffd" * 6 + "ä😀")
    status, out, _ = command("report", "--format", "json", os.path.join(folder, "r.lgc"))
    done = subprocess.run([need("jq"), "-e", ".process.program"], input=out.encode(), capture_output=True)
    equal((status, done.returncode), (0, 0), done.stderr)


def test_output():
    folder = directory("output")
    path = write(folder, lgcfile.sample().bytes())
    for name, begin in (("a.json", "{\n"), ("a.jsonl", '{"type":"report"'), ("a.txt", "\n====="), ("a", "\n=====")):
        to = os.path.join(folder, name)
        equal(command("report", "--output", to, path), (0, "", MISSING), name)
        with open(to) as file:
            check(file.read().startswith(begin), name)
    status, out, err = command("report", "--output", "/nowhere/x", path)
    equal((status, out, err), (1, "", MISSING + "leakgc report: writing /nowhere/x: No such file or directory\n"))
    for words, message in (
            (["--format", "xls", path], "there is no format 'xls', but " ),
            (["--kinds", "odd", path], "'odd' is not a list of kinds"),
            (["--min-bytes", "-1", path], "min-bytes '-1' is not a number"),
            (["--max-sites", "", path], "max-sites '' is not a number"),
            (["--sysroot", "/nowhere", path], "'/nowhere' is not a directory"),
            ([], "one report file is needed"), ([path, path], "one report file is needed")):
        status, out, err = command("report", *words)
        equal((status, out, err.count("\n")), (2, "", 1), words)
        check(err.startswith("leakgc report: " + message), err)
    done = subprocess.run(["sh", "-c", '"$1" report "$2" > /dev/full', "sh", harness.leakgc, path], capture_output=True)
    equal(done.returncode, 1, "a full device")


def test_filters():
    path = write(directory("filters"), lgcfile.sample().bytes())

    def sizes(*words):
        d = load_json(*words, path)[0]
        return [s["bytes"] for s in d["sites"]], d["left_out"]["below_thresholds"], d["left_out"]["beyond_max_sites"]

    none = {"sites": 0, "bytes": 0, "blocks": 0}
    equal(sizes(), ([1000, 24, 64, 8, 4096], none, none))
    equal(sizes("--kinds", "definite,possible"), ([1000, 24, 8], none, none))
    equal(sizes("--min-bytes", "1k", "--kinds", "all"), ([4096], {"sites": 4, "bytes": 1096, "blocks": 14}, none))
    equal(sizes("--min-blocks", "2"), ([1000, 64], {"sites": 3, "bytes": 4128, "blocks": 3}, none))
    equal(sizes("--max-sites", "2"), ([1000, 24], none, {"sites": 3, "bytes": 4168, "blocks": 4}))


# --- Files that are cut, damaged or odd --------------------------------------------------------------


def real_file(folder):
    path = os.path.join(folder, "whole.lgc")
    run(Source(folder, "whole.c", PROGRAM).build("whole", "-g", "-pthread"), cwd=folder, report=path, kinds="all")
    with open(path, "rb") as file:
        return file.read()


def test_cut_files():
    folder = directory("cut")
    for whole in (lgcfile.sample().bytes(), real_file(folder)):
        everything = load_json(write(folder, whole))[0]
        seen = set()
        for end in sorted({len(whole) * i // 50 for i in range(50)} | {15, 16, len(whole) - 1}):
            path = write(folder, whole[:end])
            status, out, err = command("report", "--format", "json", path)
            equal(status, 3, f"status of {end} bytes")
            said = [line for line in err.splitlines() if "no file for" not in line]
            equal(len(said), 1, f"lines about {end} bytes: {err}")
            if end < 16:
                equal((out, said[0]), ("", f"leakgc report: {path}: not a report file"))
                continue
            check(re.search(r"cut.*could be read$", said[0]), said[0])
            document = json.loads(out)
            equal((document["complete"], len(document["doubts"])), (False, 1))
            count = len(document["sites"])
            check(document["sites"] == everything["sites"][:count], f"{end} bytes: other sites than in the whole file")
            seen.add(count)
        check(len(seen) > 1, "how many sites are left never differs", seen)


def test_damaged_files():
    folder = directory("damaged")
    rng = random.Random(7)
    for whole in (lgcfile.sample().bytes(), real_file(folder)):
        for _ in range(60):
            at = rng.randrange(16, len(whole))
            broken = bytearray(whole)
            broken[at] ^= 1 << rng.randrange(8)
            status, out, err = command("report", "--format", "json", write(folder, bytes(broken)))
            equal(status, 3, f"status, bit at {at}")
            said = [line for line in err.splitlines() if "no file for" not in line]
            check(len(said) == 1 and "damaged" in said[0], f"bit at {at}: {err}")
            document = json.loads(out)
            check(not document["complete"] and not list(schema.faults(document, the_schema())), f"bit at {at}")
    equal(load_json(write(folder, lgcfile.sample().bytes()))[1], 0, "the whole file")


def test_one_section_is_damaged():
    """The rest can be read, also where the length of the bad one is not known."""
    sections = list(lgcfile.sample().sections())
    kinds = [s[:4].decode() for s in sections]
    folder = directory("sections")
    for broken, at in (("SCAN", 20), ("SCAN", 5), ("MODU", 30), ("INFO", 6)):
        parts = [bytearray(s) for s in sections]
        parts[kinds.index(broken)][at] ^= 0x10
        document, status, err = load_json(write(folder, lgcfile.header() + b"".join(parts)))
        equal(status, 3, broken)
        offset = 16 + sum(len(s) for s in sections[:kinds.index(broken)])
        check(f"damaged (first at byte {offset})" in err or f"(first at byte {offset});" in err, err)
        # without INFO the kinds to be shown are the usual ones
        equal([s["bytes"] for s in document["sites"]], [1000, 24, 64] + ([] if broken == "INFO" else [8, 4096]), broken)
        equal(len(document["scans"]), 0 if broken == "SCAN" else 3)


def test_what_a_newer_version_may_add():
    folder = directory("newer")
    report = lgcfile.sample()
    report.info["unheard-of"] = "value"
    report.sites[0] += (77, 78)
    report.frames[0] += (79,)
    sections = list(report.sections())
    sections.insert(2, lgcfile.section("NEWS", b"\x80\x80 anything"))
    equal(command("report", write(folder, lgcfile.header() + b"".join(sections))), (0, SAMPLE_TEXT, MISSING))
    path = write(folder, lgcfile.header(2) + b"".join(sections))
    equal(command("report", path), (3, "", f"leakgc report: {path}: written by a newer version of leakgc\n"))


def test_text_is_for_terminals():
    """What a file says can't steer the terminal; JSON has it unchanged."""
    path = write(directory("terminal"), lgcfile.Report(cause="a\x1b[2Jb", live=1).module("/x\x1b]0;y\x07\n", 0x1000, 0x2000)
                 .frame(1, 0, 0x1500, 0).site("definite", 1, 5, 1).bytes())
    text = command("report", path)[1]
    check("(scan 1: a?[2Jb, " in text and "(/x?]0;y??+0x500)" in text and "\x1b" not in text, repr(text))
    equal(load_json(path)[0]["modules"][0]["path"], "/x\x1b]0;y\x07\n")


def test_older_records_are_short():
    folder = directory("older")
    report = lgcfile.Report()
    report.sites = [(0, 0, 12, 1)]
    document, status, _ = load_json(write(folder, report.bytes()))
    equal((status, document["sites"][0]["bytes"], document["sites"][0]["indirect"]["bytes"]), (0, 12, 0))


def test_no_report_files():
    folder = directory("none")
    for content in (b"", b"x", b"\x89LGC", os.urandom(5000), b"\x7fELF" * 100):
        path = write(folder, content)
        equal(command("report", path), (3, "", f"leakgc report: {path}: not a report file\n"))
    equal(command("report", "/nowhere"), (3, "", "leakgc report: /nowhere: No such file or directory\n"))
    equal(command("report", folder), (3, "", f"leakgc report: {folder}: Is a directory\n"))


def test_no_report_is_not_read_to_its_end():
    huge = os.path.join(directory("huge"), "core")
    with open(huge, "wb") as file:
        file.write(b"\x7fELF")
        file.truncate(1 << 40)
    for name in ("report", "merge", "diff"):
        for path in ("/dev/zero", huge, "-"):
            if path == "-" and name != "report":
                continue
            with open("/dev/zero") as zeros:
                done = subprocess.run([harness.leakgc, name, *[path] * (1 + (name == "diff"))], stdin=zeros, capture_output=True,
                                      text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20,) * 2))
            equal(done.returncode, 3, done.stderr)
            check(f"leakgc {name}: {path}: not a report file\n" in done.stderr, done.stderr)


def test_hostile_records():
    """Sound sections with records that make no sense: each is left out, the good site is shown."""
    huge = 2**64 - 1

    def tell(change):
        report = lgcfile.Report(kinds=31)
        report.module("/x", 0x1000, 0x2000).frame(1, 0, 0x1500, 0).site("definite", 1, 5, 1)
        change(report)
        document, status, err = load_json(write(folder, report.bytes()))
        check("/x" in err, err)
        return status, [(s["bytes"], len(s["frames"])) for s in document["sites"]]

    folder = directory("hostile")
    equal(tell(lambda r: None), (0, [(5, 1)]))
    equal(tell(lambda r: r.frame(1, 1, 0x1600)), (3, [(5, 1)]), "a frame that calls itself")
    equal(tell(lambda r: r.frame(2, 3, 0x1600).frame(3, 2, 0x1700)), (3, [(5, 1)]), "a cycle")
    equal(tell(lambda r: r.frame(0, 0, 0x1600)), (3, [(5, 1)]), "no id")
    equal(tell(lambda r: r.frame(huge, 1, huge, huge - 2).site("definite", huge, huge, huge)),
          (0, [(5, 1), (huge, 2)]), "the highest numbers")
    equal(tell(lambda r: r.sites.append((9, 1, 5, 1))), (3, [(5, 1)]), "no such kind")
    equal(tell(lambda r: r.sites.append((0, 77, 6, 1))), (3, [(5, 1), (6, 0)]), "no such frame")
    equal(tell(lambda r: r.modules.append((huge, 1, 2, 0, 0, 0, b"", "/y"))), (3, [(5, 1)]), "a module's number")
    equal(tell(lambda r: r.modules.append((0, 1, 2, 0, 0, 0, b"", "/y"))), (3, [(5, 1)]), "a number twice")
    equal(tell(lambda r: r.module("/y", 0x3000, 0x2000)), (3, [(5, 1)]), "a module that ends before it begins")
    deep = [(i + 2, i + 1, 0x1600, 0) for i in range(5000)]
    equal(tell(lambda r: (r.frames.extend(deep), r.site("definite", 5001, 6, 1))), (3, [(5, 1), (6, 0)]), "too deep")
