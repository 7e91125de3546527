# SPDX-License-Identifier: MIT
"""Exact answers for programs that are compiled here. Labels in asm statements (`here_inner: nop`)
give the addresses."""
import ctypes
import http.server
import lzma
import os
import re
import threading

from harness import (CC, Skip, Source, UNKNOWN, ask, ask_quietly, build_id, check, command, directory, equal,
                     module_line, need, parse, symbols, tool)

C_INLINES = r"""
#define LABEL(name) __asm__ volatile(#name ": nop")
static inline __attribute__((always_inline)) int inner(int x)
{
    LABEL(here_inner); /* @inner */
    return x + 1;
}
static inline __attribute__((always_inline)) int middle(int x)
{
    int y = x;
    {
        int z = inner(x); /* @middle */
        __asm__ volatile("" : : "r"(z));
        y += z;
    }
    return y;
}
__attribute__((noinline, noclone)) int outer(int x)
{
    LABEL(here_outer); /* @plain */
    return middle(x) + 3; /* @outer */
}
static __attribute__((noinline, noclone, used)) int hidden(int x)
{
    LABEL(here_hidden); /* @hidden */
    return x - 1;
}
int main(int argc, char **argv)
{
    (void)argv;
    return outer(argc) + hidden(argc); /* @main */
}
"""


def inline_frames(source):
    """For here_inner; columns are those of the called name, as gcc and clang say in C."""
    return [
        ("inner", source.path, source.line("inner"), source.column("inner", "LABEL")),
        ("middle", source.path, source.line("middle"), source.column("middle", "inner(")),
        ("outer", source.path, source.line("outer"), source.column("outer", "middle(")),
    ]


def names_and_lines(frames):
    return [(function, file, line) for function, file, line, _ in frames]


def check_inlines(name, *flags, compiler=None, prepare=None, ask_flags=()):
    """Builds C_INLINES and checks both labels; prepare(program) may work on the file."""
    source = Source(directory(name), "pro gram.c", C_INLINES)
    program = source.build("pro gram", *flags, compiler=compiler)
    labels = symbols(program)
    if prepare:
        program = prepare(program) or program
    inner, plain = ask_quietly(program, [labels["here_inner"], labels["here_outer"]], *ask_flags)
    # asm statements have no column of their own in some versions: it is compared where it is exact
    equal(names_and_lines(inner), names_and_lines(inline_frames(source)), "inner")
    equal([f[3] for f in inner[1:]], [f[3] for f in inline_frames(source)[1:]], "columns")
    equal(names_and_lines(plain), [("outer", source.path, source.line("plain"))], "outer")
    return source, program, labels


def check_unknown_lines(program, labels):
    """Names from ELF symbols only."""
    inner, = ask_quietly(program, [labels["here_inner"]])
    equal(inner, [("outer", "-", 0, 0)])


def test_c_O0():
    check_inlines("O0", "-g", "-O0")


def test_c_O2():
    check_inlines("O2", "-g", "-O2")


def test_c_exact_column():
    source, program, labels = check_inlines("column", "-g", "-O2")
    inner, = ask_quietly(program, [labels["here_inner"]])
    equal(inner, inline_frames(source))


def test_each_dwarf_version():
    for version in "2345":
        check_inlines(f"dwarf{version}", f"-gdwarf-{version}", "-O2")


def test_clang_without_aranges():
    for version in "45":
        check_inlines(f"clang{version}", f"-gdwarf-{version}", "-O2", compiler=need("clang"))


def test_not_position_independent():
    source = Source(directory("exec"), "exec.c", C_INLINES)
    program = source.build("exec", "-g", "-O2", "-no-pie")
    inner, = ask_quietly(program, [symbols(program)["here_inner"]], bias=0)
    equal(names_and_lines(inner), names_and_lines(inline_frames(source)))


def test_shared_object():
    check_inlines("shared", "-g", "-O2", "-fPIC", "-shared")


def test_compressed_sections():
    def compressed(program):
        check("COMPRESSED" in tool("readelf", "-tW", program), "nothing is compressed")
    check_inlines("compressed", "-g", "-gz=zlib", "-O2", prepare=compressed)


def test_split_dwarf():
    for version in "45":
        check_inlines(f"split{version}", f"-gdwarf-{version}", "-gsplit-dwarf", "-O2")


def test_function_sections_thrown_away():
    # discarded functions stay in DWARF at address 0; they must not answer
    source = Source(directory("gc"), "gc.c", C_INLINES + "int unused(int x)\n{\n    return x * 7;\n}\n")
    program = source.build("gc", "-g", "-O2", "-ffunction-sections", "-Wl,--gc-sections")
    labels = symbols(program)
    check("unused" not in labels, "the linker kept it")
    inner, low = ask_quietly(program, [labels["here_inner"], 1])
    equal(inner, inline_frames(source))
    equal(low, UNKNOWN)


