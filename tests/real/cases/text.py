# SPDX-License-Identifier: MIT
"""The text tools: awk, sed, grep -P, find | sort, diff, make, and ed and vim without a terminal."""

from harness import Leak, case
from known import COREUTILS


def words(n):
    return "".join(f"{i} name{i * 7919 % 1009} {i * 31 % 97}.{i % 10} text with some words\n" for i in range(n))


COUNT = '{ n[$2]++; s[$2] += $3 } END { for (k in n) print k, n[k], s[k] | "sort -k2,2nr -k1,1 | head -20" }'
JOIN = '{ gsub(/e/, "EE"); x = x substr($0, 1, 3) } END { print length(x), toupper(substr(x, 5, 30)) }'
COREUTILS_SCRIPT = """
cut -d' ' -f2 data | sort -u >a
cut -d' ' -f2 other | sort -u >b
comm -3 a b
join a b | wc -l
paste a b | expand | tail -2
ls -R tree | cksum
date -u -d @0
du -s tree >/dev/null
od -c data | head -2
stat -c %s data
"""


@case(
    "text-tools",
    needs={
        "awk": "mawk",
        "sed": "sed",
        "grep": "grep",
        "sort": "coreutils",
        "diff": "diffutils",
        "find": "findutils",
    },
    checked=["*awk", "sed", "grep", "sort", "diff", "find", "uniq", "join", "comm"],
    leaks=COREUTILS,
)
def text_tools(stage):
    stage.write("data", words(20000))
    stage.write("other", words(20000).replace("name10", "other10"))
    stage.do(["awk", COUNT, "data"])
    stage.do(["awk", "-F", "[ .]", JOIN, "data"])
    stage.do(["sed", "-nE", r"s/^([0-9]*7) (name[0-9]+)(.*)$/\2:\1/p; 200q", "data"])
    stage.do(["sed", "-e", ":a", "-e", "N;$!ba", "-e", "s/\\n[0-9]*9 /#/g", "data"], show=False)
    stage.do(["grep", "-cP", r"^(\d+) name(?!1)\d+ .*(?<=some) words$", "data"])
    stage.do(["grep", "-oP", r"name99\K\d", "data"])
    stage.do(["grep", "-nEi", "(NAME1(0|1)0|zzz)", "data"])
    stage.do(["grep", "-F", "nothing like this", "data"], status=1)
    stage.do(["sort", "-k3,3n", "-k2,2", "-S", "1M", "--parallel=2", "-o", "sorted", "data"])
    stage.note_bytes("sorted", stage.read("sorted"))
    stage.do(["diff", "-u0", "--label", "a", "--label", "b", "data", "other"], status=1)
    for i in range(400):
        stage.write(f"tree/{i % 13}/{i % 7}/file{i}.txt", f"file {i}\n")
    stage.do(["bash", "-c", "find tree -name '*3.txt' -type f | sort"])
    stage.do(["bash", "-c", "find tree -type f -print0 | sort -z | xargs -0 cat | cksum"])
    stage.do(["bash", "-c", "find tree -name '*9*' -exec grep -l 9 {} + | sort | uniq | wc -l"])
    stage.do(["bash", "-c", COREUTILS_SCRIPT])


MAKEFILE = """
N := $(shell seq 1 20)
OBJECTS := $(N:%=out/%.o)
define square
$(shell expr $(1) \\* $(1))
endef
all: out/all
out/all: $(OBJECTS)
\tcat $^ >$@
\t@echo "$(words $^) objects, $(foreach n,$(wordlist 1,5,$(N)),$(call square,$(n)))"
out/%.o: %.src | out
\ttr a-z A-Z <$< >$@
out:
\tmkdir $@
fail: ; exit 3
-include missing.mk
.PHONY: all fail
"""


@case(
    "make",
    needs={"make": "make"},
    checked=["make", "expr", "tr"],
    leaks=[
        *COREUTILS,
        Leak("make", ("*strdup *", "xstrdup *", "*/make", "main *"),
             "the default of -O, copied twice by decode_switches; the first copy is forgotten"),
    ],
)
def make(stage):
    stage.write("Makefile", MAKEFILE)
    for i in range(1, 21):
        stage.write(f"{i}.src", f"source {i}\n")
    stage.do(["make", "-j2", "-O"], show=False)  # the order of parallel jobs is free
    stage.do(["make"])
    stage.do(["cat", "out/all"])
    stage.do(["make", "-B", "-n"])
    stage.do(["make", "fail"], status=2)


@case("editors", needs={"ed": "ed", "vim": "vim"}, checked=["ed", "vim*"])
def editors(stage):
    stage.write("data", words(2000))
    stage.do(["ed", "-s", "data"], "g/name1/s//NAME/g\n1,5p\n$-3,$d\n/NAME10/;+2n\nw out.ed\nu\nQ\n")
    stage.note_bytes("ed", stage.read("out.ed"))
    stage.write("script.vim", r"""
set nocompatible viminfo=
edit data
%s/\v(name)(\d+)/\2\1/g
global/^1\d*7 /normal! dwA!
sort n
let s:d = {} | for s:i in range(2000) | let s:d['k' . s:i] = repeat('x', s:i % 50) | endfor
call append(0, len(filter(copy(s:d), 'len(v:val) > 25')))
undo
write! out.vim
syntax on
quitall!
""")
    stage.do(["vim", "-es", "-u", "NONE", "-i", "NONE", "-n", "-S", "script.vim"])
    stage.note_bytes("vim", stage.read("out.vim"))
