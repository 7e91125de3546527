# SPDX-License-Identifier: MIT
"""`leakgc run`, with a library of this file's own that shows the environment that it was loaded in."""
import os
import shutil
import struct
import signal
import subprocess

import harness
from harness import Source, check, command, directory, equal, need, tool
from screen import heed_signals

LIBRARY = r"""
#include <stdio.h>
#include <stdlib.h>
static void show(const char *name)
{
    const char *value = getenv(name);
    fprintf(stderr, "%s=%s\n", name, value ? value : "(unset)");
}
__attribute__((constructor)) static void loaded(void)
{
    show("LD_PRELOAD");
    show("LEAKGC_HELPER");
    show("LEAKGC_EXITCODE");
    show("LEAKGC_MIN_BYTES");
}
"""
PROGRAM = r"""
#include <stdio.h>
int main(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        printf("[%s]", argv[i]);
    return argc + 40;
}
"""


class Tree:
    """An installation: PREFIX/bin/leakgc and the library somewhere in it; names without spaces, which
    LD_PRELOAD can't express."""

    def __init__(self, library_folder="bin"):
        self.top = os.path.realpath(subprocess.check_output(["mktemp", "-d"], text=True).strip())
        self.bin = os.path.join(self.top, "bin")
        os.mkdir(self.bin)
        self.command = shutil.copy(harness.leakgc, self.bin)
        self.library = os.path.join(self.top, library_folder, "libleakgc.so")
        os.makedirs(os.path.dirname(self.library), exist_ok=True)
        Source(self.top, "library.c", LIBRARY).build(self.library, "-shared", "-fPIC")
        self.program = Source(self.top, "program.c", PROGRAM).build("program")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)

    def run(self, *words, env=None, cwd=None):
        clean = {"LD_PRELOAD": "", "LEAKGC_HELPER": "", "LEAKGC_EXITCODE": "", "LEAKGC_MIN_BYTES": ""}
        full = {k: v for k, v in os.environ.items() if k not in clean}
        full.update(env or {})
        done = subprocess.run([self.command, "run", *words], capture_output=True, text=True, env=full, cwd=cwd,
                              stdin=subprocess.DEVNULL, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def loads(self, *words, **more):
        """Runs and gives what the library saw as a dictionary."""
        status, out, err = self.run(*words, **more)
        lines = [line.split("=", 1) for line in err.splitlines()]
        check(len(lines) >= 4 and all(len(line) == 2 for line in lines), "the library was not loaded:", err)
        return dict(lines[:4]), status, out

    def refuses(self, status, message, *words, **more):
        equal(self.run(*words, **more), (status, "", f"leakgc run: {message}\n"))


def test_beside():
    with Tree() as tree:
        seen, status, out = tree.loads(tree.program, "a", "-o", "b c")
        equal(seen, {"LD_PRELOAD": tree.library, "LEAKGC_HELPER": "(unset)", "LEAKGC_EXITCODE": "(unset)",
                     "LEAKGC_MIN_BYTES": "(unset)"})
        equal((status, out), (44, f"[{tree.program}][a][-o][b c]"))


def test_installed_elsewhere():
    multiarch = tool("gcc", "-print-multiarch").strip()
    for folder in ("lib", "lib/" + multiarch, "lib64"):
        with Tree(folder) as tree:
            seen, _, _ = tree.loads(tree.program)
            equal((seen["LD_PRELOAD"], seen["LEAKGC_HELPER"]), (tree.library, tree.command), folder)


def test_helper_that_the_user_chose_stays():
    with Tree("lib") as tree:
        equal(tree.loads(tree.program, env={"LEAKGC_HELPER": "/mine"})[0]["LEAKGC_HELPER"], "/mine")
        equal(tree.loads("-o", "helper=/mine", tree.program)[0]["LEAKGC_HELPER"], "/mine")
        for options in ("helper=/mine", "verbose=1:helper=/mine"):
            equal(tree.loads(tree.program, env={"LEAKGC_OPTIONS": options})[0]["LEAKGC_HELPER"], "(unset)")
        for options in ("", "helpers=/mine", "report=helper", "log=xhelper=1"):
            equal(tree.loads(tree.program, env={"LEAKGC_OPTIONS": options})[0]["LEAKGC_HELPER"], tree.command)


def test_other_preloads_stay_behind():
    with Tree() as tree:
        other = Source(tree.top, "other.c", "int other;\n").build("other.so", "-shared", "-fPIC")
        equal(tree.loads(tree.program, env={"LD_PRELOAD": other})[0]["LD_PRELOAD"], f"{tree.library}:{other}")
        equal(tree.loads(tree.program, env={"LD_PRELOAD": ""})[0]["LD_PRELOAD"], tree.library)


def test_options():
    with Tree() as tree:
        seen, _, _ = tree.loads("-o", "exitcode=1", "-omin_bytes=4k", "-o", "exitcode=23", "--", tree.program)
        equal((seen["LEAKGC_EXITCODE"], seen["LEAKGC_MIN_BYTES"]), ("23", "4k"))
        seen, _, out = tree.loads("-o", "exitcode=", tree.program, "-o", "exitcode=5")
        equal(seen["LEAKGC_EXITCODE"], "")
        check(out.endswith("[-o][exitcode=5]"), out)


def test_bad_options():
    with Tree() as tree:
        for text in ("exitcode", "=1", "Exit=1", "a b=1", "ex-it=1", ""):
            tree.refuses(2, f"'{text}' is not of the form key=value (see 'leakgc run --help')", "-o", text, tree.program)
        tree.refuses(2, "option '-o' needs a value (see 'leakgc run --help')", "-o")
        tree.refuses(2, "bad option '-x' (see 'leakgc run --help')", "-x", tree.program)
        tree.refuses(2, "bad option '--nonsense' (see 'leakgc run --help')", "--nonsense", tree.program)
        tree.refuses(2, "no program given (see 'leakgc run --help')")
        tree.refuses(2, "no program given (see 'leakgc run --help')", "--")


def test_search_on_path():
    with Tree() as tree:
        first, second = (os.path.join(tree.top, name) for name in ("first", "second"))
        for folder in (first, second):
            os.mkdir(folder)
        shutil.copy(tree.program, os.path.join(second, "finds-me"))
        path = f"{first}:/does/not/exist:{second}"
        equal(tree.loads("finds-me", env={"PATH": path})[2], "[finds-me]")
        with open(os.path.join(first, "finds-me"), "w") as f:
            f.write("not executable")
        equal(tree.loads("finds-me", env={"PATH": path})[2], "[finds-me]")
        equal(tree.loads("finds-me", env={"PATH": f"{first}:"}, cwd=second)[2], "[finds-me]")
        tree.refuses(126, "'finds-me' is not an executable file", "finds-me", env={"PATH": first})
        tree.refuses(127, "'finds-me' was not found", "finds-me", env={"PATH": "/does/not/exist"})


def test_no_program():
    with Tree() as tree:
        for name in ("/does/not/exist", "./none", "leakgc-none", ""):
            tree.refuses(127, f"'{name}' was not found", name)


def test_not_executable():
    with Tree() as tree:
        plain = os.path.join(tree.top, "plain")
        with open(plain, "w") as f:
            f.write("text")
        tree.refuses(126, f"'{plain}' is not an executable file", plain)
        tree.refuses(126, f"'{tree.top}' is not an executable file", tree.top)


def test_static_programs():
    with Tree() as tree:
        for name, flag in (("static", "-static"), ("static-pie", "-static-pie")):
            program = Source(tree.top, name + ".c", PROGRAM).build(name, flag)
            tree.refuses(126, f"'{program}' is statically linked: there is no loader to preload the library", program)


def test_loader_as_program():
    with Tree() as tree:
        loader = os.path.realpath(tool("gcc", "-print-file-name=ld-linux-x86-64.so.2").strip())
        if not os.path.isabs(loader) or not os.access(loader, os.X_OK):
            raise harness.Skip("no loader found")
        equal(tree.loads(loader, tree.program)[2], f"[{tree.program}]")


def edited(tree, name, offset, value):
    path = os.path.join(tree.top, name)
    shutil.copy(tree.program, path)
    with open(path, "r+b") as f:
        f.seek(offset)
        f.write(value)
    return path


def test_other_processor():
    with Tree() as tree:
        program = edited(tree, "foreign", 18, b"\xb7\x00" if os.uname().machine == "x86_64" else b"\x3e\x00")
        tree.refuses(126, f"'{program}' is for another kind of processor than the library", program)


def test_set_user_id():
    if os.getuid() != 0:
        raise harness.Skip("needs root to make one")
    with Tree() as tree:
        message = f"'{tree.program}' is set-user-ID or set-group-ID: the loader ignores LD_PRELOAD"
        os.chown(tree.program, 1, 0)
        os.chmod(tree.program, 0o4755)
        tree.refuses(126, message, tree.program)
        os.chown(tree.program, 0, 1)
        os.chmod(tree.program, 0o2755)
        tree.refuses(126, message, tree.program)
        os.chmod(tree.program, 0o6755)
        os.chown(tree.program, 0, 0)  # clears the bits
        os.chmod(tree.program, 0o6755)
        equal(tree.loads(tree.program)[1], 41)  # no privilege is gained


def test_capabilities():
    if os.getuid() != 0:
        raise harness.Skip("needs root to give some")
    with Tree() as tree:
        os.chmod(tree.top, 0o755)
        # version 2, effective and permitted: CAP_NET_BIND_SERVICE
        try:
            os.setxattr(tree.program, "security.capability", struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0))
        except OSError as error:
            raise harness.Skip(f"can't be given: {error}")
        done = subprocess.run([tree.command, "run", tree.program], capture_output=True, text=True, user=65534,
                              stdin=subprocess.DEVNULL, timeout=60)
        equal((done.returncode, done.stdout, done.stderr),
              (126, "", f"leakgc run: '{tree.program}' has capabilities: the loader ignores LD_PRELOAD\n"))
        equal(tree.loads(tree.program)[1], 41)  # root gains none


