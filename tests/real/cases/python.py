# SPDX-License-Identifier: MIT
"""python3: json, re, threads, subprocess, ctypes, sqlite3, an extension that is unloaded never; with its own
object allocator (arenas from mmap) and with PYTHONMALLOC=malloc (each object a block of ours)."""

from harness import case
from known import COREUTILS

SCRIPT = r"""
import collections, concurrent.futures, ctypes, decimal, functools, gc, hashlib, io, itertools, json, multiprocessing
import os, pickle, queue, random, re, sqlite3, subprocess, sys, tempfile, threading, unicodedata, zlib
random.seed(42)

data = {f"key{i}": {"list": list(range(i % 50)), "text": "x" * (i % 300), "pi": i / 7} for i in range(20000)}
text = json.dumps(data, sort_keys=True)
assert json.loads(text) == data and pickle.loads(pickle.dumps(data)) == data
print("json", len(text), hashlib.sha256(text.encode()).hexdigest())

words = re.findall(r"(?<=\")k\w+(?=\")", text)
print("re", len(words), len(re.sub(r"(\d+)\.(\d)", lambda m: m[2] + "," + m[1], text)))

def work(n):
    rows = sorted(hashlib.md5(str(i * n).encode()).hexdigest() for i in range(4000))
    return rows[n], zlib.crc32(zlib.compress("".join(rows).encode()))

with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print("threads", *pool.map(work, range(1, 25)))
inbox, outbox = queue.Queue(), queue.Queue()
def relay():
    while (item := inbox.get()) is not None:
        outbox.put(item[::-1])
relays = [threading.Thread(target=relay) for _ in range(4)]
for t in relays: t.start()
for i in range(2000): inbox.put("message %d" % i)
for t in relays: inbox.put(None)
for t in relays: t.join()
print("queue", sorted(outbox.get() for _ in range(2000))[:5])

done = subprocess.run([sys.executable, "-c", "import sys; print(sys.stdin.read().upper())"], input="child", text=True, capture_output=True)
print("subprocess", done.returncode, done.stdout.strip(), done.stderr)
print("pipeline", subprocess.check_output("seq 1000 | grep 7 | sort -r | head -3", shell=True).split())
with multiprocessing.get_context("fork").Pool(3) as pool:
    print("fork", sum(pool.map(functools.partial(pow, 3, mod=1009), range(500))))

base = sqlite3.connect(":memory:")
base.execute("create table t(a, b)")
base.executemany("insert into t values (?, ?)", ((i, str(i) * 3) for i in range(20000)))
print("sqlite3", base.execute("select sum(a), max(b) from t where b like '%77%'").fetchone())
libc = ctypes.CDLL(None)
libc.strdup.restype = ctypes.c_void_p
copy = libc.strdup(b"from C")
print("ctypes", ctypes.string_at(copy)); libc.free(ctypes.c_void_p(copy))

class Node:
    def __init__(self): self.loop, self.load = self, bytearray(100)
for _ in range(20000): Node()
print("gc", gc.collect() >= 0, sum(isinstance(o, Node) for o in gc.get_objects()))
decimal.getcontext().prec = 200
print("decimal", decimal.Decimal(2).sqrt())
try:
    raise KeyError("seen")
except KeyError as e:
    print("exception", e)
keep = threading.Thread(target=threading.Event().wait, daemon=True)  # still waiting when the program ends
keep.start()
sys.exit(7)
"""


@case("python", needs={"python3": "python3"}, checked=["python3*", "sort"], leaks=COREUTILS)
def python(stage):
    stage.write("script.py", SCRIPT)
    stage.do(["python3", "script.py"], status=7)


@case("python-malloc", needs={"python3": "python3"}, checked=["python3*", "sort"], leaks=COREUTILS)
def python_malloc(stage):
    stage.write("script.py", SCRIPT)
    stage.do(["python3", "script.py"], env={"PYTHONMALLOC": "malloc"}, status=7)
