// A sentence as it stands on the page, with the names marked, its place, and a citation in GB/T 7714.

/** The text as it is read: line breaks and blanks of the print between Han characters left out. */
const readable = (text) => text.replace(/([\u2e80-\uffef])\s+(?=[\u2e80-\uffef])/g, "$1").replace(/\s+/g, " ").trim();

/** `text` cut into [piece, thing or null] at the names of `things`, longest names first. */
function marked(text, things) {
  const names = [];
  for (const thing of things) {
    for (const name of [thing.name, ...thing.aliases, ...thing.misprints, ...thing.written]) names.push([readable(name), thing]);
  }
  names.sort((a, b) => b[0].length - a[0].length);
  const pieces = [];
  let plain = 0;
  for (let at = 0; at < text.length;) {
    const hit = names.find(([name]) => name && text.startsWith(name, at));
    if (!hit) {
      at += 1;
      continue;
    }
    if (at > plain) pieces.push([text.slice(plain, at), null]);
    pieces.push([hit[0], hit[1]]);
    at += hit[0].length;
    plain = at;
  }
  if (plain < text.length) pieces.push([text.slice(plain), null]);
  return pieces;
}

function quote(position, things) {
  const sentence = SENTENCES[position];
  const story = STORIES[sentence.story];
  const sheet = SHEETS[sentence.sheet];
  const body = sentence.text
    ? marked(readable(sentence.text), things).map(([piece, thing]) => (thing ? el("mark", { "data-kind": thing.kind }, piece) : piece))
    : [say("noText", sentence.start, sentence.end)];
  const citation = cite(sheet, story);
  return el("figure", { class: "quote" },
    el("blockquote", { lang: "zh-CN" }, ...body),
    el("figcaption", {},
      el("div", { class: "source" }, story?.headline ? `《${story.headline.replace(/\n/g, " ")}》 ` : "", sheetName(sheet)),
      el("div", { class: "quiet" }, say("at", sheet.id, sentence.start, sentence.end)),
      el("details", { class: "cite" }, el("summary", {}, say("cite")),
        el("p", { class: "citation", lang: "zh-CN" }, citation), button(say("copy"), () => copy(citation)))));
}

function sheetName(sheet) {
  const number = sheet.number ? say("pageNo", sheet.number) : "";
  const date = sheet.issued + (sheet.issued && !sheet.certain ? say("notCertain") : "");
  return [sheet.newspaper || say("unknownPaper"), date, number].filter(Boolean).join(" ");
}

/** GB/T 7714—2015, newspaper article: 作者. 题名[N]. 报纸名, 日期(版次). What is not known is left out. */
function cite(sheet, story) {
  const people = story?.journalists || [];
  const authors = people.length ? `${people.slice(0, 3).join(", ")}${people.length > 3 ? ", 等" : ""}. ` : "";
  const headline = (story?.headline || "").replace(/\s*\n\s*/g, " ").trim() || "［无题］";
  const number = sheet.number ? `(${/^\d$/.test(sheet.number) ? `0${sheet.number}` : sheet.number})` : "";
  const place = [sheet.newspaper, `${sheet.issued}${number}`].filter(Boolean).join(", ");
  return `${authors}${headline}[N]. ${place || sheet.id}.`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = el("textarea", { class: "unseen" });
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) return notice(say("copyFailed"));
  }
  return notice(say("copied"));
}

function notice(text) {
  byId("note").textContent = text;
  announce(text);
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => { byId("note").textContent = standingNote(); }, 4000);
}
const standingNote = () => (DATA.masked ? say("maskedNote", count(DATA.masked)) : "");