def split_debug(program, debug):
    tool("objcopy", "--only-keep-debug", program, debug)
    tool("strip", program)


def test_debuglink():
    def prepare(program):
        split_debug(program, program + ".debug")
        tool("objcopy", f"--add-gnu-debuglink={program}.debug", program)
    check_inlines("debuglink", "-g", "-O2", "-Wl,--build-id=none", prepare=prepare)


def test_debuglink_in_subfolder():
    def prepare(program):
        folder = os.path.join(os.path.dirname(program), ".debug")
        os.mkdir(folder)
        debug = os.path.join(folder, "pro gram.dbg")
        split_debug(program, debug)
        tool("objcopy", f"--add-gnu-debuglink={debug}", program)
    check_inlines("subfolder", "-g", "-O2", "-Wl,--build-id=none", prepare=prepare)


def test_debuglink_with_wrong_checksum():
    source = Source(directory("crc"), "crc.c", C_INLINES)
    program = source.build("crc", "-g", "-O2", "-Wl,--build-id=none", "-rdynamic")
    labels = symbols(program)
    split_debug(program, program + ".debug")
    tool("objcopy", f"--add-gnu-debuglink={program}.debug", program)
    with open(program + ".debug", "ab") as f:
        f.write(b"x")
    check_unknown_lines(program, labels)


def place_by_build_id(program, folder):
    identity = build_id(program)
    debug = os.path.join(folder, ".build-id", identity[:2], identity[2:] + ".debug")
    os.makedirs(os.path.dirname(debug))
    split_debug(program, debug)


def test_build_id_folder():
    folder = directory("build id folder")
    _, program, labels = check_inlines("by-id", "-g", "-O2", "-rdynamic", "-Wl,--build-id",
                                       prepare=lambda p: place_by_build_id(p, folder),
                                       ask_flags=("--debug-path", folder))
    check_unknown_lines(program, labels)  # without the option
    other = directory("other folder")
    inner, = ask_quietly(program, [labels["here_inner"]], "--debug-path", other, "--debug-path", folder)
    equal(len(inner), 3, "frames with two folders")


def test_dwz():
    need("dwz")
    folder = directory("dwz")
    source = Source(folder, "alt.c", C_INLINES)
    programs = [source.build(f"alt{i}", "-g", "-gdwarf-4", "-O2", f"-DNUMBER={i}") for i in range(2)]
    alt = os.path.join(folder, "alt.dwz")
    tool("dwz", "-m", alt, *programs)
    check(os.path.exists(alt), "dwz made no common file")
    inner, = ask_quietly(programs[0], [symbols(programs[0])["here_inner"]])
    equal(inner, inline_frames(source))


def test_stripped_uses_dynamic_symbols():
    source = Source(directory("stripped"), "stripped.c", C_INLINES)
    program = source.build("stripped", "-g", "-O2", "-rdynamic")
    labels = symbols(program)
    tool("strip", program)
    outer, hidden = ask_quietly(program, [labels["here_inner"], labels["here_hidden"]])
    equal(outer, [("outer", "-", 0, 0)])
    equal(hidden, UNKNOWN)  # not the nearest exported name


def test_symbol_table_without_dwarf():
    source = Source(directory("symtab"), "symtab.c", C_INLINES)
    program = source.build("symtab", "-O2")
    labels = symbols(program)
    equal(ask_quietly(program, [labels["here_inner"], labels["here_hidden"]]),
          [[("outer", "-", 0, 0)], [("hidden", "-", 0, 0)]])


def test_mini_symbol_table():
    source = Source(directory("minidebug"), "mini.c", C_INLINES)
    program = source.build("mini", "-O2")
    labels = symbols(program)
    small = program + ".small"
    tool("objcopy", "--only-keep-debug", program, small)
    with open(small, "rb") as f, open(small + ".xz", "wb") as out:
        out.write(lzma.compress(f.read()))
    tool("strip", program)
    equal(ask_quietly(program, [labels["here_hidden"]]), [UNKNOWN])
    tool("objcopy", "--add-section", f".gnu_debugdata={small}.xz", program)
    equal(ask_quietly(program, [labels["here_hidden"]]), [[("hidden", "-", 0, 0)]])


