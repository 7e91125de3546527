# SPDX-License-Identifier: MIT
"""Owns: the real programs: their inputs, generated here, and what they are asked to do."""

import os
import random
import shutil
import subprocess
import time

import measure
import runner

SEARCH_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"  # the distribution's, whatever else is installed


def program(name):
    return shutil.which(name, path=SEARCH_PATH)


class Real:
    """A real program. `inputs(size)` gives its files, `job(folder)` what is run on them."""

    is_real, prints_times, threads = True, False, 1
    needs = ()  # (program, Debian package)...

    def missing(self):
        lacking = [package for name, package in self.needs if not program(name)]
        return ", ".join(lacking) or None

    def job(self, bench, kind, scale=1.0):
        size = {"full": max(int(self.full * scale), 1), "smoke": self.smoke,
                "counted": self.counted, "counted twice": 2 * self.counted}[kind]
        folder = os.path.join(bench.root, "input", f"{self.name}-{size}")
        if not os.path.isdir(folder):
            os.makedirs(folder)
            self.prepare(folder, size)
        return self.make_job(folder, size)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


class Sqlite(Real):
    """Rows into memory, an index, joins, a delete."""

    name, needs = "sqlite3", (("sqlite3", "sqlite3"),)
    full, smoke, counted = 200000, 500, 2000

    def prepare(self, folder, size):
        rows = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{size})"
        write(folder, "script", f"""
            CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, town INTEGER, age INTEGER);
            CREATE TABLE town(id INTEGER PRIMARY KEY, name TEXT);
            {rows} INSERT INTO person SELECT i, 'person ' || (i * 7919 % 104729), i % 997, i % 90 FROM n;
            {rows} INSERT INTO town SELECT i, 'town number ' || i FROM n WHERE i < 1000;
            CREATE INDEX by_name ON person(name);
            SELECT town.name, count(*), avg(age), group_concat(substr(person.name, 8, 2), '')
                FROM person JOIN town ON town.id = person.town
                WHERE age > 80 GROUP BY town.name ORDER BY 2 DESC, 1 LIMIT 20;
            SELECT count(*) FROM person a JOIN person b ON a.name = b.name AND a.id < b.id;
            DELETE FROM person WHERE name LIKE '%77%';
            SELECT count(*), max(name), sum(length(name)) FROM person;
            """)

    def make_job(self, folder, size):
        return measure.Job((program("sqlite3"), "-batch", ":memory:"),
                           stdin=os.path.join(folder, "script"))


PYTHON = r"""
import json, re, sys

class Account:
    def __init__(self, number, owner):
        self.number, self.owner, self.entries = number, owner, []
    def add(self, text, amount):
        self.entries.append({"text": text, "amount": amount})
    def balance(self):
        return sum(entry["amount"] for entry in self.entries)

size = int(sys.argv[1])
accounts = [Account(i, "owner %d" % (i % 97)) for i in range(200)]
for i in range(size):
    accounts[i * 31 % 200].add("payment %d to shop-%d.example" % (i, i % 313), i * 7 % 1009 - 500)
text = json.dumps([vars(account) for account in accounts])
back = json.loads(text)
shops = {}
for account in back:
    for entry in account["entries"]:
        number, shop = re.match(r"payment (\d+) to (shop-\d+)", entry["text"]).groups()
        shops.setdefault(shop, []).append((entry["amount"], int(number)))
words = re.sub(r"[^a-z ]", " ", text[:200000]).split()
print(len(text), sum(a.balance() for a in accounts), len(words))
for shop in sorted(shops)[:20]:
    print(shop, len(shops[shop]), sorted(shops[shop])[0])
"""


class Python(Real):
    """json, re, classes and dicts, with every object a malloc of its own."""

    name, needs = "python3", (("python3", "python3"),)
    full, smoke, counted = 60000, 100, 1000

    def prepare(self, folder, size):
        write(folder, "script.py", PYTHON)

    def make_job(self, folder, size):
        return measure.Job((program("python3"), "-I", "-S", os.path.join(folder, "script.py"), str(size)),
                           {"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0"})


