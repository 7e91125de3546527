# SPDX-License-Identifier: MIT
"""`leakgc report --format html`: the page as it is written. What it does in a browser: test_html_browser.py."""
import os
import re
import shutil

from harness import check, command, directory, equal
from htmlpage import EVIL, Document, evil_report, make_page, many_sites, real_report
from lgcfile import Report, header, record, sample, section

LEAST_TEXT, LEAST_EDGE = 4.5, 3.0  # contrast, by WCAG 2.1 AA


def row_texts(page):
    return [re.sub(r"\s+", " ", e[2]).strip() for e in page.all("tr") if "data-site" in e[1]]


def test_summary_and_rows():
    page = Document(make_page(directory("html sample"), sample()))
    equal(page.all("title")[0][2], "app lost 1.1 KiB")
    equal(page.all("h1")[0][2], "app lost 1.1 KiB")
    text = re.sub(r"\s+", " ", page.all("main")[0][2])
    for words in ("13 blocks that nothing can reach any more, from 3 call stacks",
                  "The most, 1.0 KiB (98 %) with what hangs on it, in 0x2000 app",
                  "The program goes on: this is what scan 3 (interval) found to be new, 1 min 0 s after start",
                  "Definitely lost 1.0 KiB 11 blocks", "Still reachable 4.0 KiB 1 block",
                  "app --flag two words", "4711 on here", "1970-01-01 00:16:40 UTC"):
        check(words in text, repr(words), "is not in", text)
    rows = row_texts(page)
    equal(rows[0], "1000 B100x2000 app definite, 10 blocks, since 1.0 sdefinite1.0 s")
    equal((len(rows), "no stack was recorded" in rows[4]), (5, True))


def test_empty():
    page = Document(make_page(directory("html empty"), Report()))
    equal(page.all("h1")[0][2], "app: no leaks")
    equal((row_texts(page), page.all("body")[0][1]["class"]), ([], "has-none"))
    equal(page.data()["sites"], [])


def test_left_out():
    folder = directory("html left out")
    text = Document(make_page(folder, sample(), "--max-sites", "1", "--min-bytes", "60")).all("main")[0][2]
    check("Not listed: 2 more sites with" in text or "Not listed: 1 more site with" in text, text)
    check("below the thresholds" in text, text)
    check("Not on this page" not in text, text)


def test_more_sites_than_a_page_takes():
    page = Document(make_page(directory("html most"), many_sites(5003, 3)))
    equal((len(row_texts(page)), len(page.data()["sites"])), (5000, 5000))
    check("Not on this page, for its size: the last 3 sites" in page.all("main")[0][2], "nothing is said")


def test_thousand_sites_stay_small():
    path = make_page(directory("html thousand"), many_sites())
    page = Document(path)
    equal(len(page.data()["sites"]), 1000)
    check(os.path.getsize(path) < 1500000, os.path.getsize(path), "bytes")


# --- Names, sources ---------------------------------------------------------------------------------


def real_page(name, *options):
    folder = directory(name)
    path, source = real_report(folder)
    return Document(make_page(folder, path, *options)), source


def test_short_names():
    page, _ = real_page("html names")
    names = [e[2] for e in page.all("span", **{"class": "function"})]
    for name in ("store::Cache<…>::insert(…)", "store::Cache<…>::operator<<(…)", "store::Cache<…>::operator()(…)",
                 "store::Cache<…>::operator<=>(…)", "store::Cache<…>::operator->()",
                 "(anonymous namespace)::hidden::make(…)", "inlined", "chain"):
        check(any(name in n for n in names), name, names)
    full = page.data()["strings"]
    check(any(n.startswith("store::Cache<std::") and "insert(std::map<" in n for n in full), full)
    equal(len(full), len(set(full)), "each text is there once")