def script(tree, name, text):
    path = os.path.join(tree.top, name)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, 0o755)
    return path


def test_scripts():
    with Tree() as tree:
        path = script(tree, "script", "#!/bin/sh\necho \"$0 $1\"; exit 7\n")
        _, status, out = tree.loads(path, "word")
        equal((status, out), (7, f"{path} word\n"))
        path = script(tree, "no-interpreter", "echo \"$0 $1\"; exit 8\n")
        _, status, out = tree.loads(path, "word")
        equal((status, out), (8, f"{path} word\n"))


def test_script_with_static_interpreter():
    with Tree() as tree:
        static = Source(tree.top, "static.c", PROGRAM).build("static", "-static")
        path = script(tree, "script", f"#! {static} -x\n")
        tree.refuses(126, f"'{path}' is statically linked: there is no loader to preload the library", path)


def test_script_with_missing_interpreter():
    with Tree() as tree:
        path = script(tree, "script", "#!/does/not/exist\n")
        tree.refuses(127, f"'{path}': No such file or directory", path)


def test_script_that_interprets_itself():
    with Tree() as tree:
        path = os.path.join(tree.top, "script")
        script(tree, "script", f"#!{path}\n")
        status, out, err = tree.run(path)
        equal((status, out, err.count("\n")), (126, "", 1))


