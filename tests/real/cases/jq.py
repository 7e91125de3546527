# SPDX-License-Identifier: MIT
"""jq: filters, regular expressions, paths, reduce, errors, and input that is not JSON."""

import json

from harness import case


@case("jq", needs={"jq": "jq"}, checked=["jq"])
def jq(stage):
    data = [{"id": i, "name": f"n{i}", "tags": [f"t{i % 7}", f"u{i % 3}"], "x": i / 8} for i in range(10000)]
    stage.write("data.json", json.dumps(data))
    for words in (
        ["length"],
        ["-c", "group_by(.tags[0]) | map({tag: .[0].tags[0], n: length, sum: (map(.x) | add)})"],
        ["-c", "map(select(.name | test(\"^n9+[0-9]$\"))) | map(.name |= ascii_upcase)"],
        ["-c", "reduce .[] as $i ({}; .[$i.tags[1]] += $i.id)"],
        ["-r", ".[:20][] | [.id, .name, (.tags | join(\"+\"))] | @csv"],
        ["-c", "[paths(type == \"number\")] | length"],
        ["-c", "def f: if . < 2 then . else (. - 1 | f) + (. - 2 | f) end; 17 | f"],
        ["--sort-keys", "-c", "[.[] | to_entries | from_entries] | .[1234]"],
    ):
        stage.do(["jq", *words, "data.json"])
    stage.do(["jq", ".[0].id.x", "data.json"], status=5)
    stage.do(["jq", "."], '{"a": [1, 2, ', status=None)  # 2 or 4, a matter of the version
    stage.do(["jq", "{a b}"], "1", status=3)
