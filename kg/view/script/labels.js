// Which labels are drawn: the chosen and the most central first, each only where it covers no other.

const LABEL_HEIGHT = 17;
const CELL = 64;

function chooseLabels(ctx, scale) {
  labels.stale = false;
  labels.scale = scale;
  labels.shown = [];
  labels.view = viewBox(clearView());
  const taken = new Map();
  for (const thing of drawn.things) if (!lit || lit.things.has(thing)) keep(taken, { ...discOf(thing, scale), rank: thing.rank });
  for (const thing of labelOrder()) {
    const label = roomFor(ctx, taken, thing, scale);
    if (label) labels.shown.push(label);
  }
  if (lit && lit.bundles.length <= 16) for (const bundle of lit.bundles) labelLine(ctx, taken, bundle, scale);
}

function labelOrder() {
  const rest = [...drawn.things].sort((a, b) => a.rank - b.rank);
  if (!lit) return rest;
  const first = rest.filter((thing) => lit.things.has(thing));
  return [...new Set([...(lit.centre ? [lit.centre] : []), ...first, ...rest])].filter((thing) => drawn.things.has(thing));
}

const shorten = (text, most) => (Array.from(text).length > most ? `${Array.from(text).slice(0, most - 1).join("")}…` : text);

function measure(ctx, text, font) {
  const key = font + text;
  if (!labels.widths.has(key)) {
    ctx.font = font;
    labels.widths.set(key, ctx.measureText(text).width);
  }
  return labels.widths.get(key);
}

/**
 * A label below, above, right or left of its thing; null where all would cover something or be cut by the edge.
 * An important thing's label may cover the shapes of less central things, never another label.
 */
function roomFor(ctx, taken, thing, scale) {
  const important = lit?.things.has(thing) || thing.score > 0.2;
  const font = `${important ? 13 : 12}px ${ink.font}`;
  const text = shorten(thing.name, lit?.things.has(thing) ? 24 : 12);
  const ringed = thing === state.selected || state.path.includes(thing);
  const [r, half] = [radiusOf(thing) * (ringed ? 1.5 : 1) + (ringed ? 3 : 0), measure(ctx, text, font) / 2];
  const at = placeOf(thing);
  const places = [[0, r + 12], [0, -r - 12], [r + half + 6, 0], [-r - half - 6, 0]].map(([dx, dy]) => {
    const [x, y] = [at[0] * scale + dx, at[1] * scale + dy];
    return { dx, dy, left: x - half - 2, right: x + half + 2, top: y - LABEL_HEIGHT / 2, bottom: y + LABEL_HEIGHT / 2 };
  });
  const within = (box) => box.left >= labels.view.left * scale && box.right <= labels.view.right * scale;
  const whole = isInside(thing, labels.view) && thing !== lit?.centre ? places.filter(within) : places;
  const free = whole.find((box) => take(taken, box)) || (important && whole.find((box) => take(taken, box, thing.rank)));
  return free ? { thing, text, font, at, dx: free.dx, dy: free.dy, half } : null;
}

function labelLine(ctx, taken, bundle, scale) {
  if (!drawn.bundles.has(bundle)) return;
  const font = `11px ${ink.font}`;
  const text = shorten([...new Set(bundle.live.map((link) => link.title || named(RELATIONS.get(link.predicate))))].join(" · "), 16);
  const half = measure(ctx, text, font) / 2;
  const [a, b] = [placeOf(bundle.a), placeOf(bundle.b)];
  for (const part of [0.5, 0.62, 0.38, 0.74, 0.26]) {
    const at = [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    const [x, y] = [at[0] * scale, at[1] * scale];
    const box = { left: x - half, right: x + half, top: y - 8, bottom: y + 8 };
    if (!take(taken, box)) continue;
    labels.shown.push({ bundle, text, font, at, dx: 0, dy: 0, half });
    return;
  }
}

function discOf(thing, scale) {
  const [x, y] = placeOf(thing).map((value) => value * scale);
  const r = radiusOf(thing) * 0.9;
  return { left: x - r, right: x + r, top: y - r, bottom: y + r };
}

function cellsOf(box) {
  const cells = [];
  for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x += 1) {
    for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y += 1) cells.push(`${x},${y}`);
  }
  return cells;
}

function keep(taken, box) {
  for (const cell of cellsOf(box)) {
    if (taken.has(cell)) taken.get(cell).push(box);
    else taken.set(cell, [box]);
  }
}

/** Keep the box if nothing kept before overlaps it; shapes of a rank beyond `over` may be covered. */
function take(taken, box, over = Infinity) {
  const apart = (other) => other.rank > over || box.left >= other.right || other.left >= box.right || box.top >= other.bottom || other.top >= box.bottom;
  if (!cellsOf(box).every((cell) => (taken.get(cell) || []).every(apart))) return false;
  keep(taken, box);
  return true;
}

/** The thing whose label stands at this point of the screen, for clicks and touches. */
function labelAt({ x, y }) {
  const scale = network.getScale();
  const centre = network.getViewPosition();
  const { clientWidth: w, clientHeight: h } = byId("canvas");
  return labels.shown.find((label) => label.thing
    && Math.abs((label.at[0] - centre.x) * scale + w / 2 + label.dx - x) <= label.half
    && Math.abs((label.at[1] - centre.y) * scale + h / 2 + label.dy - y) <= LABEL_HEIGHT / 2)?.thing || null;
}