CXX_SOURCE = r"""
#define LABEL(name) __asm__ volatile(#name ": nop")
#define INLINE inline __attribute__((always_inline))
#define ALONE __attribute__((noinline, noclone))
namespace space {
namespace {
INLINE int deepest(int x)
{
    LABEL(here_deepest); // @deepest
    return x + 3;
}
ALONE int local(int x)
{
    LABEL(here_local); // @local
    return deepest(x) + 1; // @call
}
} // namespace
template <class T> struct box {
    T value;
    INLINE explicit box(T v) : value(v)
    {
        LABEL(here_constructor); // @constructor
    }
    ALONE T get(const char *s) const
    {
        LABEL(here_get); // @get
        return value + *s;
    }
};
} // namespace space
template <class T> ALONE T twice(T x)
{
    LABEL(here_twice); // @twice
    return x * 2;
}
template <class F> ALONE int apply(F f)
{
    return f(1); // @apply
}
extern "C" ALONE int plain_c(int x)
{
    LABEL(here_c); // @c
    return x;
}
int main(int argc, char **)
{
    space::box<long> b(argc); // @main
    return (int)b.get("x") + space::local(argc) + twice(argc) + plain_c(argc) + apply([argc](int x) INLINE_LAMBDA {
        LABEL(here_lambda); // @lambda
        return x + argc;
    });
}
""".replace("INLINE_LAMBDA", "")


def test_cxx():
    for compiler in ("g++", "clang++"):
        if compiler != "g++":
            try:
                need(compiler)
            except Skip:
                continue
        folder = directory("cxx " + compiler)
        source = Source(folder, "names.cc", CXX_SOURCE)
        program = source.build("names", "-g", "-O2", compiler=None if compiler == "g++" else compiler)
        labels = symbols(program)

        def answer(label):
            block, = ask_quietly(program, [labels["here_" + label]])
            return names_and_lines(block)

        def place(mark):
            return source.path, source.line(mark)

        equal(answer("local"), [("space::(anonymous namespace)::local(int)", *place("local"))])
        # gcc gives no linkage name to what is only inlined: no parameters
        deepest = [(f[0].replace("deepest(int)", "deepest"), *f[1:]) for f in answer("deepest")]
        equal(deepest, [("space::(anonymous namespace)::deepest", *place("deepest")),
                        ("space::(anonymous namespace)::local(int)", *place("call"))])
        equal(answer("constructor"), [("space::box<long>::box(long)", *place("constructor")),
                                      ("main", *place("main"))])
        equal(answer("get"), [("space::box<long>::get(char const*) const", *place("get"))])
        equal(answer("twice"), [("int twice<int>(int)", *place("twice"))])
        equal(answer("c"), [("plain_c", *place("c"))])
        inlined = answer("lambda")
        equal([f[1:] for f in inlined], [place("lambda"), place("apply")], "lambda places")
        check(inlined[0][0].startswith("main::") and "operator()" in inlined[0][0], "lambda:", inlined)
        check(inlined[1][0].startswith("int apply<main::"), "apply:", inlined)


def test_qualified_name_without_linkage_name():
    # gcc gives no linkage name to members whose types are local to a function
    source = Source(directory("qualified"), "qualified.cc", r"""
namespace deep {
namespace {
template <class T> struct holder {
    T value;
    inline __attribute__((always_inline)) explicit holder(T v) : value(v)
    {
        __asm__ volatile("here_holder: nop"); // @holder
    }
};
} // namespace
} // namespace deep
int main(int argc, char **)
{
    struct local {
        int x;
    };
    deep::holder<local> h(local{argc}); // @main
    return h.value.x;
}
""")
    program = source.build("qualified", "-g", "-O2")
    block, = ask_quietly(program, [symbols(program)["here_holder"]])
    check(not block[0][0].startswith("_Z"), block)
    check(re.match(r"deep::\(anonymous namespace\)::holder<main.*local>::holder", block[0][0]), block)
    equal(names_and_lines(block)[0][1:], (source.path, source.line("holder")))
    equal(names_and_lines(block)[1:], [("main", source.path, source.line("main"))])


def test_clone_keeps_its_name_in_c():
    source = Source(directory("clone"), "clone.c", r"""
static __attribute__((noinline)) int work(int x, int y)
{
    __asm__ volatile("here_work: nop" : : "r"(x)); /* @work */
    return x + y;
}
int main(int argc, char **argv)
{
    (void)argv;
    return work(argc, 1) + work(argc + 1, 1);
}
""")
    program = source.build("clone", "-g", "-O2")
    labels = symbols(program)
    check(any(name.startswith("work.") for name in labels), "not cloned")
    block, = ask_quietly(program, [labels["here_work"]])
    equal(names_and_lines(block), [("work", source.path, source.line("work"))])


def test_relative_paths_and_doubled_slashes():
    folder = directory("relative")
    source = Source(folder, "relative.c", C_INLINES)
    for version in "45":
        path = os.path.join(folder, "program" + version)
        tool(CC, "-g", f"-gdwarf-{version}", "-O2", "relative.c", "-o", path,
             f"-ffile-prefix-map={folder}=/some//where/./else", cwd=folder)
        block, = ask_quietly(path, [symbols(path)["here_hidden"]])
        equal(names_and_lines(block), [("hidden", "/some/where/./else/relative.c", source.line("hidden"))])
        tool(CC, "-g", f"-gdwarf-{version}", "-O2", "../relative/./relative.c", "-o", path, cwd=folder)
        block, = ask_quietly(path, [symbols(path)["here_hidden"]])
        equal(block[0][1], folder + "/../relative/./relative.c")


