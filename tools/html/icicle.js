/* SPDX-License-Identifier: MIT
 *
 * The graph of stacks: a tree of functions, each box as wide as what was allocated below it. `makeIcicle` gives
 * an object with show(sites): draws these; onZoom is called with the numbers of the sites under the zoomed box. */
"use strict";

const ROW = 24; /* pixels; as in style.css */
const BOXES_MOST = 5000;
const WIDTH_LEAST = 3; /* pixels; narrower boxes are drawn together */
const ALL = { name: "all", short: "all", own: false };
const LABEL_LEAST = 28;

function makeNode({ name, short, own }, parent) {
  return { name, short, own, parent, children: new Map(), list: [], bytes: 0, blocks: 0, sites: [] };
}

function addSite(root, site, fromMain) {
  const calls = fromMain ? site.stack.toReversed() : site.stack;
  let node = root;
  const count = (n) => {
    n.bytes += site.bytes;
    n.blocks += site.blocks;
    n.sites.push(site.number);
  };
  count(root);
  for (const call of calls) {
    let child = node.children.get(call.name);
    if (!child) node.children.set(call.name, (child = makeNode(call, node)));
    count((node = child));
  }
}

function sortChildren(root, measure) {
  for (const queue = [root]; queue.length; ) {
    const node = queue.pop();
    node.list = [...node.children.values()].sort(
      (a, b) => b[measure] - a[measure] || (a.name < b.name ? -1 : 1));
    queue.push(...node.list);
  }
}

function pathOf(node) {
  const path = [];
  for (; node; node = node.parent) path.unshift(node);
  return path;
}

/* The node of another tree with the same names above it, or the nearest one that is there. */
function sameNode(root, node) {
  let found = root;
  for (const step of pathOf(node).slice(1)) {
    const next = found.children.get(step.name);
    if (!next) break;
    found = next;
  }
  return found;
}

/* What is drawn when `zoom` is as wide as everything: {node, row, left, width}, those of one row side by side;
 * without a node: boxes that are too narrow. */
function layOut(zoom, measure, pixels) {
  const boxes = pathOf(zoom).map((node, row) => ({ node, row, left: 0, width: 1 }));
  for (let i = boxes.length - 1; i < boxes.length && boxes.length < BOXES_MOST; i++) {
    const { node, row, left, width } = boxes[i];
    if (!node || !node[measure]) continue;
    let at = left;
    for (const [k, child] of node.list.entries()) {
      const share = (width * child[measure]) / node[measure];
      if (share * pixels < WIDTH_LEAST && !(k === 0 && node.list.length === 1)) {
        const rest = node.list.slice(k);
        const sum = rest.reduce((total, n) => total + n[measure], 0);
        boxes.push({ row: row + 1, left: at, width: (width * sum) / node[measure], count: rest.length });
        break;
      }
      boxes.push({ node: child, row: row + 1, left: at, width: share });
      at += share;
    }
  }
  return boxes;
}

