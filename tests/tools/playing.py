# SPDX-License-Identifier: MIT
"""This process plays one under the library: a thread called leakgc that answers requests, one after the other."""
import array
import contextlib
import os
import socket
import tempfile
import threading


def memory_file(data):
    fd = os.memfd_create("report")
    os.write(fd, data)
    return fd


def with_file(client, line, *files):
    """An answer with descriptors, which are closed here."""
    client.sendmsg([line.encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else [])
    for fd in files:
        os.close(fd)


@contextlib.contextmanager
def playing(answer):
    """answer(client, request, number of the request) deals with each; the process id to ask."""
    with tempfile.TemporaryDirectory(prefix="leakgc-playing-") as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(folder, "control"))
        listener.listen()

        def serve():
            with open("/proc/thread-self/comm", "w") as name:
                name.write("leakgc")
            named.set()
            number = 0
            while True:
                try:
                    client = listener.accept()[0]
                except OSError:
                    return
                with client, contextlib.suppress(BrokenPipeError):
                    answer(client, client.recv(100).decode(), number)
                number += 1

        named = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        named.wait()
        try:
            yield os.getpid()
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()
