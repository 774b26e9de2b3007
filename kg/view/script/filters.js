// What passes the filters: `passing.things` and `passing.links`, kept up to date by `sift`.

const passing = { things: new Set(), links: new Set() };

const narrowed = () => Boolean(state.from || state.to);
const inRange = (date) => Boolean(date) && date >= (state.from || "") && (!state.to || date <= state.to);

/** What no page says (the gazetteer's divisions) has no confidence, and stays with what it belongs to. */
const isSure = (one) => one.confidence === null || one.confidence >= state.sure;
const isSureLink = (link) => isSure(link) && isSure(link.subject) && isSure(link.object);
const isSureThing = (thing) => isSure(thing) && (thing.sheets.length > 0 || !state.sure
  || thing.links.some((link) => isSureLink(link) && (link.subject.sheets.length || link.object.sheets.length)));
const isSeen = (thing) => isSure(thing) && (thing.sheets.some(sheetPasses) || state.source === "inferred");

function sheetPasses(position) {
  const sheet = SHEETS[position];
  return !state.papersOff.has(sheet.newspaper) && (!narrowed() || inRange(sheet.issued));
}

function linkPasses(link) {
  if (state.off.has(link.predicate) || state.off.has(link.status) || !isSure(link)) return false;
  const quoted = link.sentences.length > 0;
  if (state.source !== "all" && quoted !== (state.source === "evidence")) return false;
  if (!quoted) return !link.dates.length || !narrowed() || link.dates.some(inRange);
  if (!link.sentences.some((at) => !state.papersOff.has(SHEETS[SENTENCES[at].sheet].newspaper))) return false;
  return !narrowed() || link.dates.some(inRange);
}

/** A thing known only from the gazetteer has no page: it stays while something that has one leads to it. */
function thingPasses(thing, linked) {
  if (state.off.has(thing.kind) || state.hidden.has(thing) || !isSure(thing)) return false;
  if (state.source === "inferred") return linked.has(thing);
  if (thing.sheets.length) return thing.sheets.some(sheetPasses);
  if (state.source === "evidence") return linked.has(thing);
  return !(narrowed() || state.papersOff.size || state.sure) || linked.has(thing);
}

function sift() {
  const links = LINKS.filter(linkPasses);
  const linked = new Set();
  for (const { subject, object } of links) {
    if (isSeen(subject)) linked.add(object);
    if (isSeen(object)) linked.add(subject);
  }
  passing.things = new Set(THINGS.filter((thing) => thingPasses(thing, linked)));
  passing.links = new Set(links.filter((link) => passing.things.has(link.subject) && passing.things.has(link.object)));
  for (const bundle of BUNDLES) bundle.live = bundle.links.filter((link) => passing.links.has(link));
}

const neighbours = (thing) => thing.bundles.filter((bundle) => bundle.live.length).map((bundle) => otherEnd(bundle, thing));
