# SPDX-License-Identifier: MIT
"""--format openmetrics: read by Prometheus's own Python client, both as OpenMetrics and as the text format that
node_exporter's textfile collector knows, and by promtool where it is installed."""
import shutil
import subprocess

import formatting
from formatting import KINDS, facts, golden, written
from harness import Skip, check, equal

try:
    from prometheus_client import parser as text_format
    from prometheus_client.openmetrics import parser as openmetrics
except ImportError:
    openmetrics = None


def need_client():
    if not openmetrics:
        raise Skip("python3-prometheus-client is not installed")


def series(families):
    """{(name, labels): value}; a time series that is there twice is an error."""
    found = {}
    for family in families:
        equal(family.type, "gauge", family.name)
        for sample in family.samples:
            check(sample.timestamp is None, "a timestamp")
            key = sample.name, tuple(sorted(sample.labels.items()))
            check(key not in found, f"twice: {key}")
            found[key] = float(sample.value)
    return found


def read(text):
    text = text.decode("utf-8")
    found = series(openmetrics.text_string_to_metric_families(text))
    equal(series(text_format.text_string_to_metric_families(text)), found, "as text format and as OpenMetrics")
    return found


def of(found, name, label):
    """The value for each value of a label."""
    return {dict(labels)[label]: value for (n, labels), value in found.items() if n == name}


def test_openmetrics_is_the_report():
    need_client()
    for report in formatting.everything():
        found = read(written("openmetrics", report, "--kinds", "all"))
        said = facts(report, "--kinds", "all")
        for unit in "bytes", "blocks":
            equal(of(found, "leakgc_kind_" + unit, "kind"),
                  {kind: float(said["totals"].get(kind, {unit: 0})[unit]) for kind in KINDS})
            total = {}
            for s in said["sites"]:
                total[s["signature"]] = total.get(s["signature"], 0) + s[unit]
            equal(of(found, "leakgc_site_" + unit, "signature"), {key: float(n) for key, n in total.items()})
        programs = {dict(labels)["program"] for _, labels in found}
        equal(programs, {"".join("\ufffd" if ord(c) < 32 and c != "\n" or ord(c) == 127 else c
                                 for c in said["process"]["program"])})
        pid = str(said["process"]["pid"])
        equal(of(found, "leakgc_report_complete", "pid"), {pid: float(said["complete"])})
        equal(of(found, "leakgc_report_time_seconds", "pid"), {pid: float(said["written"])})
        scans = [s["scan"] for s in said["scans"]][-1:]
        equal(of(found, "leakgc_scan_number", "pid"), {pid: float(n) for n in scans})


def test_openmetrics_place():
    """The place is the first in a source of the program."""
    need_client()
    report, source = formatting.cplusplus()
    found = read(written("openmetrics", report))
    files = {dict(labels)["file"] for name, labels in found if name == "leakgc_site_bytes"}
    check(source.path in files, files)
    functions = {dict(labels)["function"] for name, labels in found if name == "leakgc_site_bytes"}
    check("holder<char, 100>::make()" in functions, functions)


def test_openmetrics_same_signature():
    """Two sites of one signature are one time series."""
    need_client()
    report = formatting.lgcfile.Report().module("/m", 0x1000, 0x9000)
    report.frame(1, 0, 0x2000, 0).frame(2, 0, 0x2000, 0).site("definite", 1, 100, 2).site("definite", 2, 11, 1)
    path = report.write(formatting.os.path.join(formatting.directory("same"), "r.lgc"))
    equal(len(facts(path)["sites"]), 2)
    equal(list(of(read(written("openmetrics", path)), "leakgc_site_bytes", "signature").values()), [111.0])


def test_openmetrics_reader_minds():
    """Negative controls of the readers."""
    need_client()
    good = written("openmetrics", formatting.sample())
    for bad in (good.replace(b"# EOF\n", b""), good.replace(b"\"definite\"", b"\"definite"),
                good.replace(b"leakgc_kind_bytes{pid=", b"leakgc_kind_bytes{pid"), good + b"x 1\n"):
        try:
            read(bad)
        except ValueError:
            continue
        raise AssertionError("a broken one was read")


def test_openmetrics_promtool():
    if not shutil.which("promtool"):
        raise Skip("promtool is not installed")
    for report in formatting.everything():
        text = written("openmetrics", report, "--kinds", "all")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
        equal((checked.returncode, checked.stderr), (0, b""), "promtool")


def test_openmetrics_golden():
    golden("prom", written("openmetrics", formatting.sample()).decode())
