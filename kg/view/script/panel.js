// The side panel: a thing with its posts, relations and pages; a line with its sentences; the paths between two.

const FIRST_ROWS = 30;

function showPanel() {
  const panel = byId("panel");
  const scrolled = panel.scrollTop;
  const content = state.path.length ? pathPanel() : state.bundle ? bundlePanel(state.bundle) : state.selected ? thingPanel(state.selected) : null;
  const before = panel.dataset.of;
  panel.dataset.of = content ? [state.selected?.id, state.bundle?.index, ...state.path.map((one) => one.id)].join() : "";
  panel.hidden = !content;
  panel.replaceChildren(...(content ? [closeButton(), ...content] : []));
  panel.scrollTop = before === panel.dataset.of ? scrolled : 0;
}

function closeButton() {
  return button("×", () => change(closePanel), { class: "close", "aria-label": say("close"), title: say("close") });
}

function closePanel() {
  state.selected = null;
  state.bundle = null;
  state.path = [];
}

/** The shape of a class in its colour: SVG, so that it prints and scales. */
function icon(kind, hollow = false) {
  const look = CLASSES.get(kind);
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const points = [];
  const recorder = {
    moveTo: (x, y) => points.push(`M${x} ${y}`), lineTo: (x, y) => points.push(`${points.length ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`),
    closePath: () => points.push("Z"), arc: (x, y, r) => points.push(`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`),
    rect: (x, y, w, h) => points.push(`M${x} ${y}h${w}v${h}h${-w}Z`),
  };
  SHAPES[look.shape](recorder, 8, 8, 5.2);
  shape.setAttribute("d", points.join(""));
  shape.setAttribute("fill", hollow ? "none" : look.colour);
  shape.setAttribute("stroke", look.colour);
  shape.setAttribute("stroke-width", hollow ? "1.8" : "0.5");
  for (const [name, value] of [["viewBox", "0 0 16 16"], ["class", "icon"], ["aria-hidden", "true"]]) made.setAttribute(name, value);
  made.append(shape);
  return made;
}

const goTo = (thing) => button(thing.name, () => change(() => select(thing), "move"), { class: "to", "aria-label": say("goTo", thing.name) });

function thingPanel(thing) {
  const posts = thing.links.filter((link) => link.predicate === "holdsPostIn" && link.subject === thing && passing.links.has(link));
  return [
    el("p", { class: "kind" }, icon(thing.kind, !thing.sheets.length), named(kindOf(thing))),
    el("h2", { lang: "zh-CN" }, thing.name, thing.qualifier && el("span", { class: "quiet" }, ` @${thing.qualifier}`)),
    thing.aliases.length > 0 && line("alsoCalled", thing.aliases),
    thing.misprints.length > 0 && line("printedAs", thing.misprints),
    hasConfidence(thing) && el("p", { class: "quiet", title: say("confidenceHint") }, say("confidenceIs", thing.confidence.toFixed(3))),
    thing.inferred && thing.sheets.length > 0 && el("p", { class: "quiet" }, say("inferredName")),
    !thing.sheets.length && el("p", { class: "quiet" }, say("gazetteerOnly")),
    thingActions(thing),
    isPerson(thing) && timeline(posts),
    ...relationGroups(thing),
    pageList(thing),
  ].filter(Boolean);
}

const hasConfidence = (one) => SCORED && one.confidence !== null;

const line = (key, names) => el("p", { class: "names" }, el("span", { class: "quiet" }, `${say(key)} `), el("span", { lang: "zh-CN" }, names.join("、")));

function thingActions(thing) {
  const pinned = state.pinned.has(thing);
  const opened = state.opened.has(thing);
  return el("p", { class: "actions" },
    button(say(opened ? "collapse" : "expand"), () => toggleOpened(thing), { "aria-pressed": String(opened) }),
    button(say("hide"), () => hide(thing)),
    button(say(pinned ? "unpin" : "pin"), () => togglePinned(thing), { "aria-pressed": String(pinned) }),
    button(say("link"), () => startPath(thing)),
    button(say(moving ? "physicsOff" : "physicsOn"), rearrange, { "aria-pressed": String(Boolean(moving)) }));
}

/** A person's posts over time: one row a post, a dot for each date on which a page says so. */
function timeline(posts) {
  const dated = posts.filter((link) => link.dates.length).sort((a, b) => (a.dates[0] < b.dates[0] ? -1 : a.dates[0] > b.dates[0] ? 1 : a.index - b.index));
  if (!dated.length) return null;
  const all = dated.flatMap((link) => link.dates.map(Date.parse)).filter(Number.isFinite);
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const place = (date) => (last > first ? 4 + (92 * (Date.parse(date) - first)) / (last - first) : 50);
  const rows = dated.map((link) => el("li", {},
    el("span", { lang: "zh-CN" }, `${link.object.name}${link.title}`, ...statusBadge(link)), " ",
    el("span", { class: "quiet" }, spanOfDates(link.dates)), track(link.dates.map(place))));
  return el("section", {}, el("h3", {}, say("timeline")), el("ol", { class: "timeline" }, ...rows));
}

const spanOfDates = (dates) => (dates.length > 1 ? `${dates[0]} – ${dates[dates.length - 1]}` : dates[0] || "");

