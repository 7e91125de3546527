/* SPDX-License-Identifier: MIT
 *
 * What opens below a row of the table: the facts of a site and its stack, with source lines where there are any. */

function sourceOf(call, sources) {
  if (!call.source) return null;
  const [first, changed, text] = sources[call.source - 1];
  const lines = text.replace(/\n$/, "").split("\n").map((line, i) => {
    const here = first + i === call.line;
    return make("span", { className: here ? "marked" : "" },
      `${here ? "→" : " "}${String(first + i).padStart(6)}  ${line}`);
  });
  const pre = make("pre", { tabIndex: 0 }, ...lines);
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", `Source around line ${call.line}`);
  return changed ? [make("p", { className: "note" }, "This file was changed after the program had started."), pre] : [pre];
}

function placeText(call) {
  if (call.file) return call.file + (call.line ? `:${call.line}` : "") + (call.line && call.column ? `:${call.column}` : "");
  return call.module ? `${call.module}+${call.offset}` : call.pc;
}

function tellCall(call, sources, open) {
  const item = make("li", {}, make("span", { className: call.own ? "function" : "function other" }, call.name),
    make("span", { className: "file" }, placeText(call)));
  const source = sourceOf(call, sources);
  if (source) item.append(make("details", { open }, make("summary", {}, "Source"), ...source));
  return item;
}

function tellHistory(site) {
  if (!site.lost_scan) return [];
  const lost = `scan ${site.lost_scan}, ${timeText(site.lost_ms)} after start`;
  const facts = [["First seen lost", lost]];
  if (site.reachable_scan)
    facts.push(["Last seen reachable", `scan ${site.reachable_scan}, ${timeText(site.reachable_ms)} after start`]);
  if (site.told_scan)
    facts.push([`Grown since scan ${site.told_scan}`, `from ${sizeText(site.told_bytes)} to ${sizeText(site.now_bytes)}`]);
  return facts;
}

function tellSite(site, sources) {
  const facts = [
    ["Size", `${groupedText(site.bytes)} bytes in ${countText(site.blocks, "block")}, ${KINDS[site.kind]}`],
    ["Allocated", `${timeText(site.first_ms)} to ${timeText(site.last_ms)} after start`],
    ["By", `thread ${site.thread}${site.several_threads ? " and others" : ""}`],
    ...tellHistory(site),
    ["Signature", site.signature],
  ];
  if (site.indirect_blocks)
    facts.splice(1, 0, ["Lost through it", `${groupedText(site.indirect_bytes)} bytes in ${countText(site.indirect_blocks, "block")}`]);
  const shown = site.stack.find((call) => call.own && call.source);
  return [
    make("dl", { className: "facts" }, ...facts.map(([name, text]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, text)))),
    site.stack.length
      ? make("ol", { className: "stack" }, ...site.stack.map((call) => tellCall(call, sources, call === shown)))
      : make("p", {}, "No stack was recorded."),
  ];
}
