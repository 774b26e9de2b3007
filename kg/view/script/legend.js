// The legend is the filter: every class and relation with its shape and count, newspapers, dates, grounds.

function showLegend() {
  const panel = byId("filters");
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const scrolled = panel.scrollTop;
  panel.replaceChildren(...[
    section("classes", DATA.classes.map((term) => [term, THINGS.filter((one) => one.kind === term.term)]).filter(([, all]) => all.length)
      .map(([term, all]) => toggle(term.term, [icon(term.term), named(term)], all.filter(isSureThing).length, state.off))),
    section("relations", DATA.relations.map((term) => [term, LINKS.filter((one) => one.predicate === term.term)]).filter(([, all]) => all.length)
      .map(([term, all]) => toggle(term.term, [named(term)], all.filter(isSureLink).length, state.off))),
    PAPERS.length > 1 && section("papers", PAPERS.map((paper) => toggle(paper, [paper || say("unknownPaper")],
      SHEETS.filter((sheet) => sheet.newspaper === paper).length, state.papersOff, "paper:"))),
    DATES.length > 1 && section("dates", [dateSlider("from"), dateSlider("to"), narrowed() && el("p", { class: "quiet" }, say("noDate"))]),
    STATUSES.length > 1 && section("statuses", STATUSES.map((status) => toggle(status, [say(status)],
      LINKS.filter((link) => link.status === status && isSureLink(link)).length, state.off))),
    SCORED && section("confidence", [confidenceSlider()]),
    section("source", [sourceChoice()]),
    el("p", { class: "quiet small" }, say("linesLegend")),
    state.hidden.size > 0 && el("p", {}, say("hiddenThings", state.hidden.size), " ", button(say("unhide"), () => change(() => state.hidden.clear()))),
    isSifted() && button(say("reset"), () => change(resetFilters), { "data-key": "reset", class: "reset" }),
  ].filter(Boolean));
  panel.scrollTop = scrolled;
  if (focused) [...panel.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused)?.focus();
}

const section = (key, rows) => (rows.length ? el("section", {}, el("h3", {}, say(key)), ...rows) : null);

function toggle(term, inside, number, off, prefix = "") {
  const word = CLASSES.get(term) || RELATIONS.get(term);
  return el("button", {
    type: "button", title: word && (language ? word.note_en : word.note_zh), class: "toggle", "aria-pressed": String(!off.has(term)), "data-key": prefix + term,
    onclick: () => change(() => (off.has(term) ? off.delete(term) : off.add(term))),
  }, el("span", { class: "term" }, ...inside), el("span", { class: "count" }, count(number)));
}

function dateSlider(side) {
  const chosen = state[side] ? DATES.indexOf(state[side]) : side === "from" ? 0 : DATES.length - 1;
  const shown = el("span", { class: "chosen" }, DATES[chosen]);
  return el("label", { class: "date" }, el("span", {}, say(side === "from" ? "dateFrom" : "dateTo")), shown, el("input", {
    type: "range", min: 0, max: DATES.length - 1, value: chosen, "data-key": `date:${side}`, "aria-valuetext": DATES[chosen],
    oninput: (event) => { shown.textContent = DATES[event.target.value]; },
    onchange: (event) => change(() => setDate(side, Number(event.target.value))),
  }));
}

function setDate(side, at) {
  const end = side === "from" ? 0 : DATES.length - 1;
  state[side] = at === end ? "" : DATES[at];
  if (state.from && state.to && state.from > state.to) state[side === "from" ? "to" : "from"] = state[side];
}

/** From the least confidence in the graph, where everything is shown, to the most. */
function confidenceSlider() {
  const [least, most] = CONFIDENCE;
  const inWords = (hundredths) => (hundredths > least ? (hundredths / 100).toFixed(2) : say("sourceAll"));
  const chosen = Math.max(least, Math.round(state.sure * 100));
  const shown = el("span", { class: "chosen" }, inWords(chosen));
  return el("label", { class: "date", title: say("confidenceHint") }, el("span", {}, say("atLeast")), shown, el("input", {
    type: "range", min: least, max: most, value: chosen, "data-key": "confidence", "aria-valuetext": inWords(chosen),
    oninput: (event) => { shown.textContent = inWords(+event.target.value); },
    onchange: (event) => change(() => { state.sure = +event.target.value > least ? event.target.value / 100 : 0; }),
  }));
}

function sourceChoice() {
  const choices = [["all", "sourceAll"], ["evidence", "sourceEvidence"], ["inferred", "sourceInferred"]];
  return el("div", { class: "choice", role: "group", "aria-label": say("source") }, ...choices.map(([value, key]) => (
    button(say(key), () => change(() => { state.source = value; }), { "aria-pressed": String(state.source === value), "data-key": `source:${value}` }))));
}

const isSifted = () => state.off.size + state.papersOff.size + state.hidden.size > 0 || narrowed() || state.source !== "all" || state.sure > 0;

function resetFilters() {
  const { off, papersOff, from, to, source, sure, hidden } = freshState();
  Object.assign(state, { off, papersOff, from, to, source, sure, hidden });
}