def test_no_library():
    with Tree() as tree:
        os.remove(tree.library)
        tree.refuses(1, f"libleakgc.so was not found near '{tree.command}'", tree.program)


def test_library_that_is_none():
    with Tree() as tree:
        with open(tree.library, "w") as f:
            f.write("text")
        tree.refuses(1, f"'{tree.library}' is not a shared library", tree.program)


def test_path_that_preload_cannot_express():
    with Tree() as tree:
        folder = os.path.join(tree.top, "with space")
        shutil.copytree(tree.bin, folder)
        status, out, err = command("run", tree.program, program=os.path.join(folder, "leakgc"))
        equal((status, out), (1, ""))
        equal(err, f"leakgc run: the library's path '{folder}/libleakgc.so' has a space or colon, which LD_PRELOAD"
                   " can't express\n")


def test_command_reached_by_a_link():
    with Tree("lib") as tree:
        link = os.path.join(tree.top, "link")
        os.symlink(tree.command, link)
        status, _, err = command("run", tree.program, program=link)
        equal(status, 41)
        check(f"LD_PRELOAD={tree.library}\n" in err, err)


def test_status_of_a_signal():
    with Tree() as tree:
        path = script(tree, "killed", "#!/bin/sh\nkill -9 $$\n")
        equal(tree.run(path)[0], -9)


