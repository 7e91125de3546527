/* SPDX-License-Identifier: MIT
 *
 * Live and lost bytes over the scans of the process, each with a scale of its own: the one is often a million
 * times the other. A slider, by pointer or arrow keys, tells the numbers of one scan; a table tells all. */

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function drawChart(title, scans, value, kind) {
  const begin = scans[0].at_ms, time = scans.at(-1).at_ms - begin || 1;
  const most = Math.max(1, ...scans.map(value));
  const x = (scan) => (1000 * (scan.at_ms - begin)) / time;
  const points = scans.map((scan) => `${x(scan).toFixed(1)},${(60 - (58 * value(scan)) / most).toFixed(1)}`).join(" ");
  const drawing = svg("svg", { viewBox: "0 0 1000 60", preserveAspectRatio: "none", "aria-hidden": "true" });
  const now = svg("line", { class: "now", y1: 0, y2: 60 });
  drawing.append(svg("polygon", { class: "area", points: `0,60 ${points} 1000,60` }),
    svg("polyline", { class: "curve", points }), now);
  const figure = make("figure", { className: kind }, make("figcaption", {}, make("span", {}, title),
    make("span", {}, `most ${sizeText(most === 1 ? Math.max(...scans.map(value)) : most)}`)), drawing);
  return { figure, move: (scan) => ["x1", "x2"].forEach((end) => now.setAttribute(end, x(scan))) };
}

function tellScan(scan) {
  return `Scan ${scan.number} (${scan.cause}), ${timeText(scan.at_ms)} after start: ` +
    `${sizeText(scan.live)} live, ${sizeText(scan.lost)} lost${scan.leaked ? `, ${sizeText(scan.leaked)} of it certain` : ""}`;
}

function tabulateScans(scans) {
  const titles = ["Scan", "Cause", "After start", "Live", "Lost", "Certain", "Result"];
  const rows = scans.map((s) => [s.number, s.cause, timeText(s.at_ms), groupedText(s.live), groupedText(s.lost),
    groupedText(s.leaked), s.result]);
  return make("table", {},
    make("thead", {}, make("tr", {}, ...titles.map((t) => make("th", { scope: "col" }, t)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, String(cell)))))));
}

function makeTimeline(section, charts, moment, table, all) {
  const scans = all.filter((scan) => scan.live || scan.lost);
  if (scans.length < 2) return;
  section.hidden = false;
  const drawn = [drawChart("Live bytes", scans, (s) => s.live, "live"),
    drawChart("Lost bytes", scans, (s) => s.lost, "lost")];
  const ends = make("figcaption", {}, make("span", {}, timeText(scans[0].at_ms)),
    make("span", {}, `${timeText(scans.at(-1).at_ms)} after start`));
  const slider = make("div", { tabIndex: 0 }, ...drawn.map((chart) => chart.figure), make("figure", {}, ends));
  const choose = (number) => {
    const at = Math.min(scans.length - 1, Math.max(0, number));
    drawn.forEach((chart) => chart.move(scans[at]));
    moment.textContent = tellScan(scans[at]);
    slider.setAttribute("aria-valuenow", at + 1);
    slider.setAttribute("aria-valuetext", moment.textContent);
    return at;
  };
  slider.setAttribute("role", "slider");
  slider.setAttribute("aria-label", "Scan");
  slider.setAttribute("aria-valuemin", 1);
  slider.setAttribute("aria-valuemax", scans.length);
  let chosen = choose(scans.length - 1);
  slider.addEventListener("keydown", (event) => {
    const target = { ArrowLeft: chosen - 1, ArrowDown: chosen - 1, ArrowRight: chosen + 1, ArrowUp: chosen + 1,
      Home: 0, End: scans.length - 1 }[event.key];
    if (target === undefined) return;
    chosen = choose(target);
    event.preventDefault();
  });
  slider.addEventListener("pointermove", (event) => {
    const area = slider.getBoundingClientRect();
    const begin = scans[0].at_ms;
    const at = begin + ((scans.at(-1).at_ms - begin) * (event.clientX - area.left)) / (area.width || 1);
    const distance = (scan) => Math.abs(scan.at_ms - at);
    chosen = choose(scans.reduce((best, scan, i) => (distance(scan) < distance(scans[best]) ? i : best), 0));
  });
  charts.append(slider);
  const scroll = make("div", { className: "scroll", tabIndex: 0 }, tabulateScans(all));
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "All scans");
  table.replaceWith(scroll);
}
