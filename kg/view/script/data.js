// The data block → things, links and bundles. A thing's position is its rank: 0 is the most central.

const DATA = JSON.parse(byId("data").textContent);
const CLASSES = new Map(DATA.classes.map((term) => [term.term, term]));
const RELATIONS = new Map(DATA.relations.map((term) => [term.term, term]));
const SHEETS = DATA.sheets.map(([id, newspaper, issued, certain, number]) => ({ id, newspaper, issued, certain, number }));
const STORIES = DATA.stories.map(([sheet, headline, journalists]) => ({ sheet, headline, journalists }));
const SENTENCES = DATA.sentences.map(([sheet, start, end, text, story]) => ({ sheet, start, end, text, story }));

const THINGS = DATA.things.map(([id, kind, name, x, y, score, sheets, inferred, aliases, misprints, written, confidence], rank) => (
  { rank, id, kind, name, x, y, score, sheets, inferred, aliases, misprints, written, confidence, links: [], bundles: [] }
));
for (const thing of THINGS) thing.qualifier = /^[a-z]+\/.+@(.+)$/.exec(thing.id)?.[1] || ""; // tells namesakes apart
const BY_ID = new Map(THINGS.map((thing) => [thing.id, thing]));

const LINKS = DATA.links.map(([s, predicate, o, title, dates, status, group, sentences, rules, inferredFrom, confidence], index) => (
  { index, subject: THINGS[s], predicate, object: THINGS[o], title, dates, status, group, sentences, rules, inferredFrom, confidence }
));

/** All links between the same two things are drawn as one line: a bundle. */
const BUNDLES = [];
const BUNDLE_BY_ENDS = new Map();

function bundleBetween(a, b) {
  return BUNDLE_BY_ENDS.get(Math.min(a.rank, b.rank) * THINGS.length + Math.max(a.rank, b.rank));
}

for (const link of LINKS) {
  const { subject: a, object: b } = link;
  let bundle = bundleBetween(a, b);
  if (!bundle) {
    bundle = { index: BUNDLES.length, a, b, links: [] };
    BUNDLE_BY_ENDS.set(Math.min(a.rank, b.rank) * THINGS.length + Math.max(a.rank, b.rank), bundle);
    BUNDLES.push(bundle);
    a.bundles.push(bundle);
    if (a !== b) b.bundles.push(bundle);
  }
  bundle.links.push(link);
  a.links.push(link);
  if (a !== b) b.links.push(link);
}

const DATES = [...new Set([...SHEETS.map((sheet) => sheet.issued), ...LINKS.flatMap((link) => link.dates)])]
  .filter(Boolean).sort();
const PAPERS = [...new Set(SHEETS.map((sheet) => sheet.newspaper))].sort();
const STATUSES = ["asserted", "planned", "negated"].filter((one) => LINKS.some((link) => link.status === one));

/** The least and the most confidence, in hundredths. A graph that nothing scored has the same everywhere, or none. */
const CONFIDENCE = [...THINGS, ...LINKS].filter((one) => one.confidence !== null).reduce(([least, most], one) => (
  [Math.min(least, Math.floor(one.confidence * 100)), Math.max(most, Math.floor(one.confidence * 100))]), [100, 0]);
const SCORED = CONFIDENCE[0] < CONFIDENCE[1];

const otherEnd = (bundle, thing) => (bundle.a === thing ? bundle.b : bundle.a);
const isPerson = (thing) => thing.kind === "Person" || thing.kind === "Official";
const kindOf = (thing) => CLASSES.get(thing.kind);
