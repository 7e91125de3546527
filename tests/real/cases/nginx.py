# SPDX-License-Identifier: MIT
"""nginx under load: a master with one worker, a reload and a quit; and all in one process. It listens on a
unix socket and on a free loopback port; its files lie in the case's directory."""

import http.client
import signal
import threading

from harness import Failure, Leak, case

CONFIGURATION = """\
daemon off;
master_process {master};
worker_processes 1;
error_log error.log notice;
pid nginx.pid;
user root;
events {{ worker_connections 128; }}
http {{
    access_log access.log;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    gzip on; gzip_min_length 100; gzip_types text/plain;
    types {{ text/plain txt; }}
    map $arg_n $answer {{ default "nothing"; ~^(?<d>[0-9]+)$ "number $d"; }}
    server {{
        listen 127.0.0.1:{port};
        listen unix:s;
        root files;
        location /say {{ return 200 "$answer generation {generation}\\n"; }}
        location ~ ^/again/(.*)$ {{ proxy_pass http://unix:s:/$1$is_args$args; }}
        location /list/ {{ alias files/; autoindex on; autoindex_format json; }}
        location /old {{ rewrite ^/old/(.*)$ /$1 permanent; }}
    }}
}}
"""

LEAKS = [
    Leak("nginx", ("ngx_alloc *", "pcre2_compile_context_create* *", "ngx_regex_compile *"),
         "at the end of a configuration nginx 1.22 calls pcre2_compile_context_free while its own free "
         "function is set to do nothing, and clears the pointer (memcheck: the same block)"),
]
NEEDS = {"nginx": "nginx", "ab": "apache2-utils"}


class Nginx:
    def __init__(self, stage, master):
        self._stage, self._master, self.port = stage, master, stage.free_port()
        (stage.dir / "files").mkdir(exist_ok=True)
        stage.write("files/small.txt", "small\n")
        stage.write("files/large.txt", "line of a large file\n" * 20000)
        self.configure(1)
        argv = ["nginx", "-p", stage.dir, "-c", stage.path("nginx.conf"), "-e", "error.log"]
        self.server = stage.start(argv)
        self.server.wait_for(lambda: self.get("/small.txt")[0] == 200, "an answer")

    def configure(self, generation):
        self._stage.write("nginx.conf", CONFIGURATION.format(
            master=self._master, port=self.port, generation=generation))

    def get(self, path, gzip=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"} if gzip else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def tell(self, path, gzip=False):
        status, body = self.get(path, gzip)
        if len(body) > 200:
            self._stage.note_bytes(f"{path} {status}", body)
        else:
            self._stage.note(f"{path} {status} {body!r}")

    def load(self, requests):
        ab = ["ab", "-q", "-l", "-n", requests, "-c", 8, "-k", f"http://127.0.0.1:{self.port}/large.txt"]
        answer = self._stage.do(ab, show=False).text()
        if f"Complete requests:      {requests}\n" not in answer or "Non-2xx" in answer:
            raise Failure("ab: not all requests were answered", answer)
        failures = []

        def client():
            for i in range(60):
                if self.get(f"/again/say?n={i}")[1].split(b" generation")[0] != b"number %d" % i:
                    failures.append(i)

        clients = [threading.Thread(target=client) for _ in range(4)]
        for c in clients:
            c.start()
        for c in clients:
            c.join()
        self._stage.note(f"wrong answers: {failures}")

    def play(self):
        for path in ("/small.txt", "/say?n=12", "/say?n=x", "/old/small.txt", "/none"):
            self.tell(path)
        self.tell("/large.txt", gzip=True)
        self._stage.note(f"/list/ {self.get('/list/')[0]}")  # its body holds the times of the files
        self.load(1500)

    def reload(self):
        self.configure(2)
        self.server.signal(signal.SIGHUP)
        log = lambda: self._stage.read("error.log").decode()
        self.server.wait_for(lambda: "exited with code 0" in log(), "the end of the old worker")
        self.play()

    def quit(self):
        self.server.signal(signal.SIGQUIT)
        self.server.join()
        log = self._stage.read("error.log").decode().splitlines()
        self._stage.note(f"alerts: {[line for line in log if '[alert]' in line or '[emerg]' in line]}")


@case("nginx-master", needs=NEEDS, checked=["nginx", "ab"], leaks=LEAKS)
def nginx_master(stage):
    nginx = Nginx(stage, "on")
    nginx.play()
    nginx.reload()
    nginx.quit()


@case("nginx-single", needs=NEEDS, checked=["nginx", "ab"], leaks=LEAKS)
def nginx_single(stage):  # without a reload: nginx 1.22 loses its listening sockets there in this mode
    nginx = Nginx(stage, "off")
    nginx.play()
    nginx.quit()