def c_source(functions):
    """A C file with so many functions of loops, switches and structures."""
    draw = random.Random(71)
    parts = ["struct item { struct item *next; long value; char name[24]; };\n"]
    for i in range(functions):
        cases = "".join(f"        case {k}: sum += item->value * {draw.randrange(3, 99)}; break;\n"
                        for k in range(draw.randrange(3, 12)))
        calls = f"    sum += work_{draw.randrange(i)}(first, n / 2);\n" if i else ""
        parts.append(f"""
long work_{i}(struct item *first, int n)
{{
    long table[{draw.randrange(8, 40)}] = {{0}}, sum = {i};
    for (struct item *item = first; item && n-- > 0; item = item->next) {{
        switch (item->value % {draw.randrange(12, 30)}) {{
{cases}        default: table[n & 7] ^= item->value >> {draw.randrange(1, 9)};
        }}
        for (int k = 0; k < 24; k++)
            sum = sum * {draw.randrange(3, 60)} + item->name[k] - table[k & 7];
    }}
{calls}    return sum + table[{draw.randrange(7)}];
}}
""")
    return "".join(parts)


class Cc1(Real):
    """GCC's compiler proper on a generated file, -O2. Most of its memory is of its own collector's pages."""

    name, needs = "cc1", (("gcc", "gcc"),)
    full, smoke, counted = 160, 1, 1

    def prepare(self, folder, size):
        write(folder, "big.c", c_source(size))

    def make_job(self, folder, size):
        asked = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True)
        return measure.Job((asked.stdout.strip(), "-quiet", "-O2", os.path.join(folder, "big.c"), "-o", "-"))


class Clang(Real):
    """Clang's compiler proper on the same kind of file, -O2; C++, all of its memory from malloc and new."""

    name, needs = "clang", (("clang", "clang"),)
    full, smoke, counted = 120, 1, 1

    def prepare(self, folder, size):
        write(folder, "big.c", c_source(size))

    def make_job(self, folder, size):
        return measure.Job((program("clang"), "-cc1", "-O2", "-S", os.path.join(folder, "big.c"), "-o", "-"))


class Jq(Real):
    """A JSON file of 10 MB: grouped, counted, its names taken apart."""

    name, needs = "jq", (("jq", "jq"),)
    full, smoke, counted = 80000, 100, 500
    FILTER = ("group_by(.kind) | map({kind: .[0].kind, count: length, sum: (map(.value) | add), "
              "names: (map(.name | ascii_upcase | split(\" \") | .[2]) | unique | length), "
              "tags: (map(.tags[]) | unique)})")

    def prepare(self, folder, size):
        draw = random.Random(73)
        items = (f'{{"id":{i},"kind":"kind {draw.randrange(20)}","value":{draw.randrange(10 ** 6) / 100},'
                 f'"name":"the name number{draw.randrange(5000)}","tags":["a{i % 7}","b{i % 11}"]}}'
                 for i in range(size))
        write(folder, "items.json", "[" + ",\n".join(items) + "]\n")

    def make_job(self, folder, size):
        return measure.Job((program("jq"), "-c", self.FILTER, os.path.join(folder, "items.json")))


PERL = r"""
use strict; use warnings;
my (%count, %lines, @found);
for my $i (1 .. $ARGV[0]) {
    my $line = "user" . ($i * 7919 % 1009) . "\@host" . ($i % 37) . ".example: request number $i, "
             . join(",", map { "k$_=" . ($i * $_ % 101) } 1 .. 5);
    if ($line =~ /^(\w+)@([\w.]+): request number (\d+), (.*)$/) {
        my ($user, $host, $number, $rest) = ($1, $2, $3, $4);
        my %pairs = map { split /=/ } split /,/, $rest;
        $count{$host}{$user} += $pairs{k3};
        push @{$lines{$user}}, { number => $number, pairs => [ sort values %pairs ] };
    }
}
for my $user (sort keys %lines) {
    my @sorted = sort { $b->{number} <=> $a->{number} } @{$lines{$user}};
    push @found, "$user " . scalar(@sorted) . " $sorted[0]{number} $sorted[0]{pairs}[0]";
}
print "$_\n" for @found[0 .. ($#found < 19 ? $#found : 19)];
print join(" ", map { "$_=" . scalar keys %{$count{$_}} } sort keys %count), "\n";
"""


class Perl(Real):
    """Regular expressions, split and join, hashes of hashes."""

    name, needs = "perl", (("perl", "perl"),)
    full, smoke, counted = 60000, 100, 500

    def prepare(self, folder, size):
        write(folder, "script.pl", PERL)

    def make_job(self, folder, size):
        return measure.Job((program("perl"), os.path.join(folder, "script.pl"), str(size)),
                           {"PERL_HASH_SEED": "0"})


