/* SPDX-License-Identifier: MIT
 *
 * Starts the page: reads the data, and joins filters, search, graph and table. All that comes from the report is
 * set as text, never as markup. */

const KINDS = ["definite", "indirect", "possible", "reachable", "suppressed"];

/* --- Texts: as format_html.c writes them ----------------------------------------------------------- */

const grouping = new Intl.NumberFormat("en-US"); /* made once: it is slow to make */
const groupedText = (number) => grouping.format(number);
const countText = (count, noun) => `${groupedText(count)} ${noun}${count === 1 ? "" : "s"}`;

function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let value = bytes / 1024, unit = 0;
  for (; value >= 1023.95; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]}`;
}

function timeText(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s}.${Math.floor(ms / 100) % 10} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 2 * 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/* --- Data: the layout is told in html_data.c ------------------------------------------------------- */

function readData() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = (number) => (number ? data.strings[number - 1] : "");
  const frames = data.frames.map(([caller, pc, module, offset, calls]) => ({
    caller, calls: calls.map(([fn, file, line, column, own, source, short]) => {
      const path = text(module);
      const name = text(fn) || (path ? `${path.split("/").at(-1)}+${offset}` : pc);
      return { name, short: text(short) || name, file: text(file), line, column, own: !!own, source, module: path,
        offset, pc };
    }) }));
  const sites = data.sites.map((site, number) => {
    const stack = [];
    for (let at = site.frame; at; at = frames[at - 1].caller) stack.push(...frames[at - 1].calls);
    return { ...site, number, stack };
  });
  const scans = data.scans.map(([number, cause, at_ms, live, lost, leaked, result]) =>
    ({ number, cause, at_ms, live, lost, leaked, result }));
  return { sites, frames, scans, sources: data.sources };
}

/* The numbers of the frames whose stacks hold the words, each somewhere. Callers stand before their callees. */
function framesWith(frames, words) {
  const found = words.map(() => new Set([]));
  frames.forEach((frame, i) => {
    const text = frame.calls.map((c) => `${c.name}\n${c.file}\n${c.module}`).join("\n").toLowerCase();
    words.forEach((word, k) => {
      if (found[k].has(frame.caller) || text.includes(word)) found[k].add(i + 1);
    });
  });
  return (number) => found.every((set) => set.has(number));
}

/* --- Table ----------------------------------------------------------------------------------------- */

function openSite(row, site, sources) {
  const button = row.querySelector("button");
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", open);
  row.classList.toggle("open", open);
  if (!open) {
    row.nextElementSibling.remove();
    return;
  }
  const narrow = getComputedStyle(row.lastElementChild).display === "none";
  row.after(make("tr", { className: "detail" }, make("td", { colSpan: narrow ? 2 : 5 }, ...tellSite(site, sources))));
}

function makeTable(table, data) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const names = rows.map((row) => row.querySelector(".function").textContent.toLowerCase());
  const keys = { bytes: (s) => -s.bytes, blocks: (s) => -s.blocks, since: (s) => s.first_ms, kind: (s) => s.number,
    where: (s) => names[s.number] };
  rows.forEach((row, i) => {
    const name = row.querySelector(".function");
    const button = make("button", { type: "button", className: "function" }, name.textContent);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => openSite(row, data.sites[i], data.sources));
    name.replaceWith(button);
  });

  function sort(head) {
    const again = head.getAttribute("aria-sort") === "ascending";
    const value = keys[head.dataset.sort], turn = again ? -1 : 1;
    const order = data.sites.toSorted((a, b) => {
      const x = value(a), y = value(b);
      return turn * ((x > y) - (x < y)) || a.number - b.number;
    });
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", again ? "descending" : "ascending");
    body.append(...order.flatMap(({ number }) => {
      const detail = rows[number].classList.contains("open") ? [rows[number].nextElementSibling] : [];
      return [rows[number], ...detail];
    }));
  }
  for (const head of table.tHead.rows[0].cells) {
    const button = make("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
  }

  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && row.classList.contains("open")) row.querySelector("button").click();
    else if (step && event.target.matches("th button")) {
      const visible = [...body.querySelectorAll("tr:not([hidden]) > th button")];
      visible[visible.indexOf(event.target) + step]?.focus();
    } else return;
    event.preventDefault();
  });

  return {
    show(wanted) {
      rows.forEach((row, i) => {
        row.hidden = !wanted.has(i);
        if (row.classList.contains("open")) row.nextElementSibling.hidden = row.hidden;
      });
    },
    open(number) {
      const row = rows[number];
      if (!row.classList.contains("open")) openSite(row, data.sites[number], data.sources);
      row.scrollIntoView({ block: "center" });
      row.querySelector("button").focus({ preventScroll: true });
    },
  };
}

/* --- Theme ----------------------------------------------------------------------------------------- */

function makeTheme(button) {
  const themes = ["system", "light", "dark"];
  const store = (change) => {
    try {
      return change(localStorage);
    } catch {
      return null; /* where there is no storage the choice holds for this page */
    }
  };
  let theme = store((storage) => storage.getItem("leakgc-theme"));
  const apply = () => {
    if (!themes.includes(theme)) theme = "system";
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    store((storage) => storage.setItem("leakgc-theme", theme));
    apply();
  });
  apply();
}

/* --- The page -------------------------------------------------------------------------------------- */

function startSites(data, find) {
  const search = find("search"), kinds = [...document.querySelectorAll("[data-kind]")];
  const table = makeTable(find("sites"), data);
  let zoomed = null, matching = data.sites;

  function showTable() {
    const shown = matching.filter((site) => !zoomed || zoomed.has(site.number));
    const bytes = shown.reduce((sum, site) => sum + site.bytes, 0);
    table.show(new Set(shown.map((site) => site.number)));
    find("none").hidden = shown.length > 0;
    find("matches").textContent =
      `${groupedText(shown.length)} of ${countText(data.sites.length, "site")}, ${sizeText(bytes)}`;
  }
  const icicle = makeIcicle(find("icicle"), find("here"),
    { order: find("order"), measure: find("measure"), out: find("zoom-out") }, (sites) => {
      zoomed = sites;
      showTable();
    });
  function filter() {
    const wanted = new Set(kinds.filter((box) => box.checked).map((box) => Number(box.dataset.kind)));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = framesWith(data.frames, words);
    matching = data.sites.filter((site) => wanted.has(site.kind) && (!words.length || has(site.frame)));
    zoomed = icicle.show(matching);
    showTable();
  }
  function reset() {
    search.value = "";
    icicle.reset();
    filter();
  }
  function showAll() {
    for (const box of kinds) box.checked = box.defaultChecked;
    reset();
    search.focus();
  }
  function openLinked() {
    const number = Number(/^#site-(\d+)$/.exec(location.hash)?.[1] ?? 0) - 1;
    if (!data.sites[number]) return;
    const box = kinds[data.sites[number].kind];
    if (!box.checked) box.click();
    if (!matching.includes(data.sites[number]) || (zoomed && !zoomed.has(number))) reset();
    table.open(number);
  }

  search.addEventListener("input", filter);
  for (const box of kinds) box.addEventListener("change", filter);
  find("reset").addEventListener("click", showAll);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      search.focus();
      event.preventDefault();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      filter();
    }
  });
  window.addEventListener("hashchange", openLinked);
  document.querySelector(".lead a")?.addEventListener("click", () => setTimeout(openLinked));
  filter();
  openLinked();
}

function startPage() {
  const find = (id) => document.getElementById(id);
  const data = readData();
  document.documentElement.classList.add("scripts");
  makeTheme(find("theme"));
  makeTimeline(find("timeline"), find("charts"), find("moment"), find("scans"), data.scans);
  if (data.sites.length) startSites(data, find);
}

startPage();
