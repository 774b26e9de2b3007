// The drawing, by vis-network: which things are on it (level of detail), and where the eye is.

const ALL_AT_ONCE = 500; // graphs up to this size are drawn whole
const ALWAYS = 220; // of a larger one: so many of the most central things …
const IN_VIEW = 260; // … and so many of those within the part that is looked at
const MOST_LINES = 1400;

const drawn = { things: new Set(), bundles: new Set() };
const vis = window.vis;
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let network = null;
let firstScale = 1;
let firstSize = 1; // against the usual size of things
let moving = null; // things that physics moves now

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function startCanvas() {
  const { physics, interaction, edges: lines } = DATA.options;
  network = new vis.Network(byId("canvas"), { nodes, edges }, {
    physics, edges: lines, nodes: { shape: "custom", physics: false, chosen: false },
    layout: { randomSeed: 1, improvedLayout: false },
    interaction: { ...interaction, hover: true, keyboard: false, selectable: false, tooltipDelay: 1e9, zoomSpeed: 0.7 },
  });
  network.on("beforeDrawing", drawUnder);
  network.on("afterDrawing", drawOver);
  for (const event of ["zoom", "dragEnd", "animationFinished", "resize"]) network.on(event, lookedElsewhere);
  network.on("click", (event) => clicked(event));
  network.on("doubleClick", (event) => doubleClicked(event));
  network.on("hoverNode", ({ node }) => hover(THINGS[node], null));
  network.on("hoverEdge", ({ edge }) => hover(null, BUNDLES[edge]));
  network.on("blurNode", () => hover(null, null));
  network.on("blurEdge", () => hover(null, null));
  network.on("dragEnd", ({ nodes: held }) => dropped(held));
}

/** Where a thing stands now: pinned by the reader, moved by physics, or as laid out. */
const placeOf = (thing) => state.pinned.get(thing) || thing.moved || [thing.x, thing.y];

let waiting = 0;
function lookedElsewhere() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 90);
}

/** Things that are drawn whatever their rank: chosen, opened, pinned, on the path, and what they lead to. */
function asked() {
  const wanted = new Set([...state.pinned.keys(), ...state.path, ...foundPath.things]);
  const chosen = state.bundle ? [state.bundle.a, state.bundle.b] : state.selected ? [state.selected] : [];
  for (const thing of chosen) {
    wanted.add(thing);
    neighbours(thing).sort((a, b) => a.rank - b.rank).slice(0, 40).forEach((other) => wanted.add(other));
  }
  for (const thing of state.opened) {
    wanted.add(thing);
    neighbours(thing).forEach((other) => wanted.add(other));
  }
  return new Set([...wanted].filter((thing) => passing.things.has(thing)));
}

function wantedThings() {
  if (passing.things.size <= ALL_AT_ONCE * state.budget) return new Set(passing.things);
  const wanted = asked();
  const seen = viewBox();
  let always = ALWAYS * state.budget;
  let within = IN_VIEW * state.budget;
  for (const thing of THINGS) {
    if (always + within <= 0) break;
    if (!passing.things.has(thing)) continue;
    if (always > 0) always -= 1;
    else if (within > 0 && isInside(thing, seen)) within -= 1;
    else continue;
    wanted.add(thing);
  }
  return wanted;
}

function wantedBundles(things) {
  const first = asked();
  const found = [];
  for (const bundle of BUNDLES) {
    if (bundle.live.length && bundle.a !== bundle.b && things.has(bundle.a) && things.has(bundle.b)) found.push(bundle);
  }
  const limit = MOST_LINES * state.budget;
  if (found.length <= limit) return new Set(found);
  const order = (b) => (first.has(b.a) && first.has(b.b) ? 0 : 1e9) + Math.max(b.a.rank, b.b.rank);
  return new Set(found.sort((a, b) => order(a) - order(b)).slice(0, limit));
}

/** A part of the canvas (else all of it), given in pixels, as the drawing's own coordinates. */
function viewBox(part) {
  const { clientWidth: w, clientHeight: h } = byId("canvas");
  const from = network.DOMtoCanvas({ x: part?.left ?? 0, y: part?.top ?? 0 });
  const to = network.DOMtoCanvas({ x: part?.right ?? w, y: part?.bottom ?? h });
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
}

function isInside(thing, box) {
  const [x, y] = placeOf(thing);
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}

/** Bring the drawing in line with what is wanted now. */
function refresh() {
  const things = wantedThings();
  const bundles = wantedBundles(things);
  const gone = [...drawn.things].filter((thing) => !things.has(thing));
  const goneLines = [...drawn.bundles].filter((bundle) => !bundles.has(bundle));
  edges.remove(goneLines.map((bundle) => bundle.index));
  nodes.remove(gone.map((thing) => thing.rank));
  nodes.add([...things].filter((thing) => !drawn.things.has(thing)).map(asNode));
  edges.add([...bundles].filter((bundle) => !drawn.bundles.has(bundle)).map(asEdge));
  restyle(goneLines, bundles);
  drawn.things = things;
  drawn.bundles = bundles;
  labels.stale = true;
  sizeLines();
  showCut();
  network.redraw();
}

function asNode(thing) {
  const [x, y] = placeOf(thing);
  return { id: thing.rank, x, y, ctxRenderer: drawThing };
}

function asEdge(bundle) {
  bundle.dashes = dashesOf(bundle);
  return { id: bundle.index, from: bundle.a.rank, to: bundle.b.rank, dashes: bundle.dashes };
}