def test_source_lines():
    page, source = real_page("html source")
    data = page.data()
    line = [i + 1 for i, text in enumerate(source.lines) if "// here" in text][0]
    first, changed, text = [s for s in data["sources"] if "// here" in s[2]][0]
    equal(text, "\n".join(source.lines[first - 1:first + 8]) + "\n")
    check(first <= line < first + 9, first, line)
    equal(changed, 0)
    used = {call[5] for frame in data["frames"] for call in frame[4]}
    equal(used, set(range(len(data["sources"]) + 1)))


def test_without_sources():
    page, source = real_page("html no source", "--no-source")
    equal(page.data()["sources"], [])
    check("// here" not in page.text, "a source line")


def test_sources_are_below_the_sysroot():
    folder = directory("html sysroot")
    path, source = real_report(folder)
    root = os.path.join(folder, "root")
    shutil.copytree(folder, root + folder, ignore=shutil.ignore_patterns("root"))
    with open(root + source.path, "w") as file:
        file.write("below the root\n" * 90)
    sources = Document(make_page(folder, path, "--sysroot", root)).data()["sources"]
    check(sources and all("below the root" in s[2] for s in sources), sources)


def names_source(folder, path):
    """A report that says that its function is in line 1 of that file."""
    report = Report().module("/bin/none", 0x400000, 0x500000, 0x400000).frame(1, 0, 0x402000, 0).site("definite", 1, 10, 1)
    parts = list(report.sections())
    parts.insert(-1, section("NAME", record(1, 1, "f", path, 1, 0)))
    made = os.path.join(folder, "names.lgc")
    with open(made, "wb") as file:
        file.write(header() + b"".join(parts))
    return made


def test_sources_do_not_lead_out_of_the_sysroot():
    """A report of somebody else names what it likes."""
    folder = directory("html out of sysroot")
    root = os.path.join(folder, "root")
    os.makedirs(root + "/inside")
    for name, text in (("secret.c", "the secret"), ("root/inside/good.c", "the source"), ("root/secret.c", "of the root")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text + "\n")
    os.symlink(os.path.join(folder, "secret.c"), root + "/inside/absolute.c")
    os.symlink("../../secret.c", root + "/inside/relative.c")
    os.symlink("/inside/good.c", root + "/link.c")
    os.symlink("..", root + "/up")
    for path, expected in (("/inside/good.c", "the source"), ("/inside/../inside/good.c", "the source"), ("/../secret.c", "of the root"),
                           ("/up/secret.c", "of the root"), ("/inside/relative.c", "of the root"), ("/inside/absolute.c", None),
                           ("/link.c", "the source")):
        sources = Document(make_page(folder, names_source(folder, path), "--sysroot", root)).data()["sources"]
        equal([s[2] for s in sources], [expected + "\n"] if expected else [], path)
    sources = Document(make_page(folder, names_source(folder, os.path.join(folder, "secret.c")))).data()["sources"]
    equal([s[2] for s in sources], ["the secret\n"], "without a root")


def test_source_that_changed_or_is_no_text():
    folder = directory("html changed")
    path, source = real_report(folder)
    os.utime(source.path, (4e9, 4e9))
    check(all(s[1] == 1 for s in Document(make_page(folder, path)).data()["sources"]), "not marked as changed")
    with open(source.path, "ab") as file:
        file.write(b"\0")
    equal(Document(make_page(folder, path)).data()["sources"], [], "of a binary file")
    os.unlink(source.path)
    os.mkfifo(source.path)
    equal(Document(make_page(folder, path)).data()["sources"], [], "of a pipe")


def test_long_source_lines_are_cut():
    folder = directory("html long lines")
    path, source = real_report(folder)
    with open(source.path, "w") as file:
        file.write(("x" + "é" * 5000 + "\n") * 60)
    texts = [s[2] for s in Document(make_page(folder, path)).data()["sources"]]
    check(texts and all(set(t) == {"x", "é", "\n"} for t in texts), "cut within a character")
    equal({len(line) for t in texts for line in t.splitlines()}, {100})


# --- Hostile texts ----------------------------------------------------------------------------------


def shape(page):
    return [e[0] for e in page.elements]


