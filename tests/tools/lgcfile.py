# SPDX-License-Identifier: MIT
"""Makes report files (.lgc) for tests. The grammar is in tools/lgc.h.

    Report(pid=7).module("/bin/app", 0x1000, 0x9000).frame(1, 0, 0x1234, 0).site("definite", 1, 100, 2).bytes()

`sample()` is one with a bit of everything. As a program: lgcfile.py FILE writes that."""
import struct
import sys
import zlib

KINDS = ("definite", "indirect", "possible", "reachable", "suppressed")
MAGIC = b"\x89LGC\r\n\x1a\n"


def number(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def text(value):
    value = value if isinstance(value, bytes) else str(value).encode()
    return number(len(value)) + value


def record(*fields):
    return text(b"".join(number(f) if isinstance(f, int) else text(f) for f in fields))


def section(kind, payload):
    head = kind.encode() + struct.pack("<II", len(payload), zlib.crc32(payload))
    return head + struct.pack("<I", zlib.crc32(head)) + payload


def header(version=1):
    head = MAGIC + struct.pack("<I", version)
    return head + struct.pack("<I", zlib.crc32(head))


class Report:
    """Each method adds something and returns the report. `info` values replace those of the same key."""

    def __init__(self, **info):
        self.info = dict(version="0.1.0", program="/bin/app", host="here", pid=4711, started=1000, written=1060,
                         uptime_ms=60500, live=0, cause="exit", scan=1, begun_ms=60400, kinds=3, min_bytes=0,
                         min_blocks=0, max_sites=0, details=0)
        self.info.update(info)
        self.arguments, self.doubts, self.totals = ["app"], [], {}
        self.modules, self.frames, self.sites, self.scans = [], [], [], []

    def module(self, path, begin, end, bias=None, build_id=b"", loaded=0, unloaded=0):
        self.modules.append((len(self.modules), begin, end, begin if bias is None else bias, loaded, unloaded,
                             build_id, path))
        return self

    def frame(self, identity, caller, pc, module=None, trampoline=False):
        self.frames.append((identity, caller, pc, 0 if module is None else module + 1, int(trampoline)))
        return self

    def site(self, kind, frame, size, blocks, indirect=(0, 0), first_ms=0, last_ms=0, thread=1, several=False,
             history=()):
        self.sites.append((KINDS.index(kind), frame, size, blocks, *indirect, first_ms, last_ms, thread, int(several),
                           *history))
        total = self.totals.setdefault(KINDS.index(kind), [0, 0])
        total[0] += size
        total[1] += blocks
        return self

    def scan(self, scan, cause="interval", method="concurrent", result="ok", uptime_ms=0, stop_us=0, mark_us=0,
             live=(0, 0), lost=(0, 0), leaked=(0, 0), new=(0, 0)):
        self.scans.append((scan, cause, method, result, uptime_ms, stop_us, mark_us, *live, *lost, *leaked, *new))
        return self

    def sections(self):
        info = list(self.info.items()) + [("argument", a) for a in self.arguments]
        info += [("doubt", d) for d in self.doubts]
        done = (len(self.sites), len(self.frames), len(self.modules))
        for kind, rows in (("INFO", [(key, str(value)) for key, value in info]),
                           ("TOTL", [(kind, *total) for kind, total in self.totals.items()]),
                           ("MODU", self.modules), ("SCAN", self.scans), ("FRAM", self.frames),
                           ("SITE", self.sites), ("DONE", [done])):
            if rows:
                yield section(kind, b"".join(record(*row) for row in rows))

    def bytes(self):
        return header() + b"".join(self.sections())

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.bytes())
        return path


def sample():
    """Two direct leaks, one of them with an indirect one behind it, something possible and reachable; of a living
    program; a module that was unloaded."""
    report = Report(live=1, cause="interval", scan=3, kinds=15)
    report.arguments = ["app", "--flag", "two words"]
    report.module("/bin/app", 0x400000, 0x500000, 0x400000, bytes(range(20)))
    report.module("/lib/plugin.so", 0x7F0000000000, 0x7F0000010000, loaded=0, unloaded=1)
    report.frame(16, 0, 0x401000, 0).frame(17, 16, 0x402000, 0).frame(18, 16, 0x403000, 0)
    report.frame(19, 18, 0x7F0000001000, 1).frame(20, 17, 0x10)
    report.site("definite", 17, 1000, 10, indirect=(64, 2), first_ms=1000, last_ms=59000,
                history=(1, 1000, 2, 2000, 2, 2500, 500, 5, 1000, 10))
    report.site("definite", 19, 24, 1, thread=2, several=True, history=(0, 0, 3, 60400))
    report.site("indirect", 18, 64, 2).site("possible", 20, 8, 1).site("reachable", 0, 4096, 1)
    report.scan(1, uptime_ms=1000, stop_us=100, mark_us=2000, live=(5000, 50))
    report.scan(2, uptime_ms=2000, stop_us=120, mark_us=2100, live=(5100, 51), lost=(564, 7))
    report.scan(3, uptime_ms=60400, stop_us=90, mark_us=1900, live=(5192, 15), lost=(1088, 13), leaked=(1088, 13),
                new=(524, 6))
    return report


if __name__ == "__main__":
    sample().write(sys.argv[1])
