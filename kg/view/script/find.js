// The search box: suggestions as one types, by keyboard throughout.

const MOST_HITS = 10;
const box = { hits: [], at: 0 };

function startFind() {
  const query = byId("query");
  query.addEventListener("input", suggest);
  query.addEventListener("focus", () => query.value && suggest());
  query.addEventListener("blur", () => setTimeout(closeHits, 150));
  query.addEventListener("keydown", findKey);
}

function findKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && box.hits.length) {
    box.at = (box.at + step + box.hits.length) % box.hits.length;
    markHit();
  } else if (event.key === "Enter" && box.hits[box.at]) pickHit(box.hits[box.at].thing);
  else if (event.key === "Escape") leaveFind();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function leaveFind() {
  byId("query").value = "";
  closeHits();
  byId("canvas").focus();
}

function pickHit(thing) {
  leaveFind();
  change(() => choose(thing), "move");
  announce(say("opened", thing.name));
}

function suggest() {
  const found = search(byId("query").value);
  box.hits = found.slice(0, MOST_HITS);
  box.at = 0;
  const rows = box.hits.map((hit, i) => el("li", {
    role: "option", id: `hit-${i}`, onpointerdown: (event) => { event.preventDefault(); pickHit(hit.thing); },
  }, icon(hit.thing.kind, !hit.thing.sheets.length), hitName(hit), el("span", { class: "quiet" }, hitHint(hit))));
  if (!rows.length && byId("query").value.trim()) rows.push(el("li", { class: "quiet", role: "presentation" }, say("noHit")));
  if (found.length > MOST_HITS) rows.push(el("li", { class: "quiet", role: "presentation" }, say("moreHits", count(found.length - MOST_HITS))));
  byId("hits").replaceChildren(...rows);
  byId("hits").hidden = !rows.length;
  byId("query").setAttribute("aria-expanded", String(rows.length > 0));
  markHit();
}

/** The name with what was typed in bold (the name's own characters, as the search folded them). */
function hitName({ text, characters, start, end }) {
  const own = Array.from(text);
  if (own.length !== characters.length) return el("span", { class: "who", lang: "zh-CN" }, text);
  return el("span", { class: "who", lang: "zh-CN" }, own.slice(0, start).join(""), el("b", {}, own.slice(start, end).join("")), own.slice(end).join(""));
}

function hitHint({ thing, text }) {
  if (thing.qualifier) return `@${thing.qualifier}`;
  const post = thing.links.find((link) => link.predicate === "holdsPostIn" && link.subject === thing);
  return text !== thing.name ? `→ ${thing.name}` : post ? `${post.object.name}${post.title}` : named(kindOf(thing));
}

function markHit() {
  byId("hits").querySelectorAll("[role=option]").forEach((row, i) => {
    row.setAttribute("aria-selected", String(i === box.at));
    if (i === box.at) row.scrollIntoView({ block: "nearest" });
  });
  if (box.hits.length) byId("query").setAttribute("aria-activedescendant", `hit-${box.at}`);
  else byId("query").removeAttribute("aria-activedescendant");
}

function closeHits() {
  byId("hits").hidden = true;
  byId("query").setAttribute("aria-expanded", "false");
  byId("query").removeAttribute("aria-activedescendant");
  box.hits = [];
}
