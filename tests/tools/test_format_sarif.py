# SPDX-License-Identifier: MIT
"""--format sarif: against sarif.schema.json (own words, after the specification: the official schema is not ours
to copy), through jq, and against what the report says."""
import copy
import json
import os
import subprocess
import urllib.parse

import formatting
from formatting import KINDS, facts, frame_name, golden, places, written
from harness import Skip, check, equal, need

RULES = dict(zip(("definitely-lost", "indirectly-lost", "possibly-lost", "still-reachable", "suppressed"), KINDS))


def load(report, *flags):
    text = written("sarif", report, *flags)
    return json.loads(text.decode("utf-8"))


def validator():
    try:
        import jsonschema
    except ImportError as why:
        raise Skip(f"python3-jsonschema is not there ({why})")
    with open(os.path.join(formatting.HERE, "sarif.schema.json")) as file:
        return jsonschema.Draft7Validator(json.load(file))


def clean(text):
    return "".join("\ufffd" if ord(c) < 32 or ord(c) == 127 else c for c in text)


def test_sarif_schema():
    valid = validator()
    for report in formatting.everything():
        equal([e.message for e in valid.iter_errors(load(report, "--kinds", "all"))], [])


def test_sarif_schema_minds():
    """Negative controls of the schema."""
    valid = validator()
    good = load(formatting.sample())
    for spoil in (lambda d: d.update(version="2.0.0"), lambda d: d["runs"][0].pop("tool"),
                  lambda d: d["runs"][0]["results"][0].update(stack=[]),
                  lambda d: d["runs"][0]["results"][0]["locations"][0].update(uri="x"),
                  lambda d: d["runs"][0]["invocations"][0].update(endTimeUtc="today")):
        bad = copy.deepcopy(good)
        spoil(bad)
        check(not valid.is_valid(bad), "a broken one is valid")


def uri_path(place):
    """The path of an artifact, as JSON could say it."""
    artifact = place["physicalLocation"].get("artifactLocation")
    return artifact and urllib.parse.unquote(artifact["uri"].removeprefix("file://"), errors="surrogateescape")


def check_place(place, frame, line):
    physical = place["physicalLocation"]
    equal(place["logicalLocations"], [{"fullyQualifiedName": clean(frame_name(frame, line)), "kind": "function"}])
    if int(frame["pc"], 16) < 2 ** 53:
        equal(physical["address"]["absoluteAddress"], int(frame["pc"], 16))
    file = line and line["file"]
    wanted = file or frame.get("path")
    if wanted and "\ufffd" not in wanted:  # JSON can't say all paths; a URI can
        equal(uri_path(place), wanted)
    equal(physical.get("region", {}).get("startLine"), line.get("line") if file else None)
    equal(physical.get("region", {}).get("startColumn"), line.get("column") if file else None)


def test_sarif_is_the_report():
    for report in formatting.everything():
        run, = load(report, "--kinds", "all")["runs"]
        said = facts(report, "--kinds", "all")
        equal([r["id"] for r in run["tool"]["driver"]["rules"]], list(RULES))
        equal(len(run["results"]), len(said["sites"]))
        for result, site in zip(run["results"], said["sites"]):
            equal(RULES[result["ruleId"]], site["kind"])
            equal(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
            equal([result["properties"][k] for k in ("bytes", "blocks")], [site["bytes"], site["blocks"]])
            equal(result["partialFingerprints"], {"leakgcSignature/v1": site["signature"]})
            frames = result["stacks"][0]["frames"] if site["frames"] else []
            equal(len(frames), len(places(site)))
            for frame, place in zip(frames, places(site)):
                check_place(frame["location"], *place)
        invocation, = run["invocations"]
        equal([n["message"]["text"] for n in invocation["toolExecutionNotifications"]],
              ["Incomplete: " + doubt for doubt in said["doubts"]])
        equal(invocation["arguments"], said["process"]["arguments"][1:])


def test_sarif_path_of_any_bytes():
    """A URI gives the very bytes back."""
    run, = load(formatting.awkward())["runs"]
    uri = run["invocations"][0]["executableLocation"]["uri"].removeprefix("file://")
    check(formatting.AWKWARD_FOLDER in urllib.parse.unquote_to_bytes(uri), uri)


def test_sarif_location():
    """The place in the program, not in the C++ library's headers, nor where the stack begins."""
    report, source = formatting.cplusplus()
    run, = load(report, "--kinds", "all")["runs"]
    for result in run["results"]:
        first, = result["locations"]
        name = first["logicalLocations"][0]["fullyQualifiedName"]
        if result["properties"]["bytes"] == 72704:  # the C++ library's own, before main
            continue
        check("operator new" not in name and "malloc" not in name, name)
        equal(uri_path(first), source.path, name)
    made = [r for r in run["results"] if r["properties"]["bytes"] == 800]
    equal([r["ruleId"] for r in made], 2 * ["definitely-lost"])
    made = made[0]
    place = made["locations"][0]
    equal(place["logicalLocations"][0]["fullyQualifiedName"], "holder<double, 100>::make()")
    check("allocated by holder<double, 100>::make()," in made["message"]["text"], made["message"])


def test_sarif_jq():
    need("jq")
    asked = ".runs[0].results | map(select(.level == \"error\").properties.bytes) | add"
    done = subprocess.run(["jq", asked], input=written("sarif", formatting.cplusplus()[0]), capture_output=True)
    equal(int(done.stdout), facts(formatting.cplusplus()[0])["totals"]["definite"]["bytes"])


def test_sarif_golden():
    golden("sarif", written("sarif", formatting.sample()).decode())
