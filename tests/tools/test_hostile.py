# SPDX-License-Identifier: MIT
"""Broken files, a worker that dies or stands still, and many addresses."""
import os
import random
import re
import resource
import select
import signal
import subprocess
import time

import harness
from harness import Source, check, command, directory, equal, module_line, need, parse, symbols, tool
from test_symbolize import C_INLINES

LIBC = os.path.realpath(tool("gcc", "-print-file-name=libc.so.6").strip())
BIAS = 0x7F0000000000


def code_addresses(path, count):
    """So many different addresses in the executable segments."""
    spans = re.findall(r"LOAD +0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+) R E", tool("readelf", "-lW", path))
    choice = random.Random(1)
    wanted = set()
    while len(wanted) < count:
        start, size = choice.choice(spans)
        wanted.add(int(start, 16) + choice.randrange(int(size, 16)))
    return sorted(wanted, key=lambda a: a * 0x9E3779B1 % (1 << 32))


def libc_request(count):
    return module_line(LIBC) + "".join(f"pc 0 {BIAS + a:x}\n" for a in code_addresses(LIBC, count))


def start(request, *flags):
    """What it writes is not read before finish(), so that it and its worker stand still soon, but do not end."""
    path = os.path.join(harness.scratch, "request")
    with open(path, "w") as f:
        f.write(request)
    with open(path) as stdin:
        # as from a program that ignores SIGCHLD: how the worker ended must be known all the same
        process = subprocess.Popen([harness.leakgc, "symbolize", *flags], stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    process.read = b""
    return process


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, process.read.decode() + out, err


def worker_of(process, former=None):
    """Its child, once that has begun to answer; after a former one, whose answers are read."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    deadline = time.time() + 30
    while time.time() < deadline:
        begun = select.select([process.stdout], [], [], 0.001)[0]
        with open(path) as f:
            children = f.read().split()
        if children and int(children[0]) != former and begun:
            return int(children[0])
        if former and begun:
            process.read += os.read(process.stdout.fileno(), 4096)
    raise AssertionError("no worker was seen")


COUNT = 100000


def test_worker_is_killed():
    request = libc_request(COUNT)
    whole = command("symbolize", stdin=request)[1].split("\n.\n")
    process = start(request)
    os.kill(worker_of(process), signal.SIGKILL)
    status, out, err = finish(process)
    equal(status, 0)
    equal(err, f"leakgc symbolize: {LIBC}: reading it crashed (signal 9); going on with its ELF symbols only\n")
    blocks = out.split("\n.\n")
    equal(len(parse(out)), COUNT, "blocks")
    same = 0
    while blocks[same] == whole[same]:
        same += 1
    check(same > 10, "answers before the crash were lost", same)
    check(all(b.endswith("\t-\t0\t0") for b in blocks[same:-1]), "lines after the crash")


def test_worker_stands_still():
    process = start(libc_request(COUNT), "--timeout", "1")
    os.kill(worker_of(process), signal.SIGSTOP)
    status, out, err = finish(process)
    equal(status, 0)
    equal(err, f"leakgc symbolize: {LIBC}: reading it took more than 1 s; going on with its ELF symbols only\n")
    equal(len(parse(out)), COUNT, "blocks")


def test_worker_dies_twice():
    process = start(libc_request(COUNT))
    first = worker_of(process)
    os.kill(first, signal.SIGKILL)
    os.kill(worker_of(process, first), signal.SIGKILL)
    status, out, err = finish(process)
    equal(status, 0)
    lines = err.splitlines()
    equal([line.rsplit("going on ", 1)[1] for line in lines], ["with its ELF symbols only", "without it"])
    equal(len(parse(out)), COUNT, "blocks")
    check(out.endswith("f\t-\t-\t0\t0\n.\n"), "the rest is unknown")


def test_worker_ends_with_its_parent():
    process = start(libc_request(COUNT))
    worker = worker_of(process)
    os.kill(worker, signal.SIGSTOP)  # so that it does not end by itself
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    deadline = time.time() + 10
    while time.time() < deadline:
        try:
            with open(f"/proc/{worker}/stat") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.01)
    raise AssertionError("the worker lives on")


def test_hundred_thousand_addresses():
    request = libc_request(COUNT)
    began = processor_time()
    status, out, err = command("symbolize", stdin=request)
    took = processor_time() - began
    equal((status, err), (0, ""))
    equal(len(parse(out)), COUNT, "blocks")
    check(took < 30, f"took {took:.1f} s")


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(request):
    began = processor_time()
    status, out, err = command("symbolize", stdin=request)
    equal((status, err), (0, ""))
    return out.split("\n.\n")[:-1], processor_time() - began


def test_same_address_again_and_again():
    _, distinct = timed(libc_request(COUNT))
    head, *pcs = libc_request(50).splitlines(True)
    blocks, repeated = timed(head + "".join(pcs) * (COUNT // 50))
    equal(blocks, blocks[:50] * (COUNT // 50), "answers differ")
    check(repeated < distinct / 2, f"repeats take {repeated:.2f} s, distinct ones {distinct:.2f} s")


def test_trouble_is_told_once():
    # also when a second worker finds the file anew
    lines = libc_request(COUNT).splitlines(True)
    replaced = module_line(LIBC, 1, identity="00")
    process = start(replaced + f"{lines[0]}pc 1 {BIAS:x}\n" + "".join(lines[1:]) + f"pc 1 {BIAS:x}\n")
    os.kill(worker_of(process), signal.SIGKILL)
    status, out, err = finish(process)
    equal((status, len(parse(out))), (0, COUNT + 2))
    equal(err.count("was replaced"), 1, f"messages in {err!r}")
    equal(err.count("\n"), 2, "lines on stderr")


def fuzz(program, count, spoil):
    """Spoiled copies of a program: always an answer for each pc, never a fault of our own."""
    source_bytes = open(program, "rb").read()
    addresses = list(symbols(program).values())
    request = module_line(program + ".bad") + "".join(f"pc 0 {BIAS + a:x}\n" for a in addresses)
    useful = 0
    for seed in range(count):
        data = bytearray(source_bytes)
        data = spoil(random.Random(seed), data)
        with open(program + ".bad", "wb") as f:
            f.write(data)
        status, out, err = command("symbolize", "--timeout", "10", stdin=request)
        equal(status, 0, f"status for seed {seed}")
        equal(len(parse(out)), len(addresses), f"blocks for seed {seed}")
        check("Sanitizer" not in err and "runtime error" not in err, f"seed {seed}: {err[:2000]}")
        useful += "inner\t" in out
    return useful


def fuzz_program(name, *flags, compiler=None):
    return Source(directory(name), "fuzz.c", C_INLINES).build("fuzz", "-O2", *flags, compiler=compiler)


def flip(first, last, flips):
    """Flips bits in a part of the file given as fractions."""
    def spoil(choice, data):
        for _ in range(choice.randrange(1, flips)):
            at = int(len(data) * choice.uniform(first, last))
            data[min(at, len(data) - 1)] ^= 1 << choice.randrange(8)
        return data
    return spoil


def flip_in_sections(program, pattern, flips):
    """Flips bits in the sections whose names match."""
    spans = []
    for name, offset, size in re.findall(r"\] (\S+) +\S+ +\w+ (\w+) (\w+)", tool("readelf", "-SW", program)):
        if re.match(pattern, name):
            spans.append((int(offset, 16), int(size, 16)))
    check(spans, "no such sections")

    def spoil(choice, data):
        for _ in range(choice.randrange(1, flips)):
            offset, size = choice.choice(spans)
            data[offset + choice.randrange(size)] ^= 1 << choice.randrange(8)
        return data
    return spoil


FUZZ_COUNT = int(os.environ.get("FUZZ_COUNT", "100"))


def test_fuzz_everywhere():
    fuzz(fuzz_program("fuzz all", "-g"), FUZZ_COUNT, flip(0, 1, 200))


def test_fuzz_headers():
    fuzz(fuzz_program("fuzz head", "-g"), FUZZ_COUNT, flip(0, 0.03, 8))


def test_fuzz_dwarf():
    program = fuzz_program("fuzz dwarf", "-g")
    check(fuzz(program, FUZZ_COUNT, flip_in_sections(program, r"\.debug_", 12)) > 0, "nothing was read")


def test_fuzz_symbols():
    program = fuzz_program("fuzz symbols")
    fuzz(program, FUZZ_COUNT, flip_in_sections(program, r"\.(symtab|strtab|dynsym|dynstr)", 12))


def test_fuzz_clang():
    program = fuzz_program("fuzz clang", "-g", compiler=need("clang"))
    fuzz(program, FUZZ_COUNT, flip_in_sections(program, r"\.debug_", 12))


def test_fuzz_compressed():
    program = fuzz_program("fuzz gz", "-g", "-gz=zlib")
    fuzz(program, FUZZ_COUNT, flip_in_sections(program, r"\.debug_", 4))


def test_fuzz_truncated():
    fuzz(fuzz_program("fuzz cut", "-g"), FUZZ_COUNT, lambda choice, data: data[:choice.randrange(len(data))])
