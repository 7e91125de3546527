# SPDX-License-Identifier: MIT
"""A page in headless Chromium, driven over its debugging pipe (Chrome DevTools Protocol).

    with Page("file:///tmp/x.html", width=360) as page:
        page.click("#theme"); page.key("Enter"); page.value("document.title"); page.screenshot("x.png")

`page.errors`: exceptions, console errors and requests other than for the page itself; a test wants none."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import harness

KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "ArrowLeft": (37, ""), "ArrowUp": (38, ""), "ArrowRight": (39, ""),
        "ArrowDown": (40, ""), "Home": (36, ""), "End": (35, ""), "Tab": (9, ""), " ": (32, " ")}
SECONDS = 60


def program():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    raise harness.Skip("chromium is not installed (tools/deps.sh browser)")


def high_pipe():
    """A pipe whose descriptors are out of the way of 3 and 4."""
    ends = os.pipe()
    moved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in ends]
    for fd in ends:
        os.close(fd)
    return moved


class Page:
    def __init__(self, url, width=1280, height=900, dark=False, script=True):
        self.url, self.number, self.errors, self.events = url, 0, [], []
        self.folder = tempfile.mkdtemp()
        self.pending = b""
        out_read, out_write = high_pipe()
        in_read, in_write = high_pipe()
        words = [program(), "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
                 "--hide-scrollbars", "--disable-dev-shm-usage", "--disable-background-networking",
                 f"--user-data-dir={self.folder}", "about:blank"]
        if os.getuid() == 0:
            words.insert(1, "--no-sandbox")
        # the pipe is on descriptors 3 and 4, by way of a shell that moves them there
        shell = f'exec 3<&{in_read} 4>&{out_write} {in_read}<&- {out_write}>&-; exec "$@"'
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", *words], pass_fds=(in_read, out_write),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(in_read)
        os.close(out_write)
        self.to, self.back, self.session = in_write, out_read, None
        try:
            self.open(url, width, height, dark, script)
        except BaseException:
            self.close()
            raise

    def open(self, url, width, height, dark, script):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        self.send("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        if not script:
            self.send("Emulation.setScriptExecutionDisabled", value=True)
        self.send("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.back)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- the protocol -----------------------------------------------------------------------------

    def receive(self):
        end = time.monotonic() + SECONDS
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.back], [], [], max(0, end - time.monotonic()))
            harness.check(ready, "chromium gave no answer in", SECONDS, "s")
            data = os.read(self.back, 1 << 20)
            harness.check(data, "chromium ended")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def note(self, message):
        method, what = message.get("method"), message.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.errors.append(what["entry"]["text"])
        elif method == "Network.requestWillBeSent" and what["request"]["url"].split("#")[0] != self.url.split("#")[0]:
            self.errors.append(f"a request for {what['request']['url']}")

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                harness.check("error" not in answer, method, answer.get("error"))
                return answer["result"]
            self.note(answer)

    def wait_for(self, event):
        while event not in self.events:
            self.note(self.receive())

    # --- what tests do ----------------------------------------------------------------------------

    def value(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        harness.check("exceptionDetails" not in answer, expression, answer.get("exceptionDetails"))
        return answer["result"].get("value")

    def click(self, selector):
        """As a pointer does: in the middle of what is seen of the element."""
        x, y = self.value(f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
            e.scrollIntoView({{block: "center", behavior: "instant"}}); const r = e.getClientRects()[0];
            return [r.x + Math.min(r.width, innerWidth - r.x) / 2, r.y + r.height / 2]; }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key):
        code, text = KEYS.get(key, (ord(key.upper()), key) if len(key) == 1 else (0, ""))
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def type(self, text):
        self.send("Input.insertText", text=text)

    def resize(self, width, height=900):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, path, whole=False):
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
