// How a thing, its label and the lit lines look. Sizes are in pixels of the screen, so that zooming opens up room.

const labels = { stale: true, scale: 0, shown: [] };
let lit = null; // what is hovered or chosen: {things, bundles, centre}
let hovered = null;
let ink = {};

function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["paper", "ink", "quiet", "line", "accent", "halo"]) ink[name] = style.getPropertyValue(`--${name}`).trim();
  ink.font = getComputedStyle(document.body).fontFamily;
  if (network) network.setOptions({ edges: { color: { color: ink.line, hover: ink.line, highlight: ink.line, inherit: false } } });
  labels.widths = new Map();
  labels.stale = true;
}

/** How large things are: by the room that each has at the first view, then a little larger with every step of zoom. */
const growth = () => Math.min(2.2, Math.max(0.5, firstSize * (network.getScale() / firstScale) ** 0.3));
const radiusOf = (thing) => (thing.links.length ? 4.2 + 9.5 * Math.sqrt(thing.score) : 3.4) * growth();

const SHAPES = {
  dot: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  square: (c, x, y, r) => c.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8),
  diamond: (c, x, y, r) => polygon(c, x, y, r * 1.25, 4, 0),
  triangle: (c, x, y, r) => polygon(c, x, y + r * 0.2, r * 1.25, 3, 0),
  hexagon: (c, x, y, r) => polygon(c, x, y, r * 1.12, 6, Math.PI / 6),
  star: (c, x, y, r) => polygon(c, x, y, r * 1.4, 10, 0, 0.5),
};

function polygon(c, x, y, r, corners, turn, waist = 1) {
  for (let i = 0; i < corners; i += 1) {
    const reach = i % 2 ? r * waist : r;
    const angle = turn + (2 * Math.PI * i) / corners;
    c.lineTo(x + reach * Math.sin(angle), y - reach * Math.cos(angle));
  }
  c.closePath();
}

const opacityOf = (thing) => (lit ? (lit.things.has(thing) ? 1 : 0.16) : thing.links.length ? 1 : 0.72);

/** vis-network's renderer for one thing; x and y are in canvas units. */
function drawThing({ ctx, id, x, y }) {
  const thing = THINGS[id];
  const scale = network.getScale();
  const r = radiusOf(thing) / scale;
  return { drawNode: () => paintThing(ctx, thing, x, y, r, 1 / scale), nodeDimensions: { width: 2.4 * r, height: 2.4 * r } };
}

function paintThing(ctx, thing, x, y, r, pixel) {
  const look = kindOf(thing);
  ctx.globalAlpha = opacityOf(thing);
  ctx.beginPath();
  SHAPES[look.shape](ctx, x, y, r);
  ctx.fillStyle = thing.sheets.length ? look.colour : ink.paper;
  ctx.fill();
  ctx.lineWidth = (thing.sheets.length ? 1.2 : 1.8) * pixel;
  ctx.strokeStyle = thing.sheets.length ? ink.halo : look.colour;
  ctx.stroke();
  if (thing === state.selected || state.path.includes(thing)) ring(ctx, x, y, r * 1.5 + 3 * pixel, 2.4 * pixel, ink.accent);
  if (state.pinned.has(thing)) ring(ctx, x, y, r * 0.35, 1.6 * pixel, ink.paper);
  ctx.globalAlpha = 1;
}

function ring(ctx, x, y, r, width, colour) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/** What to light up: the hovered thing or line, else the chosen one, else the found paths. */
function light() {
  const bundle = hovered?.bundle || (!hovered?.thing && state.bundle);
  const thing = hovered?.thing || (!bundle && !foundPath.things.size && state.selected);
  if (bundle) lit = { things: new Set([bundle.a, bundle.b]), bundles: [bundle] };
  else if (thing) lit = { centre: thing, things: new Set([thing, ...neighbours(thing)]), bundles: thing.bundles.filter((b) => b.live.length) };
  else if (foundPath.things.size) lit = { things: foundPath.things, bundles: [...foundPath.bundles] };
  else lit = null;
  labels.stale = true;
}

function hover(thing, bundle) {
  hovered = thing || bundle ? { thing, bundle } : null;
  byId("canvas").style.cursor = hovered ? "pointer" : "";
  light();
  network.redraw();
}

/** Before vis-network's lines: the lit lines in full, then everything else faint. */
function drawUnder(ctx) {
  if (moving) keepMoved();
  if (moving) labels.stale = true;
  const crowd = Math.max(0.3, Math.min(1, 350 / drawn.bundles.size));
  ctx.globalAlpha = 1;
  const pixel = 1 / network.getScale();
  for (const bundle of lit ? lit.bundles : []) {
    if (drawn.things.has(bundle.a) && drawn.things.has(bundle.b)) drawLit(ctx, bundle, pixel);
  }
  ctx.globalAlpha = lit ? 0.22 * crowd : crowd; // vis-network draws its lines with this
}

function drawLit(ctx, bundle, pixel) {
  const [from, to] = [placeOf(bundle.a), placeOf(bundle.b)];
  ctx.beginPath();
  ctx.setLineDash((dashesOf(bundle) || []).map((length) => length * pixel));
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.lineWidth = 1.8 * pixel;
  ctx.strokeStyle = ink.accent;
  ctx.stroke();
  ctx.setLineDash([]);
  const symmetric = bundle.live.every((link) => link.predicate === "cooperatesWith");
  if (!symmetric && bundle.live.some((link) => link.object === bundle.b)) arrow(ctx, from, to, radiusOf(bundle.b), pixel);
  if (!symmetric && bundle.live.some((link) => link.object === bundle.a)) arrow(ctx, to, from, radiusOf(bundle.a), pixel);
}

function arrow(ctx, [x0, y0], [x1, y1], radius, pixel) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const [tx, ty] = [x1 - Math.cos(angle) * (radius + 3) * pixel, y1 - Math.sin(angle) * (radius + 3) * pixel];
  ctx.beginPath();
  ctx.moveTo(tx, ty);
  for (const side of [2.7, -2.7]) ctx.lineTo(tx + Math.cos(angle + side) * 8 * pixel, ty + Math.sin(angle + side) * 8 * pixel);
  ctx.fillStyle = ink.accent;
  ctx.fill();
}

/** Above everything: labels, in pixels of the screen. */
function drawOver(ctx) {
  const scale = network.getScale();
  if (labels.stale || Math.abs(labels.scale - scale) > scale * 0.02) chooseLabels(ctx, scale);
  const centre = network.getViewPosition();
  const { clientWidth: w, clientHeight: h } = byId("canvas");
  const ratio = ctx.canvas.width / w;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.lineJoin = "round";
  for (const label of labels.shown) {
    const x = (label.at[0] - centre.x) * scale + w / 2 + label.dx;
    const y = (label.at[1] - centre.y) * scale + h / 2 + label.dy;
    if (x < -120 || y < -20 || x > w + 120 || y > h + 20) continue;
    drawLabel(ctx, label, x, y);
  }
  ctx.restore();
}

function drawLabel(ctx, label, x, y) {
  ctx.globalAlpha = label.thing && lit && !lit.things.has(label.thing) ? 0.25 : 1;
  ctx.font = label.font;
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = ink.paper;
  ctx.strokeText(label.text, x, y);
  ctx.fillStyle = label.thing ? ink.ink : ink.accent;
  ctx.fillText(label.text, x, y);
}
