# SPDX-License-Identifier: MIT
"""A terminal for tests: runs a command on a pseudo terminal and knows what a person would see of it."""
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time

SEQUENCE = re.compile(rb"\x1b\[(\??)([0-9;]*)([A-Za-z])")


def heed_signals():
    """Who runs the suite in the background ignores some, and so do its children."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)


class Screen:
    """The sequences that the command uses; anything else is an error."""

    def __init__(self, words, lines=24, columns=80, env=None):
        self.master, self.slave = os.openpty()
        self.resize(lines, columns, tell=False)
        self.before = termios.tcgetattr(self.slave)
        self.other = False  # the other screen is shown
        self.cursor = True
        self.styles = set()
        self.is_behind_edge = False
        self.row = self.column = 0
        self.pending = b""
        self.process = subprocess.Popen(words, stdin=self.slave, stdout=self.slave, stderr=subprocess.PIPE,
                                        start_new_session=True, env=env, preexec_fn=heed_signals)

    def resize(self, lines, columns, tell=True):
        self.lines, self.columns = lines, columns
        self.cells = [[" "] * columns for _ in range(lines)]
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if tell:
            os.kill(self.process.pid, signal.SIGWINCH)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def read(self, seconds=0.1):
        """Whether there was something: some of it, a terminal gives 4 KB at a time."""
        ready = select.select([self.master], [], [], seconds)[0]
        if ready:
            self.feed(os.read(self.master, 65536))
        return bool(ready)

    def feed(self, data):
        data = self.pending + data
        at = 0
        while at < len(data):
            if data[at] == 0x1b:
                found = SEQUENCE.match(data, at)
                if not found:
                    assert len(data) - at < 16, "an unknown sequence: %r" % data[at:at + 16]
                    break
                self.obey(found[1] + found[3], found[2])
                at = found.end()
            elif data[at] in b"\r\n":
                self.column = 0 if data[at] == 13 else self.column
                self.row += data[at] == 10
                at += 1
            else:
                length = 1 if data[at] < 0x80 else 2 if data[at] < 0xe0 else 3 if data[at] < 0xf0 else 4
                if len(data) - at < length:
                    break
                if self.row < self.lines and self.column < self.columns:
                    self.cells[self.row][self.column] = data[at:at + length].decode()
                else:  # of a page for another size, unless the size was always this
                    self.is_behind_edge = True
                self.column += 1
                at += length
        self.pending = data[at:]

    def obey(self, action, numbers):
        if action == b"H":
            self.row = self.column = 0
        elif self.row >= self.lines and action in (b"K", b"J"):
            self.is_behind_edge = True
        elif action == b"K":
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif action == b"J":
            self.obey(b"K", b"")
            for row in range(self.row + 1, self.lines):
                self.cells[row] = [" "] * self.columns
        elif action == b"m":
            self.styles.add(numbers.decode())
        elif action in (b"?h", b"?l"):
            is_on = action == b"?h"
            if numbers == b"1049":
                self.other = is_on
                self.row = self.column = 0
                self.cells = [[" "] * self.columns for _ in range(self.lines)]
            elif numbers == b"25":
                self.cursor = is_on
            else:
                assert numbers == b"7", numbers
        else:
            raise AssertionError("an unknown sequence: %r %r" % (action, numbers))

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def wait(self, what, seconds=15):
        """Until the page holds the text or meets the condition."""
        holds = what if callable(what) else lambda: what in self.text()
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end and self.process.poll() is None, "waited for %r; there is\n%s\n%s" % (
                what, self.text(), self.process.stderr.read().decode() if self.process.poll() is not None else "")
            self.read()
        return self.text()

    def finish(self, seconds=15):
        """Its exit status; the terminal must be as it was."""
        status = None
        end = time.monotonic() + seconds
        while status is None and time.monotonic() < end:
            self.read(0.05)
            status = self.process.poll()
        assert status is not None, "it does not end"
        while self.read(0.1):
            pass
        assert not self.other and self.cursor, "the screen is not given back"
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is not as it was"
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.master)
        os.close(self.slave)
