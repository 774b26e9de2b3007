// What the reader does → what changes. The page starts at the end of this file.

const chosenThings = () => (state.bundle ? [state.bundle.a, state.bundle.b] : state.path.length ? [...foundPath.things]
  : state.selected ? [state.selected] : []);
const chosenNow = () => [state.bundle?.index, state.selected?.rank, ...state.path.map((thing) => thing.rank)].join();
let framed = ""; // what was chosen when the view was last set

/** Show everything anew after a change; "move" brings the chosen things into view. */
function show(looks) {
  if (state.selected && state.hidden.has(state.selected)) state.selected = null;
  sift();
  findPaths();
  showPanel();
  showLegend();
  placePinned();
  light();
  if (chosenThings().length && (looks === "move" || (chosenNow() !== framed && !chosenThings().every(isClear)))) frameChosen();
  framed = chosenNow();
  refresh();
  showTable();
  byId("do-undo").disabled = !past.length;
}

function placePinned() {
  for (const thing of drawn.things) {
    const [x, y] = placeOf(thing);
    if (thing.placed !== `${x},${y}`) {
      if (thing.placed || state.pinned.has(thing)) nodes.update({ id: thing.rank, x, y });
      thing.placed = `${x},${y}`;
    }
  }
}

function select(thing) {
  state.selected = thing;
  state.bundle = null;
  state.path = [];
  state.hidden.delete(thing);
  state.off.delete(thing.kind);
}

function selectBundle(bundle) {
  state.selected = null;
  state.path = [];
  state.bundle = bundle;
}

/** A thing was picked: the second end of a path if one is being sought, else the new selection. */
function choose(thing) {
  if (state.path.length !== 1 || thing === state.path[0]) return select(thing);
  state.path = [state.path[0], thing];
  state.selected = null;
  return undefined;
}

function startPath(thing) {
  change(() => {
    state.path = [thing];
    state.bundle = null;
  });
  announce(say("pathPick", thing.name));
}

function toggleOpened(thing) {
  change(() => (state.opened.has(thing) ? state.opened.delete(thing) : state.opened.add(thing)));
}

function hide(thing) {
  change(() => {
    state.hidden.add(thing);
    closePanel();
  });
}

function togglePinned(thing) {
  change(() => (state.pinned.has(thing) ? state.pinned.delete(thing) : state.pinned.set(thing, placeOf(thing))));
}

let droppedAt = -Infinity; // a drag may end in what the engine takes for a click
function dropped(held) {
  droppedAt = performance.now();
  if (!held.length) return;
  const thing = THINGS[held[0]];
  const { x, y } = network.getPosition(held[0]);
  thing.placed = `${x},${y}`;
  change(() => state.pinned.set(thing, [x, y]));
}

/** The thing at a point of the canvas, by its shape or its label. */
function thingAt(point) {
  const rank = network.getNodeAt(point);
  return rank === undefined ? labelAt(point) : THINGS[rank];
}

function clicked({ pointer }) {
  if (performance.now() - droppedAt < 200) return undefined;
  byId("canvas").focus({ preventScroll: true });
  const thing = thingAt(pointer.DOM);
  if (thing) return change(() => choose(thing));
  if (state.path.length === 1) return undefined;
  const line = network.getEdgeAt(pointer.DOM);
  return change(() => (line === undefined ? closePanel() : selectBundle(BUNDLES[line])));
}

function doubleClicked({ pointer }) {
  const thing = thingAt(pointer.DOM);
  if (thing) toggleOpened(thing);
}

/** The arrow keys: the nearest drawn thing in that direction. */
function step(key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const [x, y] = state.selected ? placeOf(state.selected) : [Infinity, Infinity];
  let [best, least] = [state.selected ? null : [...drawn.things].sort((a, b) => a.rank - b.rank)[0], Infinity];
  for (const thing of state.selected ? drawn.things : []) {
    const [tx, ty] = placeOf(thing);
    const [along, across] = [(tx - x) * dx + (ty - y) * dy, Math.abs((tx - x) * dy) + Math.abs((ty - y) * dx)];
    if (along <= 0 || along + 2 * across >= least) continue;
    [best, least] = [thing, along + 2 * across];
  }
  if (!best) return;
  change(() => select(best), isInside(best, viewBox()) ? undefined : "move");
  announce(`${named(kindOf(best))} ${best.name}`);
}

function zoomBy(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: calm() ? false : { duration: 150, easingFunction: "easeOutQuad" } });
  if (calm()) lookedElsewhere();
}

