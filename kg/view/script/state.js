// What the reader has chosen. The whole of it can be written as the address's #part and read back: that is also undo.

const state = {};
const past = [];

function freshState() {
  return {
    off: new Set(), // classes, relations and statuses switched off
    papersOff: new Set(), from: "", to: "", source: "all", sure: 0,
    hidden: new Set(), pinned: new Map(), opened: new Set(),
    selected: null, bundle: null, path: [], budget: 1, table: false,
  };
}

const ids = (things) => [...things].map((thing) => encodeURIComponent(thing.id)).join(",");
const readIds = (text) => text.split(",").map((part) => BY_ID.get(decode(part))).filter(Boolean);

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The state as an address: #id of the selected thing, then ?what=else differs from a fresh page; `at` is the view. */
function address(at = "") {
  const parts = [];
  const put = (key, value) => value && parts.push(`${key}=${value}`);
  put("off", [...state.off].sort().join(","));
  put("papers", [...state.papersOff].sort().map(encodeURIComponent).join(","));
  put("from", state.from);
  put("to", state.to);
  put("source", state.source === "all" ? "" : state.source);
  put("sure", state.sure || "");
  put("hide", ids(state.hidden));
  put("open", ids(state.opened));
  put("pin", [...state.pinned].map(([t, [x, y]]) => `${encodeURIComponent(t.id)},${Math.round(x)},${Math.round(y)}`).join(";"));
  put("edge", state.bundle && ids([state.bundle.a, state.bundle.b]));
  put("path", ids(state.path));
  put("more", state.budget > 1 ? state.budget : "");
  put("table", state.table ? 1 : "");
  put("at", at);
  const id = state.selected ? encodeURIComponent(state.selected.id).replace(/%2F/g, "/") : "";
  return `#${id}${parts.length ? `?${parts.join("&")}` : ""}`;
}

/** Set the state from an address; what this graph does not know is passed over. */
function readAddress(text) {
  const [id, rest = ""] = text.replace(/^#/, "").split("?");
  const got = Object.fromEntries(rest.split("&").map((pair) => [pair.split("=")[0], pair.slice(pair.indexOf("=") + 1)]));
  Object.assign(state, freshState());
  state.selected = BY_ID.get(decode(id)) || null;
  const known = [...CLASSES.keys(), ...RELATIONS.keys(), ...STATUSES];
  state.off = new Set((got.off || "").split(",").filter((term) => known.includes(term)));
  state.papersOff = new Set((got.papers ?? null) === null ? [] : got.papers.split(",").map(decode).filter((p) => PAPERS.includes(p)));
  state.from = DATES.includes(got.from) ? got.from : "";
  state.to = DATES.includes(got.to) ? got.to : "";
  state.source = ["evidence", "inferred"].includes(got.source) ? got.source : "all";
  state.sure = SCORED && +got.sure > 0 && +got.sure <= 1 ? +got.sure : 0;
  state.hidden = new Set(readIds(got.hide || ""));
  state.opened = new Set(readIds(got.open || ""));
  for (const part of (got.pin || "").split(";")) {
    const [pinned, x, y] = part.split(",");
    const thing = BY_ID.get(decode(pinned));
    if (thing && Number.isFinite(+x) && Number.isFinite(+y)) state.pinned.set(thing, [+x, +y]);
  }
  const ends = readIds(got.edge || "");
  state.bundle = (ends.length === 2 && bundleBetween(...ends)) || null;
  state.path = readIds(got.path || "").slice(0, 2);
  state.budget = Math.min(64, Math.max(1, Number.parseInt(got.more, 10) || 1));
  state.table = got.table === "1";
  return (got.at || "").split(",").map(Number);
}

/** Change the state, remember how it was, and show the change. */
function change(edit, looks) {
  const before = address();
  edit(state);
  const now = address();
  if (now !== before) {
    past.push(before);
    if (past.length > 200) past.shift();
    showAddress(now);
  }
  show(looks);
}

function undo() {
  if (!past.length) return;
  readAddress(past.pop());
  showAddress(address());
  show();
}

function showAddress(text) {
  try {
    history.replaceState(null, "", text === "#" ? location.href.split("#")[0] : text);
  } catch {
    // Some browsers forbid this for files: the page works without it.
  }
}
