# SPDX-License-Identifier: MIT
"""The HTML report in headless Chromium: what pointer and keys do, on a desktop and a phone, in light and dark."""
import os
import re

import browser
from browser import Page
from harness import check, directory, equal
from htmlpage import EVIL, evil_report, make_page, many_sites, real_report
from lgcfile import Report, sample

VISIBLE = '[...document.querySelectorAll("#sites tbody tr[data-site]")].filter((r) => !r.hidden)'
BOX = 'document.activeElement.getAttribute("aria-label").split(":")[0]'
FOCUS = "document.activeElement.id || document.activeElement.textContent"
pages = {}


def page_of(name):
    """The path of a page, made once."""
    browser.program()
    if name not in pages:
        folder = directory("browser " + name)
        report = {"real": lambda: real_report(folder)[0], "many": many_sites, "evil": evil_report, "sample": sample,
                  "empty": Report}[name]()
        pages[name] = make_page(folder, report)
    return "file://" + pages[name].replace(" ", "%20")


def open_page(name, **options):
    return Page(page_of(name), **options)


def visible(page):
    return page.value(f"{VISIBLE}.map((r) => Number(r.dataset.site))")


def search(page, text):
    page.value('document.getElementById("search").select()')
    page.click("#search")
    page.key("Escape")
    page.type(text)


def test_opens_a_stack_with_its_source():
    with open_page("real") as page:
        name = "store::Cache<…>::insert(…)"
        row = page.value(f"{VISIBLE}.findIndex((r) => r.textContent.includes({name!r}))") + 1
        check(row > 0, "no row of", name)
        page.click(f"#site-{row} button")
        detail = page.value(f'document.querySelector("#site-{row} + .detail").innerText')
        check("1,000 bytes in 1 block, definite" in detail, detail)
        check(re.search(r"std::map<std::.*const&\)\s+\S.*shop\.cc:\d+", detail), "the full name and place", detail)
        marked = page.value(f'document.querySelector("#site-{row} + .detail details[open] .marked").innerText')
        check("return malloc(1000); // here </script><script>" in marked and marked.startswith("→"), marked)
        equal(page.value(f'document.querySelector("#site-{row} button").getAttribute("aria-expanded")'), "true")
        page.key("Escape")
        equal(page.value('document.querySelectorAll(".detail").length'), 0)
        equal(page.errors, [])


def test_search():
    with open_page("real") as page:
        count = len(visible(page))
        page.key("/")
        equal(page.value(FOCUS), "search")
        page.type("CHAIN shop.cc")
        text = page.value(f"{VISIBLE}.map((r) => r.textContent).join()")
        check(0 < len(visible(page)) < count and "chain" in text and "insert" not in text, text)
        check(page.value('document.getElementById("matches").textContent').startswith(f"{len(visible(page))} of "), "count")
        check("insert" not in page.value('document.getElementById("icicle").textContent'), "the graph is not filtered")
        search(page, "there is no such thing")
        equal((visible(page), page.value('document.getElementById("none").hidden')), ([], False))
        page.click("#reset")
        equal(len(visible(page)), count)
        equal(page.errors, [])


def test_kinds():
    with open_page("sample") as page:
        equal(visible(page), [0, 1, 2, 3])  # what can be reached is not marked at first
        page.click('[data-kind="0"]')
        equal(visible(page), [2, 3])
        page.click('[data-kind="3"]')
        equal(visible(page), [2, 3, 4])
        equal(page.value('document.querySelector("[data-kind=\\"4\\"]").disabled'), True)


def test_sort():
    with open_page("many") as page:
        def order(column):
            page.click(f'[data-sort="{column}"] button')
            sort = page.value(f'document.querySelector("[data-sort={column}]").getAttribute("aria-sort")')
            return visible(page)[:3], sort
        first = visible(page)[:3]
        equal(first, [0, 1, 2])
        sizes = page.value('readData().sites.map((s) => s.bytes)')
        biggest, sort = order("bytes")
        shown = sorted(visible(page), key=lambda i: -sizes[i])
        equal((biggest, sort), (shown[:3], "ascending"))
        equal(order("bytes"), (sorted(shown, key=lambda i: sizes[i])[:3], "descending"))
        equal(page.value('document.querySelectorAll("[aria-sort]").length'), 1)
        equal(order("kind")[0], first)


def test_graph_by_keys():
    with open_page("real") as page:
        page.click("#sites thead button")  # so that the search is not what has the focus
        page.value('document.querySelector("#icicle [tabindex=\\"0\\"]").focus()')
        equal(page.value(BOX), "all")
        count = len(visible(page))
        path = []
        for _ in range(20):
            page.key("ArrowDown")
            path.append(page.value(BOX))
            if path[-1].startswith("main"):
                break
        equal(path[-1], "main (own code)")
        page.key("ArrowDown")
        first = page.value(BOX)
        page.key("ArrowRight")
        second = page.value(BOX)
        check(second != first, "nothing beside", first)
        page.key("ArrowLeft")
        equal(page.value(BOX), first)
        page.key("Enter")
        equal(page.value(BOX), first)
        inside = page.value('document.activeElement.style.width')
        equal(inside, "100%")
        check(0 < len(visible(page)) < count, "zooming does not filter the table", visible(page))
        page.key("Escape")
        check(page.value(BOX).startswith("main"), "Escape goes to the caller")
        page.key("Home")
        page.key("Enter")
        equal((page.value(BOX), len(visible(page))), ("all", count))
        equal(page.value('document.getElementById("zoom-out").disabled'), True)
        equal(page.value('document.querySelectorAll("#icicle [tabindex=\\"0\\"]").length'), 1)
        equal(page.errors, [])