class Git(Real):
    """The log with patches and renames of a generated repository."""

    name, needs = "git", (("git", "git"),)
    full, smoke, counted = 1500, 5, 20
    ENVIRONMENT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}

    def prepare(self, folder, size):
        environment = runner.clean_environment(**self.ENVIRONMENT)
        subprocess.run([program("git"), "init", "-q", "--bare", "-b", "main", folder], check=True,
                       env=environment)
        subprocess.run([program("git"), "-C", folder, "fast-import", "--quiet"], check=True,
                       input=self._history(size).encode(), env=environment)

    @staticmethod
    def _history(commits):
        draw, parts = random.Random(79), []
        files = {f"folder{i % 5}/file{i}.txt": [f"line {k} of file {i}" for k in range(150)]
                 for i in range(25)}
        for i in range(commits):
            parts.append(f"commit refs/heads/main\ncommitter A <a@example> {1500000000 + i * 60} +0000\n"
                         f"data 12\ncommit{i:6}\n")
            changed = list(files) if i == 0 else draw.sample(sorted(files), 3)
            for name in changed:
                lines = files[name]
                for _ in range(6):
                    lines[draw.randrange(len(lines))] = f"changed in commit {i}: {draw.randrange(10 ** 9)}"
                text = "\n".join(lines) + "\n"
                parts.append(f"M 100644 inline {name}\ndata {len(text)}\n{text}\n")
        return "".join(parts)

    def make_job(self, folder, size):
        return measure.Job((program("git"), "-C", folder, "log", "-p", "-M", "--stat", "main"),
                           self.ENVIRONMENT)


class Redis(Real):
    """A server under redis-benchmark: SET, GET, LPUSH and HSET of random keys, pipelined.

    Debian's redis is linked with jemalloc. "glibc" means here that libc itself is preloaded, so that
    malloc is glibc's; under a tool that passes calls on, it passes them to glibc too.
    """

    name, needs = "redis", (("redis-server", "redis-server"), ("redis-benchmark", "redis-tools"))
    full, smoke, counted = 150000, 200, 2000

    def prepare(self, folder, size):
        pass

    def make_job(self, folder, size):
        command = (program("redis-server"), "--port", "0", "--unixsocket", "{scratch}/socket",
                   "--save", "", "--appendonly", "no", "--loglevel", "warning")
        return measure.Job(command, preload_after=("libc.so.6",), drive=lambda s: self._drive(s, size))

    @staticmethod
    def _drive(scratch, size):
        path = os.path.join(scratch, "socket")
        with measure.connect(path) as connection:
            begin = time.monotonic()
            load = [program("redis-benchmark"), "-s", path, "-q", "-n", str(size), "-r", "50000", "-d", "100",
                    "-P", "16", "-c", "20", "-t", "set,get,lpush,hset"]
            done = subprocess.run(load, capture_output=True, text=True, timeout=measure.TIME_LIMIT)
            if done.returncode != 0:
                raise runner.Failure("redis-benchmark failed", done.stdout + done.stderr)
            replies = talk(connection, checked_commands())
            wall = time.monotonic() - begin
            connection.sendall(b"SHUTDOWN NOSAVE\r\n")
        return wall, replies


def checked_commands():
    """What redis-benchmark asks differs from run to run; the answers to these do not."""
    yield "FLUSHALL"
    for i in range(300):
        yield f"SET key:{i} value-{i * 7919 % 1009}"
        yield f"LPUSH list:{i % 10} element-{i}"
        yield f"HSET hash:{i % 10} field-{i} {i}"
        yield f"GET key:{i * 31 % (i + 1)}"
    for i in range(10):
        yield f"LRANGE list:{i} 0 -1"
        yield f"HGET hash:{i} field-{i + 10}"


def talk(connection, commands):
    """All answers to the commands, and the one to ECHO at the end."""
    end = b"the end of the answers\r\n"
    text = "".join(c + "\r\n" for c in commands) + 'ECHO "the end of the answers"\r\n'
    connection.sendall(text.encode())
    answer = b""
    while not answer.endswith(end):
        more = connection.recv(1 << 16)
        if not more:
            raise runner.Failure("the server closed the connection")
        answer += more
    return answer.decode()


PROGRAMS = (Redis, Sqlite, Python, Cc1, Clang, Jq, Perl, Git)