def test_exit_code():
    with Tree() as tree:
        status, _, err = tree.run("--exit-code", "7", tree.program)
        equal((status, "LEAKGC_EXITCODE=7" in err), (41, True))
        status, _, err = tree.run(tree.program)
        equal((status, "LEAKGC_EXITCODE=(unset)" in err), (41, True))


def real(*words, **more):
    """The command and the library as they were built."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LEAKGC_") and k not in ("LD_PRELOAD", "BROWSER")}
    done = subprocess.run([harness.leakgc, *words], env=dict(clean, **more), capture_output=True, text=True, timeout=60,
                          preexec_fn=heed_signals)
    return done.returncode, done.stdout, done.stderr


LEAKING = """
#include <signal.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    char *volatile lost = malloc(4711);
    lost = NULL;
    if (argc > 2)
        raise(SIGKILL);
    return argc > 1 ? atoi(argv[1]) : 0;
}
"""


def test_open():
    folder = directory("open")
    program = Source(folder, "leaking.c", LEAKING).build("leaking", "-g")
    browser = os.path.join(folder, "browser")
    with open(browser, "w") as file:
        file.write('#!/bin/sh\ncp "$1" "$0.shown"\n')
    os.chmod(browser, 0o755)
    env = {"BROWSER": browser, "TMPDIR": folder}
    status, out, err = real("run", "--open", program, "3", **env)
    equal((status, out), (3, ""), err)
    page, = (line.split(" is ", 1)[1] for line in err.splitlines() if "the report is" in line)
    with open(browser + ".shown") as file:
        check("leaking.c" in file.read(), "not the page of the program")
    check(page.startswith(folder + "/leakgc.") and os.path.exists(page), page)
    os.unlink(browser + ".shown")
    status, _, err = real("run", "--open", "--exit-code", "9", program, **env)
    equal(status, 9, err)
    status, _, err = real("run", "--open", program, "0", "killed", **env)
    equal((status, err), (128 + 9, "leakgc run: the program left no report\n"))
    left = [name for name in os.listdir(folder) if name.startswith("leakgc.") and not os.listdir(os.path.join(folder, name))]
    equal(left, [], "an empty folder stays")
    status, _, err = real("run", "--open", program, **dict(env, BROWSER="/nowhere"))
    check(status == 0 and "'/nowhere' could not show it" in err, err)
    status, _, err = real("run", "--open", program, **dict(env, TMPDIR="/nowhere"))
    check(status == 1 and "no folder for the report" in err and len(err.splitlines()) == 1, err)


def test_open_can_be_ended_while_it_is_shown():
    """Signals go to the program while that runs; a browser in the foreground keeps nobody."""
    folder = directory("open ended")
    program = Source(folder, "leaking.c", LEAKING).build("leaking", "-g")
    browser = os.path.join(folder, "browser")
    for number in ("TERM", "HUP"):
        with open(browser, "w") as file:
            file.write(f"#!/bin/sh\nkill -{number} $PPID\nsleep 1\n")
        os.chmod(browser, 0o755)
        status, _, err = real("run", "--open", program, "3", BROWSER=browser, TMPDIR=folder)
        equal(status, -getattr(signal, "SIG" + number), err)


OWN_MALLOC = """
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>
static _Alignas(16) char pool[1 << 20];
static size_t used;
void *malloc(size_t size)
{
    void *p = pool + used;
    used += (size + 31) / 16 * 16;
    return used < sizeof pool ? p : NULL;
}
void free(void *p)
{
    (void)p;
}
int main(int argc, char **argv)
{
    if (argc > 1)
        execv(argv[1], argv + 1);
    write(1, "ran", 3);
    return 5;
}
"""


def test_own_malloc():
    """It is refused; as a child of what is run it is not, nor without `leakgc run`."""
    folder = directory("own malloc")
    program = Source(folder, "own.c", OWN_MALLOC).build("own")
    status, out, err = real("run", program)
    equal((status, out), (126, ""), err)
    check("malloc is not ours" in err and "is not run" in err, err)
    status, out, err = real("run", "sh", "-c", f"'{program}'; echo $?")
    equal((status, out), (0, "ran5\n"), err)
    library = os.path.join(os.path.dirname(os.path.realpath(harness.leakgc)), "libleakgc.so")
    done = subprocess.run([program], env={"LD_PRELOAD": library}, capture_output=True, text=True)
    equal((done.returncode, done.stdout), (5, "ran"), done.stderr)
