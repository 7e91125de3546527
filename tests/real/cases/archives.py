# SPDX-License-Identifier: MIT
"""tar, xz, zstd, gzip, bzip2: round trips, two compressing threads, broken input."""

import random

from harness import Leak, case


def write_tree(stage):
    pick = random.Random(7)
    words = [bytes(pick.randrange(97, 123) for _ in range(pick.randrange(2, 10))) for _ in range(2000)]
    for i in range(200):
        stage.write(f"tree/{i % 10}/file{i}", b" ".join(pick.choices(words, k=1200)))


TAR = ["tar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]


@case(
    "tar-xz",
    needs={"tar": "tar", "xz": "xz-utils"},
    checked=["tar", "xz"],
    leaks=[
        Leak("tar", ("*/tar",), "the names to extract and the directory of -C are not freed at the end "
             "(memcheck: the same 3 blocks)", most_bytes=500),
    ],
)
def tar_xz(stage):
    write_tree(stage)
    stage.do([*TAR, "-cJf", "tree.tar.xz", "tree"])
    stage.note_bytes("archive", stage.read("tree.tar.xz"))
    stage.do(["tar", "-tvf", "tree.tar.xz"])
    (stage.dir / "out").mkdir()
    stage.do(["tar", "-xJf", "tree.tar.xz", "-C", "out"])
    stage.do(["diff", "-r", "tree", "out/tree"])
    stage.do([*TAR, "-cf", "tree.tar", "tree"])
    stage.do(["xz", "-kf", "-T2", "--block-size=512KiB", "tree.tar"])
    stage.note_bytes("in blocks", stage.read("tree.tar.xz"))
    stage.note_bytes("back", stage.do(["xz", "-dc", "-T2", "tree.tar.xz"], show=False).out)
    stage.do(["xz", "-t"], b"not an archive", status=1)


@case(
    "zstd-gzip",
    needs={"zstd": "zstd", "gzip": "gzip", "bzip2": "bzip2", "tar": "tar"},
    checked=["zstd", "gzip", "bzip2"],
)
def zstd_gzip(stage):
    write_tree(stage)
    stage.do([*TAR, "-cf", "tree.tar", "tree"])
    for words in (
        ["zstd", "-q", "-c", "-T2", "-12"],
        ["zstd", "-q", "-c", "--long", "-3"],
        ["gzip", "-nc9"],
        ["bzip2", "-c"],
    ):
        packed = stage.do([*words, "tree.tar"], show=False)
        stage.note_bytes(" ".join(words), packed.out)
        stage.note_bytes("back", stage.do([words[0], "-dc"], packed.out, show=False).out)
    files = [f"tree/{i % 10}/file{i}" for i in range(200)]
    stage.do(["zstd", "-q", "--train", *files, "-o", "dictionary", "--maxdict=8192"])
    stage.note_bytes("dictionary", stage.read("dictionary"))
    stage.do(["gzip", "-dc"], b"\x1f\x8b\x08garbage", status=1)
