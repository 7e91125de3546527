# SPDX-License-Identifier: MIT
"""git: init, 30 commits, branches, a merge, gc, a clone of a local repository, fsck, log, grep, blame."""

from harness import Leak, case

ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z", "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
}


@case(
    "git",
    needs={"git": "git"},
    checked=["git"],
    leaks=[
        Leak("git", ("*/git",), "git 2.39 leaks in many commands, as its own leak tests say, a few blocks each "
             "(memcheck: the same sites)", most_bytes=50_000),
    ],
)
def git(stage):
    def run(*words, where="one", status=0, show=True):
        return stage.do(["git", "-C", where, *words], env=ENVIRONMENT, status=status, show=show)

    stage.do(["git", "init", "-q", "-b", "main", "one"], env=ENVIRONMENT)
    run("config", "gc.auto", "0")
    run("config", "pack.threads", "2")
    for i in range(25):
        for j in range(5):
            text = f"commit {i} file {j}\n" + f"line {i * j}\n" * (50 * j + i)
            stage.write(f"one/dir{j}/file{i % 7}.txt", text)
        run("add", "-A")
        run("commit", "-q", "-m", f"commit number {i}\n\nwith a body")
    run("checkout", "-q", "-b", "topic", "HEAD~5")
    for i in range(5):
        stage.write(f"one/topic{i}.txt", f"topic {i}\n" * 100)
        run("add", "-A")
        run("commit", "-q", "-m", f"topic {i}")
    run("checkout", "-q", "main")
    run("merge", "--no-edit", "topic")
    run("tag", "-a", "v1", "-m", "version one")
    run("gc", "-q", "--prune=now")
    run("fsck", "--full", "--strict", "--no-progress")
    stage.do(["git", "clone", "-q", "--no-local", "one", "two"], env=ENVIRONMENT)
    stage.do(["git", "clone", "-q", "--bare", "one", "three"], env=ENVIRONMENT)
    run("fsck", where="two")
    run("log", "--oneline", "--graph", "--decorate", "-n", "30", where="two")
    run("log", "--stat", "-p", "-n", "3", where="two")
    run("blame", "-s", "dir4/file3.txt", "-L", "1,20", where="two")
    run("grep", "-c", "line 3[0-9]*$", where="two")
    run("diff", "--stat", "HEAD~20", "HEAD", where="two")
    run("rev-list", "--count", "--all", where="three")
    run("archive", "--format=tar", "-o", "../tree.tar", "v1", where="three")
    stage.note_bytes("archive", stage.read("tree.tar"))
    stage.write("two/dir1/file1.txt", "changed\n")
    run("stash", "-q", where="two")
    run("rebase", "-q", "HEAD~2", where="two")
    run("stash", "pop", "-q", where="two")
    run("status", "--short", where="two")
    run("pull", "-q", "--rebase", where="two", status=128)  # refused: the tree is changed
