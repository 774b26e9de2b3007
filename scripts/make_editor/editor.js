// The SPARQL editor of `kg serve`: a query with colours, a menu of ready questions, a table of answers.
// The page gives its data as JSON in #editor-data; nothing is fetched but the answers themselves.
import { basicSetup, EditorView } from "codemirror";
import { keymap } from "@codemirror/view";
import { Prec } from "@codemirror/state";
import { setDiagnostics } from "@codemirror/lint";
import { sparql } from "codemirror-lang-sparql";

const SHOWN = 1000; // rows in the table; the whole answer is there to download
const data = JSON.parse(document.getElementById("editor-data").textContent);
const byId = (id) => document.getElementById(id);

const view = new EditorView({
  doc: data.query,
  parent: byId("editor"),
  extensions: [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
    basicSetup,
    sparql(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "SPARQL" }),
  ],
});

const text = () => view.state.doc.toString();

function setText(value) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
}

function element(name, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

// --- ready questions ---------------------------------------------------------------------------------------------

function literal(value) {
  return '"' + value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r") + '"';
}

/** The question with each parameter ($name or $name_name) replaced by what the reader typed. */
function filled(question) {
  return question.parameters.reduce(
    (query, { name }) =>
      query.replace(new RegExp(`\\$${name}(?:_name)?\\b`, "g"), () => `${literal(byId(`p-${name}`).value.trim())}@zh`),
    question.text,
  );
}

function choose(name) {
  const question = data.questions.find((one) => one.name === name);
  const form = byId("parameters");
  form.replaceChildren();
  if (!question) return;
  for (const parameter of question.parameters) {
    const input = element("input", { id: `p-${parameter.name}`, value: "",  autocomplete: "off" });
    input.addEventListener("input", () => setText(filled(question)));
    form.append(element("label", {}, `${parameter.hint} `, input));
  }
  setText(filled(question));
  form.querySelector("input")?.focus();
}

for (const question of data.questions) {
  byId("questions").append(element("option", { value: question.name }, question.title));
}
if (data.chosen) {
  byId("questions").value = data.chosen;
  choose(data.chosen);
}
byId("questions").addEventListener("change", (event) => choose(event.target.value));

// --- asking ------------------------------------------------------------------------------------------------------

let running = null;

async function ask(accept, signal) {
  const response = await fetch(data.endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
    body: text(),
    signal,
  });
  if (!response.ok) throw Object.assign(new Error(await response.text()), { status: response.status });
  return response;
}

async function run() {
  running?.abort();
  running = new AbortController();
  const started = performance.now();
  busy(true);
  view.dispatch(setDiagnostics(view.state, []));
  history.replaceState(null, "", text().length < 4000 ? `?query=${encodeURIComponent(text())}` : "?");
  try {
    const response = await ask("application/sparql-results+json, text/turtle;q=0.9", running.signal);
    const graph = response.headers.get("content-type").startsWith("text/turtle");
    const limit = response.headers.get("x-rows-cut-at") ?? response.headers.get("x-rows-limit");
    if (graph) showGraph(await response.text());
    else showAnswer(await response.json(), limit, performance.now() - started);
    offer(graph ? ["ttl", "jsonld", "nt"] : ["csv", "tsv", "json", "xml"]);
  } catch (error) {
    if (error.name !== "AbortError") showError(error);
    else say(data.words.stopped);
  }
  busy(false);
}

function busy(yes) {
  byId("run").disabled = yes;
  byId("stop").disabled = !yes;
  if (yes) say(data.words.running);
}

function say(message, isError = false) {
  byId("status").textContent = message;
  byId("status").className = isError ? "error" : "";
}

function showError(error) {
  byId("answer").replaceChildren();
  byId("downloads").replaceChildren();
  say(error.message, true);
  const place = /^line (\d+), column (\d+)/.exec(error.message);
  if (!place || +place[1] > view.state.doc.lines) return;
  const line = view.state.doc.line(+place[1]);
  const from = Math.max(line.from, Math.min(line.to - 1, line.from + place[2] - 1));
  const mark = { from, to: Math.min(from + 1, view.state.doc.length), severity: "error", message: error.message };
  view.dispatch(setDiagnostics(view.state, [mark]));
}

function showGraph(turtle) {
  byId("answer").replaceChildren(element("pre", {}, turtle));
  say("");
}

function cell(term) {
  if (!term) return "";
  if (term.type !== "uri") return term.value ?? JSON.stringify(term);
  const local = term.value.startsWith(data.base) ? data.page + encodeURI(term.value.slice(data.base.length)).replace(/%25/g, "%") : null;
  const shown = local ? term.value.slice(data.base.length) : term.value;
  const safe = local ?? (/^https?:/.test(term.value) ? term.value : null);
  return safe ? element("a", { href: safe }, shown) : shown;
}

function showAnswer(answer, limit, milliseconds) {
  if ("boolean" in answer) {
    byId("answer").replaceChildren(element("p", { className: "boolean" }, String(answer.boolean)));
    return say(`${Math.round(milliseconds)} ms`);
  }
  const names = answer.head.vars;
  const rows = answer.results.bindings;
  const body = rows.slice(0, SHOWN).map((row) => element("tr", {}, ...names.map((name) => element("td", {}, cell(row[name])))));
  const head = element("tr", {}, ...names.map((name) => element("th", {}, name)));
  byId("answer").replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
  const notes = [`${rows.length} ${data.words.rows}`, `${Math.round(milliseconds)} ms`];
  if (rows.length > SHOWN) notes.push(`${data.words.shown} ${SHOWN}`);
  const cut = limit && rows.length >= limit;
  if (cut) notes.push(`${data.words.cut} ${limit}`);
  say(notes.join(" · "), cut);
}

function offer(formats) {
  byId("downloads").replaceChildren(
    ...formats.map((format) => {
      const button = element("button", { type: "button" }, format.toUpperCase());
      button.addEventListener("click", () => download(format));
      return button;
    }),
  );
}

async function download(format) {
  const form = new URLSearchParams({ query: text(), format });
  const response = await fetch(data.endpoint, { method: "POST", body: form });
  if (!response.ok) return showError(new Error(await response.text()));
  const link = element("a", { href: URL.createObjectURL(await response.blob()), download: `answer.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

byId("run").addEventListener("click", run);
byId("stop").addEventListener("click", () => running?.abort());