function makeIcicle(place, here, controls, onZoom) {
  let sites = [], root = makeNode(ALL, null), zoom = root, current = root;
  let boxes = [], drawnWidth = 0, zoomRow = 0;
  const elements = new Map();
  const measure = () => controls.measure.value;

  function describe(node, name) {
    const all = root[measure()] || 1;
    const amount = `${sizeText(node.bytes)} in ${countText(node.blocks, "block")}`;
    const share = ((100 * node[measure()]) / all).toFixed(1);
    return `${name}${node.own ? " (own code)" : ""}: ${amount}, ${share} %, ${countText(node.sites.length, "site")}`;
  }

  function drawBox(box) {
    const element = make("div");
    element.style.left = `${100 * box.left}%`;
    element.style.width = `${100 * box.width}%`;
    element.style.top = `${ROW * box.row}px`;
    if (!box.node) {
      element.className = "rest";
      element.title = `${box.count} more, too narrow to be shown: zoom in`;
      element.setAttribute("aria-hidden", "true");
      return element;
    }
    const { node } = box;
    const above = node !== zoom && box.row < zoomRow;
    element.className = `${node.own ? "own" : ""}${above ? " above" : ""}`;
    if (box.width * drawnWidth >= LABEL_LEAST)
      element.textContent = node.short.slice(0, 200);
    else element.classList.add("bare");
    element.setAttribute("role", "treeitem");
    element.setAttribute("aria-level", box.row + 1);
    element.setAttribute("aria-label", describe(node, node.short));
    element.setAttribute("aria-selected", node === zoom);
    element.tabIndex = -1;
    elements.set(node, element);
    return element;
  }

  function setCurrent(node, focus) {
    const before = elements.get(current);
    if (before) before.tabIndex = -1;
    current = elements.has(node) ? node : zoom;
    const element = elements.get(current);
    element.tabIndex = 0;
    if (focus) element.focus();
    here.textContent = describe(current, current.name);
  }

  function draw() {
    const focus = place.contains(document.activeElement);
    elements.clear();
    drawnWidth = place.clientWidth || 320;
    zoomRow = pathOf(zoom).length - 1;
    boxes = layOut(zoom, measure(), drawnWidth);
    place.replaceChildren(...boxes.map(drawBox));
    place.style.height = `${ROW * (1 + Math.max(...boxes.map((b) => b.row))) + 2}px`;
    controls.out.disabled = zoom === root;
    setCurrent(current, focus);
  }

  function rebuild() {
    const old = zoom;
    root = makeNode(ALL, null);
    for (const site of sites) addSite(root, site, controls.order.value === "main");
    sortChildren(root, measure());
    zoom = sameNode(root, old);
    current = sameNode(root, current);
    draw();
  }

  function zoomTo(node) {
    zoom = current = node || root;
    draw();
    onZoom(zoom === root ? null : new Set(zoom.sites));
  }

  /* Boxes are in order within a row. */
  function neighbour(step) {
    const row = boxes.filter((b) => b.node && b.row === pathOf(current).length - 1);
    const at = row.findIndex((b) => b.node === current) + step;
    return row[at]?.node;
  }

  function keyTarget(key) {
    switch (key) {
      case "ArrowDown": return current.list.find((n) => elements.has(n));
      case "ArrowUp": return current.parent;
      case "ArrowLeft": return neighbour(-1);
      case "ArrowRight": return neighbour(1);
      case "Home": return root;
      default: return null;
    }
  }

  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") zoomTo(current);
    else if (event.key === "Escape") {
      if (zoom !== root) zoomTo(zoom.parent);
    } else if (!/^(Arrow(Up|Down|Left|Right)|Home)$/.test(event.key)) return;
    else setCurrent(keyTarget(event.key) ?? current, true);
    event.preventDefault();
    event.stopPropagation();
  });
  const nodeOf = (target) => boxes.find((b) => b.node && elements.get(b.node) === target)?.node;
  place.addEventListener("click", (event) => {
    const node = nodeOf(event.target);
    if (node) zoomTo(node);
  });
  place.addEventListener("pointerover", (event) => {
    const node = nodeOf(event.target);
    if (node) here.textContent = describe(node, node.name);
  });
  place.addEventListener("pointerleave", () => (here.textContent = describe(current, current.name)));
  place.addEventListener("focusin", (event) => {
    const node = nodeOf(event.target);
    if (node && node !== current) setCurrent(node, false);
  });
  controls.out.addEventListener("click", () => zoomTo(zoom.parent));
  controls.measure.addEventListener("change", rebuild);
  controls.order.addEventListener("change", () => {
    zoom = current = root;
    rebuild();
    onZoom(null);
  });
  new ResizeObserver(() => {
    if (place.clientWidth !== drawnWidth) draw();
  }).observe(place);

  return {
    show(wanted) {
      sites = wanted;
      rebuild();
      return zoom === root ? null : new Set(zoom.sites);
    },
    reset() {
      zoomTo(root);
    },
  };
}