/** A line's dashes say what its links stand on; filters may change that while it stays drawn. */
function restyle(gone, bundles) {
  const changed = [...bundles].filter((bundle) => drawn.bundles.has(bundle) && bundle.dashes !== dashesOf(bundle));
  if (changed.length) edges.update(changed.map(asEdge));
}

const DASHED = [6, 4];
const DOTTED = [1, 4];

function dashesOf(bundle) {
  if (bundle.live.some((link) => link.sentences.length && link.status === "asserted")) return false;
  return bundle.live.every((link) => link.status === "negated") ? DOTTED : DASHED;
}

let sizedFor = 0;
/** Lines keep their width on the screen, whatever the zoom. */
function sizeLines() {
  const scale = network.getScale();
  if (Math.abs(scale - sizedFor) < scale * 0.05) return;
  sizedFor = scale;
  network.setOptions({ edges: { width: 1 / scale } });
}

/** Say what is not on the screen, and how to see it. */
function showCut() {
  const lines = [...drawn.bundles].reduce((sum, bundle) => sum + bundle.live.length, 0);
  const own = LINKS.filter((link) => link.subject === link.object).length;
  const whole = drawn.things.size === THINGS.length && lines + own >= LINKS.length;
  const sifted = THINGS.length - passing.things.size;
  byId("shown").textContent = (whole
    ? say("shownAll", count(THINGS.length), count(LINKS.length))
    : say("shownSome", count(drawn.things.size), count(THINGS.length), count(lines), count(LINKS.length)))
    + (sifted ? say("filteredOut", count(sifted)) : "");
  byId("do-more").hidden = drawn.things.size >= passing.things.size && lines >= passing.links.size - own;
  byId("empty").hidden = passing.things.size > 0;
  byId("empty").firstElementChild.textContent = say(THINGS.length ? "nothingLeft" : "empty");
  byId("empty").lastElementChild.hidden = THINGS.length > 0;
}

/** The part of the canvas that no panel covers, in pixels. */
function clearView() {
  const stage = byId("canvas").getBoundingClientRect();
  const free = { left: 0, top: 0, right: stage.width, bottom: stage.height };
  for (const panel of [byId("filters"), byId("panel")]) {
    const box = panel.getBoundingClientRect();
    if (panel.hidden || !box.width || box.right <= stage.left) continue;
    if (box.width > stage.width * 0.8) free.bottom = Math.min(free.bottom, box.top - stage.top);
    else if (box.left - stage.left < stage.width / 3) free.left = Math.max(free.left, box.right - stage.left);
    else free.right = Math.min(free.right, box.left - stage.left);
  }
  if (free.bottom < 120) free.bottom = stage.height;
  return { ...free, width: stage.width, height: stage.height };
}

/** Show these things as large as they fit beside the panels, no larger than `most`. */
function frame(things, animate, most = 1.6) {
  if (!things.length) return;
  const places = things.map(placeOf);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of places) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const free = clearView();
  const [width, height] = [free.right - free.left - Math.min(170, free.width * 0.16), free.bottom - free.top - 90];
  const scale = Math.min(most, Math.max(width, 80) / Math.max(right - left, 1), Math.max(height, 80) / Math.max(bottom - top, 1));
  const offset = { x: (free.left + free.right - free.width) / 2, y: (free.top + free.bottom - free.height) / 2 - 6 };
  network.moveTo({
    position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, offset,
    animation: animate && !calm() ? { duration: 350, easingFunction: "easeInOutQuad" } : false,
  });
  if (!animate || calm()) lookedElsewhere();
}

/** Where the eye is, for a link: the middle, and the zoom against the first view. */
function viewNow() {
  const { x, y } = network.getViewPosition();
  return `${Math.round(x)},${Math.round(y)},${(network.getScale() / firstScale).toFixed(3)}`;
}

function lookAt([x, y, zoom]) {
  if (![x, y, zoom].every(Number.isFinite) || zoom <= 0) return false;
  network.moveTo({ position: { x, y }, scale: zoom * firstScale, animation: false });
  lookedElsewhere();
  return true;
}

function frameAll(animate) {
  const related = [...passing.things].filter((thing) => thing.links.length);
  const large = passing.things.size > ALL_AT_ONCE;
  frame(large && related.length ? related : [...passing.things], animate);
}

/** Whether no panel covers the thing. */
function isClear(thing) {
  const [x, y] = placeOf(thing);
  const at = network.canvasToDOM({ x, y });
  const free = clearView();
  return at.x > free.left + 30 && at.x < free.right - 30 && at.y > free.top + 20 && at.y < free.bottom - 30;
}

function frameChosen() {
  const middle = chosenThings();
  const around = middle.length === 1 ? neighbours(middle[0]).sort((a, b) => a.rank - b.rank).slice(0, 12) : [];
  frame([...middle, ...around], true, Math.max(network.getScale(), firstScale * 1.5, 1.2));
}

/** Physics moves the chosen thing and its neighbours, nothing else, and stops by itself. */
function rearrange() {
  const things = moving ? [] : [state.selected, ...neighbours(state.selected)].filter((one) => drawn.things.has(one));
  if (moving) nodes.update([...moving].map((one) => ({ id: one.rank, physics: false })));
  moving = things.length ? new Set(things) : null;
  nodes.update(things.map((one) => ({ id: one.rank, physics: !state.pinned.has(one) })));
  network.setOptions({ physics: { enabled: Boolean(moving) } });
  if (moving) {
    network.startSimulation();
    setTimeout(() => moving && moving.has(things[0]) && rearrange(), 2500);
  }
  showPanel();
}

function keepMoved() {
  for (const thing of moving || []) {
    const { x, y } = network.getPosition(thing.rank);
    thing.moved = [x, y];
  }
}