def test_graph_by_pointer():
    with open_page("real") as page:
        own = '#icicle .own[aria-label^="main"]'
        page.click(own)
        equal(page.value(f"document.querySelector({own!r}).getAttribute('aria-selected')"), "true")
        page.click("#zoom-out")
        equal(page.value(f"document.querySelector({own!r}).getAttribute('aria-selected')"), "false")
        widths = page.value('''["bytes", "blocks"].map((name) => { const m = document.getElementById("measure");
            m.value = name; m.dispatchEvent(new Event("change"));
            return document.querySelector('#icicle [aria-label^="many"]').getBoundingClientRect().width; })''')
        check(widths[1] > widths[0], "300 small blocks are not wider by blocks", widths)
        page.value('''{ const o = document.getElementById("order"); o.value = "allocation";
            o.dispatchEvent(new Event("change")); }''')
        labels = page.value('[...document.querySelectorAll("#icicle [aria-level=\\"2\\"]")].map((e) => e.ariaLabel)')
        check(labels and not any(name.startswith(("_start", "main")) for name in labels), labels)


def test_rows_by_keys():
    with open_page("real") as page:
        page.value(f"{VISIBLE}[0].querySelector('button').focus()")
        page.key("ArrowDown")
        equal(page.value('document.activeElement.closest("tr").id'), page.value(f"{VISIBLE}[1].id"))
        page.key("Enter")
        equal(page.value('document.querySelectorAll(".detail").length'), 1)
        page.key("ArrowUp")
        equal(page.value('document.activeElement.closest("tr").id'), page.value(f"{VISIBLE}[0].id"))


def test_link_opens_the_site():
    with open_page("real") as page:
        page.click(".lead a")
        page.value("new Promise((done) => setTimeout(done, 100))")
        target = page.value('document.querySelector(".lead a").hash.slice(1)')
        equal(page.value('document.querySelector(".detail").previousElementSibling.id'), target)
        page.key("Escape")
        equal(page.value('document.querySelectorAll(".detail").length'), 0)
        page.click(".lead a")  # the address does not change this time
        page.value("new Promise((done) => setTimeout(done, 100))")
        equal(page.value('document.querySelectorAll(".detail").length'), 1)
        search(page, "there is no such thing")
        other = next(i for i in ("site-1", "site-2") if i != target)
        page.value(f'location.hash = "#{other}"; new Promise((done) => setTimeout(done, 100))')
        equal(page.value('document.activeElement.closest("tr").id'), other)


def test_timeline():
    with open_page("sample") as page:
        page.value('document.querySelector("[role=slider]").focus()')
        text = 'document.querySelector("[role=slider]").getAttribute("aria-valuetext")'
        check(page.value(text).startswith("Scan 3 (interval), 1 min 0 s after start: 5.1 KiB live, 1.1 KiB lost"), page.value(text))
        page.key("ArrowLeft")
        check(page.value(text).startswith("Scan 2 "), page.value(text))
        page.key("Home")
        check(page.value(text).startswith("Scan 1 "), page.value(text))
        equal(page.value('document.querySelectorAll("#charts polyline").length'), 2)
        equal(page.value('document.querySelectorAll("#timeline tbody tr").length'), 3)


def test_light_and_dark():
    back = "getComputedStyle(document.body).backgroundColor"
    with open_page("sample", dark=True) as page:
        dark = page.value(back)
        page.click("#theme")
        light = page.value(back)
        equal((light, page.value('document.getElementById("theme").textContent')), ("rgb(255, 255, 255)", "Theme: light"))
        page.click("#theme")
        equal(page.value(back), dark)
        check(dark != light, dark)
    with open_page("sample") as page:
        equal(page.value(back), light)


def test_phone():
    for name in ("real", "sample", "empty", "evil", "many"):
        with open_page(name, width=360, height=740) as page:
            page.value('document.querySelectorAll("#sites tbody tr:nth-child(-n+5) button").forEach((b) => b.click())')
            equal(page.value("document.documentElement.scrollWidth"), 360, f"width of {name}")


def test_many_sites():
    with open_page("many") as page:
        equal(len(visible(page)), 750)  # without those that can be reached
        boxes = page.value('document.querySelectorAll("#icicle > div").length')
        check(50 < boxes <= 5000, boxes, "boxes")
        page.send("Performance.enable", timeDomain="threadTicks")
        before = {m["name"]: m["value"] for m in page.send("Performance.getMetrics")["metrics"]}
        search(page, "many+0x9")
        page.click('[data-sort="bytes"] button')
        after = {m["name"]: m["value"] for m in page.send("Performance.getMetrics")["metrics"]}
        seconds = after["TaskDuration"] - before["TaskDuration"]
        check(0 < seconds < 5, seconds, "s of CPU time for a search and sorting")
        equal(page.errors, [])


def test_texts_never_run():
    with open_page("evil") as page:
        page.click("#site-1 button")
        equal(page.value("window.evil"), None)
        check(EVIL in page.value('document.querySelector(".detail").textContent'), "the name is lost")
        equal(page.errors, [])


def test_without_scripts():
    path = page_of("real")
    folder = os.path.dirname(pages["real"])
    with Page(path, script=False) as page:
        page.screenshot(os.path.join(folder, "noscript.png"))
        # scripts of the page are off, those of the debugger are not
        check("need JavaScript" in page.value('document.querySelector("noscript").innerText'), "no note")
        check(len(visible(page)) > 3, "no rows")
        equal(page.value('[...document.querySelectorAll(".scripted")].filter((e) => e.offsetParent).length'), 0)


def test_print():
    with open_page("real", dark=True) as page:
        page.send("Emulation.setEmulatedMedia", media="print")
        equal(page.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        equal(page.value('document.getElementById("search").offsetParent'), None)
