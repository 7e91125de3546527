# SPDX-License-Identifier: MIT
"""Which ELF symbol answers, and what is made of its name. The files are written in assembler."""
import os

from harness import Source, ask_quietly, check, command, directory, equal, module_line, symbols, tool


def assemble(name, text, *flags):
    source = Source(directory(name), "code.s", text)
    program = source.build("code.so", "-shared", "-nostdlib", *flags)
    return source, program


def function_in_assembler(symbol, label):
    return (f'.globl "{symbol}"\n.type "{symbol}", @function\n"{symbol}":\n{label}: nop\nnop\n'
            f'.size "{symbol}", . - "{symbol}"\n')


def test_mangled_symbols():
    cases = {
        "_ZN4core3fmt5write17h0123456789abcdefE": "core::fmt::write",
        "_RNvCskwGfYPst2Cb_3foo16example_function": "foo::example_function",
        "_ZN2ns1fEv": "ns::f()",
        "_ZN2ns1fEv.cold": "ns::f() [clone .cold]",
        "_Znot_mangled": "_Znot_mangled",
        "plain.isra.0": "plain.isra.0",
    }
    text = ".text\n" + "".join(function_in_assembler(s, f"here{i}") for i, s in enumerate(cases))
    _, program = assemble("mangled", text)
    labels = symbols(program)
    blocks = ask_quietly(program, [labels[f"here{i}"] for i in range(len(cases))])
    equal([block[0][0] for block in blocks], list(cases.values()))


def names_at(program, addresses):
    return [block[0][0] for block in ask_quietly(program, addresses)]


def test_symbols_without_size():
    _, program = assemble("sizeless", """.text
nop
first: nop
here_first: nop
second: nop
here_second: nop
""" + function_in_assembler("sized", "in_sized") + "after: nop\n")
    labels = symbols(program)
    for label in ("here_first", "here_second", "in_sized"):
        tool("objcopy", "--strip-symbol=" + label, program)
    equal(names_at(program, [labels["first"] - 1, labels["here_first"], labels["second"], labels["here_second"],
                             labels["sized"] + 1, labels["after"], labels["after"] + 1]),
          ["-", "first", "second", "second", "sized", "after", "-"])


def test_gap_between_symbols():
    _, program = assemble("gap", ".text\n" + function_in_assembler("sized", "in_sized") + "nop\n" +
                          function_in_assembler("later", "in_later"))
    labels = symbols(program)
    tool("objcopy", "--strip-symbol=in_sized", "--strip-symbol=in_later", program)
    equal(names_at(program, [labels["sized"] + i for i in range(5)]), ["sized", "sized", "-", "later", "later"])


def test_label_inside_a_function():
    _, program = assemble("label", ".text\n" + function_in_assembler("sized", "in_sized"))
    equal(names_at(program, [symbols(program)["in_sized"]]), ["sized"])


def test_nested_symbols():
    _, program = assemble("nested", """.text
.globl long, short, late
.type long, @function
.type short, @function
.type late, @function
long: short: nop
nop
late: nop
nop
.size long, 4
.size short, 1
.size late, 1
""")
    start = symbols(program)["long"]
    equal(names_at(program, range(start, start + 5)), ["short", "long", "late", "long", "-"])


def test_aliases():
    for better, worse in {
        "global_alias": ".weak alias", "weak_alias": ".local alias",  # binding
        "longer_name": ".globl _name",  # underscores
        "name": ".globl name_",  # length
        "name_a": ".globl name_b",  # alphabet
    }.items():
        first = ".weak " if better.startswith("weak") else ".globl "
        other = worse.split()[1]
        _, program = assemble("alias " + better, f""".text
{first}{better}
{worse if not worse.startswith(".local") else ""}
.type {better}, @function
.type {other}, @function
{other}: {better}: nop
.size {better}, 1
.size {other}, 1
""")
        equal(names_at(program, [symbols(program)[better]]), [better])


def test_lines_of_assembler():
    source, program = assemble("asm-lines", ".text\n" + function_in_assembler("asm_work", "here_asm"), "-g")
    block, = ask_quietly(program, [symbols(program)["here_asm"]])
    equal([frame[:3] for frame in block], [("asm_work", source.path, 5)])


def test_control_characters_in_names():
    _, program = assemble("control", ".text\n" + function_in_assembler("harmless", "here"))
    label = symbols(program)["here"]
    tool("objcopy", "--redefine-sym", "harmless=a\tb\n.\nc\x7f", program)
    equal(ask_quietly(program, [label]), [[("a?b?.?c?", "-", 0, 0)]])


def test_symbol_versions_are_cut_off():
    source = Source(directory("version"), "version.c", r"""
__asm__(".symver work_1, work@@V_1");
int work_1(void)
{
    __asm__ volatile("here_work: nop");
    return 1;
}
""")
    script = os.path.join(source.folder, "script")
    with open(script, "w") as f:
        f.write("V_1 { global: work; local: *; };\n")
    program = source.build("version.so", "-shared", "-fPIC", "-O2", f"-Wl,--version-script={script}")
    block, = ask_quietly(program, [symbols(program)["here_work"]])
    check(block[0][0] in ("work", "work_1"), block)


def test_linkage_names_on_request():
    """A fifth field: of C++ functions the mangled name, inlined ones too; of C functions none."""
    source = Source(directory("linkage"), "linkage.cpp", """
namespace ns { inline __attribute__((always_inline)) int inner(int n)
{
    __asm__ volatile("here_inner: nop");
    return n;
} }
int outer(int n) { return ns::inner(n); }
extern "C" int plain(int n) { __asm__ volatile("here_plain: nop"); return n; }
""")
    program = source.build("linkage.so", "-shared", "-fPIC", "-O2", "-g")
    places = symbols(program)
    bias = 0x7F0000000000
    request = module_line(program) + "".join(
        "pc 0 %x\n" % (bias + places[name]) for name in ("here_inner", "here_plain"))

    def names(first_line):
        status, out, err = command("symbolize", stdin=first_line + request)
        equal((status, err), (0, ""))
        return [line.split("\t") for line in out.splitlines() if line != "."]

    equal([(f[1], f[5]) for f in names("linkage\n")],
          [("ns::inner(int)", "_ZN2ns5innerEi"), ("outer(int)", "_Z5outeri"), ("plain", "-")])
    equal([len(f) for f in names("")], [5, 5, 5], "fields without the request")