def test_texts_never_become_markup():
    folder = directory("html evil")
    evil = Document(make_page(folder, evil_report(), name="evil.html"))
    tame = Document(make_page(folder, evil_report("tame"), name="tame.html"))
    equal(shape(evil), shape(tame))
    equal(len(evil.all("script")), 2)
    equal(evil.all("img"), [])
    equal(evil.text.count("<script>window.evil"), 0)
    data = evil.all("script", id="data")[0][2]
    check("<" not in data, "an unescaped < in the data")
    check(any(EVIL in s for s in evil.data()["strings"]), "the name is lost")
    check(EVIL in evil.all("dl")[0][2], "the name is lost in the summary")


def test_sources_never_become_markup():
    page, source = real_page("html evil source")
    equal(len(page.all("script")), 2)
    check(any("<script>window.evil=1</script> <!-- <b>&amp;" in s[2] for s in page.data()["sources"]), "no source")
    equal(page.text.count("<script>window.evil"), 0)


# --- Accessible by its structure --------------------------------------------------------------------


def test_asks_no_network():
    page = Document(make_page(directory("html network"), sample()))
    for tag, attributes, _ in page.elements:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            check(attributes.get(name, "#").startswith("#"), tag, name, attributes.get(name))
    check(not re.search(r"url\(|@import", page.all("style")[0][2]), "the style asks for something")
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0][1]["content"]
    check(policy.startswith("default-src 'none'"), policy)


def test_structure():
    page = Document(make_page(directory("html structure"), sample()))
    equal(page.all("html")[0][1]["lang"], "en")
    identities = [e[1]["id"] for e in page.elements if "id" in e[1]]
    equal(len(identities), len(set(identities)), "an id twice")
    for landmark in ("main", "header", "footer", "h1"):
        equal(len(page.all(landmark)), 1, landmark)
    levels = [int(e[0][1]) for e in page.elements if re.fullmatch("h[1-6]", e[0])]
    check(all(b <= a + 1 for a, b in zip([0] + levels, levels)), "a heading's level is left out", levels)
    for tag, attributes, text in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            check(attributes.get(name, identities[0]) in identities, tag, name, attributes.get(name))
        if attributes.get("href"):
            check(attributes["href"][1:] in identities, "a link to nowhere", attributes["href"])
        if tag == "button":
            check(text.strip() and attributes["type"] == "button", "a button without a name or type")
        if tag == "th":
            check(attributes.get("scope") in ("row", "col"), "a header without a scope")
    labelled = {e[1].get("for") for e in page.all("label")}
    check(page.all("input", type="search")[0][1]["id"] in labelled, "the search field has no label")


def luminance(colour):
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts))


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast():
    page = Document(make_page(directory("html contrast"), sample()))
    equal(round(contrast((0, 0, 0), (255, 255, 255)), 2), 21)
    for dark in (False, True):
        colours = page.colours(dark)
        for front, backs, least in (("text", ("back", "panel", "plain", "tint", "marked"), LEAST_TEXT),
                                    ("quiet", ("back", "panel"), LEAST_TEXT), ("accent", ("back", "panel"), LEAST_TEXT),
                                    ("edge", ("back", "panel"), LEAST_EDGE), ("accent", ("tint",), LEAST_EDGE)):
            for back in backs:
                ratio = contrast(colours[front], colours[back])
                check(ratio >= least, f"{front} on {back} ({'dark' if dark else 'light'}): {ratio:.2f}")
    # all colours are in this table, nowhere else
    style = page.all("style")[0][2]
    equal(len(re.findall(r"#[0-9a-f]{3,8}\b", style)), 2 * len(page.colours(False)))


def test_suffix_and_help():
    folder = directory("html suffix")
    path = sample().write(os.path.join(folder, "a.lgc"))
    command("report", "--output", os.path.join(folder, "a.html"), path)
    with open(os.path.join(folder, "a.html")) as file:
        equal(file.read(), command("report", "--format", "html", path)[1])
    check("--no-source" in command("report", "--help")[1], "--no-source is not in the help")
