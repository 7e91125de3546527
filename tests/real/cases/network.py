# SPDX-License-Identifier: MIT
"""curl against python's http.server over loopback; and a TLS server and client of openssl's."""

import socket

from harness import Leak, case


SERVER = r"""
import functools, http.server, signal, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *words): pass
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))[::-1]
        self.send_response(201); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
def stop(*_): raise SystemExit(0)
signal.signal(signal.SIGTERM, stop)
server.serve_forever()
"""


def is_open(port):
    with socket.create_connection(("127.0.0.1", port), 5):
        return True


@case("http", needs={"python3": "python3", "curl": "curl"}, checked=["python3*", "curl"])
def http(stage):
    stage.write("server.py", SERVER)
    stage.write("large.txt", "a line\n" * 300000)
    port = stage.free_port()
    server = stage.start(["python3", "server.py", port])
    server.wait_for(lambda: is_open(port), "an open port")
    base = f"http://127.0.0.1:{port}"

    def curl(label, *words, status=0):
        lines = [f'url = "{base}{word}"' if word.startswith("/") else word for word in words]
        stage.write("request", "\n".join(lines) + "\n")
        stage.note(label)
        return stage.do(["curl", "-s", "-K", "request"], status=status, show=False).out

    stage.note_bytes("get", curl("one", "/large.txt"))
    stage.note_bytes("get", curl("many", *["/large.txt"] * 10))
    stage.note_bytes("get", curl("compressed headers", "/server.py", 'header = "X-Long: %s"' % ("x" * 3000)))
    stage.note_bytes("post", curl("post", "/post", 'data = "@large.txt"'))
    stage.note_bytes("parallel", bytes(sorted(curl("parallel", "parallel", *["/server.py"] * 20))))
    curl("not there", "/none", "fail", status=22)
    server.signal(15)
    server.join()


@case("openssl", needs={"openssl": "openssl", "curl": "curl"}, checked=["openssl"])
def openssl(stage):
    stage.write("data", "some data to hash\n" * 50000)
    for digest in ("sha256", "sha3-512", "blake2b512", "md5"):
        stage.do(["openssl", "dgst", f"-{digest}", "data"])
    cipher = ["openssl", "enc", "-aes-256-ctr", "-pbkdf2", "-S", "0011223344556677"]
    stage.do([*cipher, "-k", "key", "-in", "data", "-out", "data.enc"])
    stage.note_bytes("encrypted", stage.read("data.enc"))
    stage.do([*cipher, "-d", "-k", "wrong", "-in", "data.enc", "-out", "data.dec"])
    stage.do(["openssl", "genrsa", "-out", "rsa.pem", "1024"])
    stage.do(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ec.pem"])
    stage.do(["openssl", "req", "-x509", "-new", "-key", "ec.pem", "-subj", "/CN=localhost", "-days", "2",
              "-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"])
    stage.do(["openssl", "verify", "-CAfile", "cert.pem", "cert.pem"])
    stage.do(["openssl", "x509", "-in", "cert.pem", "-noout", "-subject", "-ext", "subjectAltName"])
    stage.do(["openssl", "rsa", "-in", "rsa.pem", "-pubout", "-out", "public.pem"])
    stage.do(["openssl", "dgst", "-sha256", "-sign", "rsa.pem", "-out", "signature", "data"])
    verify = ["-verify", "public.pem", "-signature", "signature"]
    stage.do(["openssl", "dgst", "-sha256", *verify, "data"])
    stage.do(["openssl", "dgst", "-sha256", *verify, "data.enc"], status=1)
    stage.do(["openssl", "prime", "-hex", "FFFFFFFFFFFFFFC5"])
    port = stage.free_port()
    stage.write("request", f'url = "https://127.0.0.1:{port}/data"\ncacert = "cert.pem"\n')
    server = stage.start(["openssl", "s_server", "-quiet", "-WWW", "-accept", f"127.0.0.1:{port}",
                          "-key", "ec.pem", "-cert", "cert.pem", "-naccept", "4"])
    server.wait_for(lambda: is_open(port), "an open port")  # this is the first of the 4 that it accepts
    for _ in range(3):
        stage.note_bytes("over TLS", stage.do(["curl", "-s", "--http1.1", "-K", "request"], show=False).out)
    server.join()


@case(
    "ssh-keygen",
    needs={"ssh-keygen": "openssh-client"},
    checked=["ssh-keygen"],
    leaks=[
        Leak("ssh-keygen", ("*/ssh-keygen",), "the copy of the user's passwd entry, held by a variable of "
             "main only, and main has returned (memcheck: the same blocks)", most_bytes=500),
    ],
)
def ssh_keygen(stage):
    for kind, bits in (("ed25519", None), ("ecdsa", 256), ("rsa", 1024)):
        size = ["-b", bits] if bits else []
        stage.do(["ssh-keygen", "-q", "-t", kind, *size, "-N", "pass phrase", "-C", "me", "-f", f"key.{kind}"])
        stage.do(["ssh-keygen", "-l", "-f", f"key.{kind}.pub"], show=False)  # the fingerprint of a random key
        stage.do(["ssh-keygen", "-y", "-P", "pass phrase", "-f", f"key.{kind}"], show=False)
        stage.do(["ssh-keygen", "-y", "-P", "wrong", "-f", f"key.{kind}"], status=255)
    stage.write("message", "text\n")
    stage.do(["ssh-keygen", "-q", "-p", "-P", "pass phrase", "-N", "", "-f", "key.ed25519"], show=False)
    stage.do(["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", "key.ed25519", "message"])
    public = stage.read("key.ed25519.pub").decode()
    stage.write("signers", f"me {public}")
    verify = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "me", "-n", "file", "-s", "message.sig"]
    stage.do(verify, "text\n", show=False)
    stage.do(verify, "other\n", status=255, show=False)