const KEYS = {
  "/": () => byId("query").focus(), "?": showHelp, t: () => change(toggleTable), f: toggleFilters, z: undo,
  d: () => setTheme(!isDark()), "+": () => zoomBy(1.4), "=": () => zoomBy(1.4), "-": () => zoomBy(1 / 1.4), 0: () => frameAll(true),
  e: () => state.selected && toggleOpened(state.selected), h: () => state.selected && hide(state.selected),
  p: () => state.selected && togglePinned(state.selected), l: () => state.selected && startPath(state.selected),
};

function pressed(event) {
  if (event.isComposing || event.altKey || event.target.matches("input[type=text], textarea, select")) return;
  const onCanvas = event.target === byId("canvas") || event.target === document.body;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() !== "z") return;
  if (event.key === "Escape") leave();
  else if (event.key.startsWith("Arrow") && onCanvas) step(event.key);
  else if (event.key === "Enter" && onCanvas && !byId("panel").hidden) byId("panel").focus();
  else if (KEYS[event.key.toLowerCase()]) KEYS[event.key.toLowerCase()]();
  else return;
  event.preventDefault();
}

function leave() {
  if (byId("help").open) byId("help").close();
  else if (state.table) change(() => { state.table = false; });
  else change(closePanel);
  byId("canvas").focus({ preventScroll: true });
}

const toggleTable = () => { state.table = !state.table; };

function toggleFilters() {
  const panel = byId("filters");
  panel.hidden = !panel.hidden;
  byId("do-filters").setAttribute("aria-pressed", String(!panel.hidden));
}

function showHelp() {
  const dialog = byId("help");
  dialog.replaceChildren(el("h2", {}, say("helpTitle")), el("dl", {}, ...HELP.flatMap(([key, zh, en]) => (
    [el("dt", {}, el("kbd", {}, key)), el("dd", {}, language ? en : zh)]))), button(say("close"), () => dialog.close()));
  dialog.showModal();
}

function setLanguage(to) {
  language = to;
  wordTemplate();
  setTheme(isDark());
  byId("note").textContent = standingNote();
  if (network) show();
}

function startTools() {
  const tools = {
    "do-filters": toggleFilters, "do-table": () => change(toggleTable), "do-undo": undo, "do-png": picture,
    "do-link": () => copy(location.href.split("#")[0] + address(viewNow())), "do-print": () => window.print(),
    "do-theme": () => setTheme(!isDark()), "do-lang": () => setLanguage(1 - language), "do-help": showHelp,
    "do-more": () => change(() => { state.budget *= 2; }),
    "zoom-in": () => zoomBy(1.4), "zoom-out": () => zoomBy(1 / 1.4), "zoom-fit": () => frameAll(true),
  };
  for (const [id, action] of Object.entries(tools)) byId(id).addEventListener("click", action);
  document.addEventListener("keydown", pressed);
  window.addEventListener("hashchange", () => {
    if (location.hash === address()) return;
    past.push(address());
    const at = readAddress(location.hash);
    show("move");
    lookAt(at);
  });
}

function start() {
  const at = readAddress(location.hash);
  document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  if (matchMedia("(max-width: 760px)").matches) toggleFilters();
  byId("do-filters").setAttribute("aria-pressed", String(!byId("filters").hidden));
  setLanguage(0);
  startTools();
  startFind();
  turnUpright();
  startCanvas();
  sift();
  findPaths();
  showLegend();
  showPanel();
  firstView();
  show("move");
  lookAt(at);
  document.documentElement.dataset.ready = "1";
}

/** Lay the eye on the whole, and take that zoom and the room that each thing then has as the measure of all sizes. */
function firstView() {
  readInk();
  frameAll(false);
  firstScale = network.getScale();
  const free = clearView();
  const shown = Math.max(1, wantedThings().size);
  firstSize = Math.min(1.2, Math.sqrt(((free.right - free.left) * (free.bottom - free.top)) / shown) / 70);
}

/** The layout is wider than high; on an upright screen it is pulled upright. */
function turnUpright() {
  const { clientWidth: w, clientHeight: h } = byId("canvas");
  if (h <= w * 1.2) return;
  for (const thing of THINGS) [thing.x, thing.y] = [thing.x * 0.6, thing.y * 1.35];
}

window.fangzhi = { state, drawn, passing, labels, THINGS, LINKS, WORDS, search, placeOf, network: () => network, lit: () => lit };
start();
