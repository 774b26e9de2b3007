// The same content as text: a table of what is on screen, for reading, sorting, screen readers and CSV.

const FIRST_TABLE_ROWS = 500;
const table = { of: "things", scope: "screen", by: -1, down: false };

const COLUMNS = {
  things: [
    ["name", (t) => t.name], ["kind", (t) => named(kindOf(t))], ["aliases", (t) => t.aliases.join("；")],
    ["degree", (t) => t.links.filter((link) => passing.links.has(link)).length], ["pageCount", (t) => t.sheets.length],
    ...(SCORED ? [["confidence", (t) => t.confidence ?? ""]] : []), ["id", (t) => t.id],
  ],
  links: [
    ["subject", (l) => l.subject.name], ["relation", (l) => named(RELATIONS.get(l.predicate))], ["object", (l) => l.object.name],
    ["post", (l) => l.title], ["date", (l) => spanOfDates(l.dates)], ["status", (l) => say(l.status)],
    ...(SCORED ? [["confidence", (l) => l.confidence ?? ""]] : []),
    ["source", (l) => (l.sentences.length ? say("sourceEvidence") : say("inferredFrom", l.inferredFrom.join("、")))],
    ["sentence", (l) => l.sentences.map((at) => readable(SENTENCES[at].text)).join(" ‖ ")],
    ["where", (l) => l.sentences.map((at) => cite(SHEETS[SENTENCES[at].sheet], STORIES[SENTENCES[at].story])).join(" ‖ ")],
  ],
};

function tableItems() {
  const screen = table.scope === "screen";
  if (table.of === "things") return THINGS.filter((thing) => (screen ? drawn.things : passing.things).has(thing));
  return LINKS.filter((link) => passing.links.has(link)
    && (!screen || link.subject === link.object || drawn.bundles.has(bundleBetween(link.subject, link.object))));
}

function tableRows() {
  const columns = COLUMNS[table.of];
  const rows = tableItems().map((item) => ({ item, cells: columns.map(([, value]) => value(item)) }));
  if (table.by < 0) return rows;
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "zh-CN"));
  return rows.sort((a, b) => (table.down ? -1 : 1) * compare(a.cells[table.by], b.cells[table.by]));
}

function showTable() {
  const place = byId("table");
  byId("do-table").setAttribute("aria-pressed", String(state.table));
  place.hidden = !state.table;
  if (!state.table) return place.replaceChildren();
  const rows = tableRows();
  const choice = (field, value, key) => button(say(key), () => { Object.assign(table, { [field]: value, by: field === "of" ? -1 : table.by }); showTable(); },
    { "aria-pressed": String(table[field] === value) });
  return place.replaceChildren(
    button("×", () => change(() => { state.table = false; }), { class: "close", "aria-label": say("close") }),
    el("p", { class: "bar" },
      el("span", { class: "choice" }, choice("of", "things", "tableThings"), choice("of", "links", "tableLinks")),
      el("span", { class: "choice" }, choice("scope", "screen", "scopeScreen"), choice("scope", "all", "scopeAll")),
      button(say("csv"), () => save(new Blob([csv(rows)], { type: "text/csv" }), `${table.of}.csv`), { id: "do-csv" })),
    rows.length > FIRST_TABLE_ROWS && el("p", { class: "quiet" }, say("rowsCut", count(FIRST_TABLE_ROWS), count(rows.length))) || "",
    el("div", { class: "scroll" }, el("table", {}, el("caption", { class: "unseen" }, say(table.of === "things" ? "tableThings" : "tableLinks")),
      el("thead", {}, el("tr", {}, ...COLUMNS[table.of].map(([key], i) => headCell(key, i)))),
      el("tbody", {}, ...rows.slice(0, FIRST_TABLE_ROWS).map(bodyRow)))));
}

function headCell(key, i) {
  const sorted = table.by === i ? (table.down ? "descending" : "ascending") : "none";
  const sort = () => {
    table.down = table.by === i && !table.down;
    table.by = i;
    showTable();
  };
  return el("th", { scope: "col", "aria-sort": sorted, "data-column": key }, button(say(key), sort));
}

function bodyRow({ item, cells }) {
  const open = () => change(() => {
    state.table = false;
    if (table.of === "things") select(item);
    else selectBundle(bundleBetween(item.subject, item.object));
  }, "move");
  return el("tr", {}, ...cells.map((cell, i) => el("td", { "data-column": COLUMNS[table.of][i][0] },
    i === 0 ? button(String(cell), open, { class: "to" }) : String(cell))));
}

/** RFC 4180 with a byte-order mark for Excel; a cell that a spreadsheet would run as a formula is kept text by a '. */
function csv(rows) {
  const cell = (value) => {
    const text = /^[=+\-@\t\r]/.test(String(value)) && typeof value !== "number" ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const lines = [COLUMNS[table.of].map(([key]) => say(key)), ...rows.map(({ cells }) => cells)];
  return `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}