function track(places) {
  const made = el("span", { class: "track", "aria-hidden": "true" });
  const bar = el("i", { class: "bar" });
  bar.style.left = `${places[0]}%`;
  bar.style.width = `${places[places.length - 1] - places[0]}%`;
  made.append(bar, ...places.map((at) => {
    const dot = el("i", { class: "dot" });
    dot.style.left = `${at}%`;
    return dot;
  }));
  return made;
}

/** Relations by kind and direction, the groups in the ontology's order. */
function relationGroups(thing) {
  const groups = [];
  for (const relation of DATA.relations) {
    const own = thing.links.filter((link) => link.predicate === relation.term && passing.links.has(link));
    const symmetric = relation.term === "cooperatesWith";
    const out = own.filter((link) => symmetric || link.subject === thing);
    const into = own.filter((link) => !symmetric && link.object === thing && link.subject !== thing);
    if (out.length) groups.push(relationGroup(thing, named(relation), out));
    if (into.length) groups.push(relationGroup(thing, language ? relation.inverse_en : relation.inverse_zh, into));
  }
  return groups.length ? groups : [el("p", { class: "quiet" }, say("noRelations"))];
}

function relationGroup(thing, heading, links) {
  const other = (link) => (link.subject === thing ? link.object : link.subject);
  links.sort((a, b) => other(a).rank - other(b).rank || a.index - b.index);
  const list = el("div", {}, ...links.slice(0, FIRST_ROWS).map((link) => relationRow(link, other(link))));
  const rest = links.length > FIRST_ROWS && button(say("showAll", count(links.length)), (event) => {
    list.append(...links.slice(FIRST_ROWS).map((link) => relationRow(link, other(link))));
    event.target.remove();
  }, { class: "rest" });
  return el("section", {}, el("h3", {}, heading, " ", el("span", { class: "quiet" }, count(links.length))), list, rest);
}

function statusBadge(link) {
  const words = [];
  if (link.status !== "asserted") words.push(say(link.status));
  if (!link.sentences.length) words.push(say("inferred"));
  return words.map((word) => el("em", { class: "badge" }, word));
}

/** One relation; its sentences unfold in place. */
function relationRow(link, other) {
  const inside = el("div", { class: "inside" });
  const row = el("details", { class: "relation" },
    el("summary", {}, icon(other.kind, !other.sheets.length), el("span", { class: "who", lang: "zh-CN" }, other.name),
      link.title && el("span", { class: "title", lang: "zh-CN" }, link.title),
      link.group && el("span", { class: "title", lang: "zh-CN" }, link.group), ...statusBadge(link)), inside);
  row.fill = () => inside.childElementCount || inside.append(...grounds(link), el("p", {}, "→ ", goTo(other)));
  row.addEventListener("toggle", row.fill);
  return row;
}

/** Why a relation stands in the graph. */
function grounds(link) {
  const from = link.inferredFrom.map((one) => (one === "gazetteer" ? say("gazetteer") : one));
  return [
    ...link.sentences.map((position) => quote(position, [link.subject, link.object])),
    from.length > 0 && el("p", { class: "inferred" }, say("inferredFrom", from.join("、"))),
    el("p", { class: "quiet" }, [hasConfidence(link) && say("confidenceIs", link.confidence.toFixed(3)), link.dates.length && say("seenOn", spanOfDates(link.dates)), link.rules.length && `${say("rule")}: ${link.rules.map((rule) => DATA.rules[rule][language]).join("; ")}`].filter(Boolean).join(" · ")),
  ].filter(Boolean);
}

function statement(link) {
  return el("p", { class: "statement", lang: "zh-CN" }, icon(link.subject.kind), goTo(link.subject),
    el("span", { class: "verb" }, ` ${named(RELATIONS.get(link.predicate))} `), icon(link.object.kind), goTo(link.object),
    link.title && el("strong", {}, ` ${link.title}`), ...statusBadge(link));
}

function bundlePanel(bundle) {
  return [el("p", { class: "kind" }, say("relation")),
    ...bundle.live.map((link) => el("section", { class: "card" }, statement(link), ...grounds(link)))];
}

function pageList(thing) {
  if (!thing.sheets.length) return null;
  const rows = thing.sheets.slice(0, FIRST_ROWS).map((at) => el("li", {}, sheetName(SHEETS[at]), " ", el("span", { class: "quiet" }, SHEETS[at].id)));
  return el("section", {}, el("h3", {}, say("pages"), " ", el("span", { class: "quiet" }, count(thing.sheets.length))),
    el("ul", { class: "pages" }, ...rows));
}

function pathPanel() {
  const [from, to] = state.path;
  const head = [el("p", { class: "kind" }, say("pathTitle")), el("h2", { lang: "zh-CN" }, to ? `${from.name} ↔ ${to.name}` : from.name)];
  if (!to) return [...head, el("p", { class: "ask" }, say("pathPick", from.name))];
  if (!foundPath.routes.length) return [...head, el("p", { class: "ask" }, say("pathNone")), el("p", { class: "quiet" }, say("pathHint"))];
  const cut = foundPath.total > foundPath.routes.length ? say("pathCut", foundPath.routes.length) : "";
  return [...head,
    el("p", {}, say("pathFound", foundPath.routes[0].length, count(foundPath.total)), cut),
    ...foundPath.routes.map((route) => el("section", { class: "card path" }, ...route.flatMap(({ bundle }) => (
      bundle.live.flatMap((link) => [statement(link), el("details", {}, el("summary", {}, say(link.sentences.length ? "sentence" : "source")), ...grounds(link))]))))),
    el("p", { class: "quiet" }, say("pathHint"))];
}