def test_two_modules_at_the_same_addresses():
    folder = directory("overlap")
    one = Source(folder, "one.c", "int one(void)\n{\n    __asm__ volatile(\"here: nop\");\n    return 1;\n}\n")
    two = Source(folder, "two.c", "\n\nint two(void)\n{\n    __asm__ volatile(\"here: nop\");\n    return 2;\n}\n")
    paths = [s.build(s.path[:-2] + ".so", "-g", "-shared", "-fPIC") for s in (one, two)]
    request = "".join(module_line(p, i) for i, p in enumerate(paths))
    for i in (0, 1, 0):
        request += f"pc {i} {0x7F0000000000 + symbols(paths[i])['here']:x}\n"
    status, out, err = command("symbolize", stdin=request)
    equal((status, err), (0, ""))
    equal([names_and_lines(b) for b in parse(out)],
          [[("one", one.path, 3)], [("two", two.path, 5)], [("one", one.path, 3)]])


def test_build_id_is_compared():
    source = Source(directory("replaced"), "replaced.c", C_INLINES)
    program = source.build("replaced", "-g", "-O2", "-Wl,--build-id")
    label = symbols(program)["here_hidden"]
    identity = build_id(program)
    block, = ask_quietly(program, [label], identity=identity)
    equal(block[0][0], "hidden")
    block, = ask_quietly(program, [label], identity=identity.upper())
    equal(block[0][0], "hidden")
    for other in ("00" + identity[2:], identity[:-2], identity + "00"):
        if other == identity:
            continue
        blocks, err = ask(program, [label, label + 1], identity=other)
        equal(blocks, [UNKNOWN, UNKNOWN])
        equal(err.count("\n"), 1, "lines on stderr")
        check("was replaced" in err and program in err, err)


def test_build_id_that_vanished():
    source = Source(directory("vanished"), "vanished.c", C_INLINES)
    program = source.build("vanished", "-g", "-O2", "-Wl,--build-id=none")
    blocks, err = ask(program, [symbols(program)["here_hidden"]], identity="abcdef")
    equal(blocks, [UNKNOWN])
    check("was replaced" in err, err)


def test_no_file():
    folder = directory("nothing")
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    for path in ("[vdso]", "[vsyscall]", "/does/not/exist", folder, fifo, "/dev/zero", "relative/none"):
        equal(ask_quietly(path, [0x1000]), [UNKNOWN], path)


def test_file_that_looks_like_the_vdso():
    source = Source(directory("vdso"), "vdso.c", C_INLINES)
    program = source.build("[vdso]", "-g")
    request = module_line("[vdso]") + f"pc 0 {0x7F0000000000 + symbols(program)['here_hidden']:x}\n"
    status, out, err = command("symbolize", stdin=request, cwd=source.folder)
    equal((status, parse(out), err), (0, [UNKNOWN], ""))


def test_not_a_program():
    folder = directory("text")
    text = os.path.join(folder, "text")
    with open(text, "w") as f:
        f.write("#!/bin/sh\n")
    source = Source(folder, "object.c", C_INLINES)
    for path in (text, source.build("object.o", "-c", "-g")):
        blocks, err = ask(path, [0x10, 0x11])
        equal(blocks, [UNKNOWN, UNKNOWN])
        check(err.count("\n") == 1 and "not a program or library" in err, err)


def debug_server_requests(env):
    """How often a server for debug information was asked about a program without any."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = directory("server %d" % server.server_port)
    source = Source(folder, "server.c", C_INLINES)
    program = source.build("server", "-O2", "-Wl,--build-id", f"-DNUMBER={server.server_port}")
    label = symbols(program)["here_hidden"]
    tool("strip", program)
    env = dict(env, DEBUGINFOD_URLS=f"http://127.0.0.1:{server.server_port}", HOME=folder,
               XDG_CACHE_HOME=folder, DEBUGINFOD_CACHE_PATH=os.path.join(folder, "cache"))
    ask_quietly(program, [label], env=env)
    server.shutdown()
    return len(asked)


def test_no_network():
    equal(debug_server_requests({}), 0)
    equal(debug_server_requests({"LEAKGC_DEBUGINFOD": "0"}), 0)


def test_network_when_asked_for():
    try:
        ctypes.CDLL("libdebuginfod.so.1")
    except OSError:
        raise Skip("no libdebuginfod here") from None
    check(debug_server_requests({"LEAKGC_DEBUGINFOD": "1"}) > 0, "the server was not asked")
