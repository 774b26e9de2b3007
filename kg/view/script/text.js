// What the page says, in both languages, and the one way in which text reaches it.

const WORDS = {
  find: ["查找", "Find"],
  findHint: ["查找：汉字、拼音或首字母", "Find: Han characters, pinyin or initials"],
  hits: ["查找结果", "Results"],
  noHit: ["没有找到", "Nothing found"],
  moreHits: ["还有 {0} 个，请再输入几个字", "{0} more: type on"],
  tools: ["工具", "Tools"],
  filters: ["筛选", "Filters"],
  table: ["表格", "Table"],
  undo: ["撤销", "Undo"],
  copyLink: ["链接", "Link"],
  picture: ["图片", "Image"],
  copyLinkHint: ["复制链接：重新打开时就是现在的样子", "Copy a link that reopens this very view"],
  pictureHint: ["把画面存为 PNG 图片", "Save what is on screen as PNG"],
  print: ["打印", "Print"],
  dark: ["深色", "Dark"],
  light: ["浅色", "Light"],
  otherLanguage: ["English", "中文"],
  help: ["帮助", "Help"],
  graph: ["图谱", "Graph"],
  graphKeys: ["图谱：方向键换一个，回车看详情；表格里有同样的内容", "Graph: arrow keys move, Enter opens; the table holds the same"],
  empty: ["图谱里还没有内容。", "This graph is empty."],
  emptyWhy: ["没有读到人物、机构、企业、地点或项目。请检查输入的版面，再运行 kg build。",
    "No person, agency, enterprise, place or program was found. Check the input pages and run kg build again."],
  nothingLeft: ["筛选之后什么也没有剩下。", "The filters leave nothing."],
  zoom: ["缩放", "Zoom"], zoomIn: ["放大", "Zoom in"], zoomOut: ["缩小", "Zoom out"], zoomFit: ["看全图", "Fit all"],
  shownAll: ["{0} 个事物 · {1} 条关系，全部在画面上。", "{0} things · {1} relations, all on screen."],
  shownSome: ["画面上 {0} / {1} 个事物 · {2} / {3} 条关系。其余：放大、查找或双击即可看到。",
    "On screen {0} of {1} things · {2} of {3} relations. The rest: zoom in, search or double-click."],
  filteredOut: ["（筛选略去 {0} 个）", "({0} filtered out)"],
  more: ["多显示一些", "Show more"],
  maskedNote: ["{0} 位普通居民的姓名已隐去。", "The names of {0} ordinary citizens are replaced."],
  details: ["详情", "Details"],
  close: ["关闭", "Close"],
  classes: ["类别", "Classes"], relations: ["关系", "Relations"], papers: ["报纸", "Newspapers"], dates: ["日期", "Dates"],
  dateFrom: ["从", "From"], dateTo: ["到", "To"],
  noDate: ["收窄后，没有日期的内容不显示。", "Narrowed: what has no date is not shown."],
  source: ["依据", "Ground"], sourceAll: ["全部", "All"], sourceEvidence: ["有原文", "Quoted"], sourceInferred: ["推断", "Inferred"],
  statuses: ["状态", "Status"], asserted: ["已成事实", "Stated"], planned: ["计划中", "Planned"], negated: ["否定", "Denied"],
  confidence: ["可信度", "Confidence"], atLeast: ["不低于", "At least"], confidenceIs: ["可信度 {0}", "confidence {0}"],
  confidenceHint: ["细心的读者会同意的概率，由程序估计", "The probability, as estimated, that a careful reader would agree"],
  reset: ["恢复全部", "Reset"],
  hiddenThings: ["已隐藏 {0} 个", "{0} hidden"], unhide: ["重新显示", "Show again"],
  unknownPaper: ["（报纸不明）", "(unknown newspaper)"],
  alsoCalled: ["又称", "Also called"], printedAs: ["原文误作", "Printed as"],
  inferredName: ["这个名称由上下文推出，版面上没有原样出现。", "This name was inferred: no page prints it as such."],
  gazetteerOnly: ["没有版面提到；来自地名表。", "No page mentions it; known from the gazetteer."],
  expand: ["展开", "Expand"], collapse: ["收起", "Collapse"], hide: ["隐藏", "Hide"], pin: ["固定", "Pin"], unpin: ["松开", "Unpin"],
  link: ["找联系", "How linked?"], physicsOn: ["重新排开", "Rearrange"], physicsOff: ["停", "Stop"],
  timeline: ["任职时间线", "Timeline of posts"], seenOn: ["见于 {0}", "seen {0}"],
  pages: ["出现的版面", "Pages"], pageNo: ["第 {0} 版", "page {0}"], notCertain: ["（日期据文件名）", "(date from the file name)"],
  showAll: ["全部 {0} 条", "All {0}"],
  noRelations: ["没有已知的关系。", "No known relation."],
  goTo: ["转到 {0}", "Go to {0}"],
  rule: ["规则", "Rule"], inferredFrom: ["推断，依据：{0}", "Inferred from: {0}"], inferred: ["推断", "inferred"],
  gazetteer: ["行政区划表", "the gazetteer"],
  noText: ["（本图只存位置，未存原文：字符 {0}–{1}）", "(This graph holds offsets only: characters {0}–{1})"],
  at: ["{0}，字符 {1}–{2}", "{0}, characters {1}–{2}"],
  cite: ["引用（GB/T 7714）", "Citation (GB/T 7714)"], copy: ["复制", "Copy"], copied: ["已复制", "Copied"],
  copyFailed: ["浏览器不允许复制，请手动选取", "The browser refused: select and copy by hand"],
  pathPick: ["再选一个：点图上任一处，或在上面查找，看它与“{0}”如何相连。", "Pick the other: click in the graph or search; how is it linked to “{0}”?"],
  pathTitle: ["如何相连", "How are they linked?"], pathNone: ["在当前筛选下，两者没有联系。", "Under these filters nothing links the two."],
  pathFound: ["最短 {0} 步，共 {1} 条路径", "{0} steps at least, {1} such paths"], pathCut: ["（只列前 {0} 条）", "(first {0} listed)"],
  pathHint: ["想避开某类事物（如地点），在筛选里关掉它。", "To avoid a class (places, say), switch it off in the filters."],
  tableThings: ["事物", "Things"], tableLinks: ["关系", "Relations"], scopeScreen: ["画面上的", "On screen"], scopeAll: ["筛选所得全部", "All that pass the filters"],
  csv: ["存为 CSV", "Save as CSV"], rowsCut: ["只列前 {0} 行，共 {1} 行；CSV 里是全部。", "First {0} of {1} rows; the CSV holds all."],
  name: ["名称", "Name"], kind: ["类别", "Class"], aliases: ["别名", "Aliases"], degree: ["关系数", "Relations"], pageCount: ["版面数", "Pages"], id: ["标识", "Id"],
  subject: ["主体", "Subject"], relation: ["关系", "Relation"], object: ["客体", "Object"], post: ["职务", "Post"], date: ["日期", "Date"],
  status: ["状态", "Status"], sentence: ["原文", "Sentence"], where: ["出处", "Source"],
  linesLegend: ["实线：有原文　虚线：推断或计划　点线：否定", "Solid: quoted · dashed: inferred or planned · dotted: denied"],
  helpTitle: ["怎么用", "How to use"],
  opened: ["已显示：{0}", "Showing: {0}"],
};

const HELP = [
  ["/", "查找", "Find"], ["↑ ↓ ← →", "在图上换一个", "Move in the graph"], ["Enter", "看详情", "Open the details"],
  ["E", "展开或收起（同双击）", "Expand or collapse (as double-click)"], ["H", "隐藏", "Hide"], ["P", "固定或松开", "Pin or unpin"],
  ["L", "找两者的联系", "How are two linked"], ["Z", "撤销", "Undo"], ["+ − 0", "放大、缩小、看全图", "Zoom in, out, fit"],
  ["T", "表格", "Table"], ["F", "筛选", "Filters"], ["D", "深色或浅色", "Dark or light"], ["Esc", "关闭、取消", "Close, cancel"],
];

let language = 0; // 0 Chinese, 1 English

function say(key, ...values) {
  return WORDS[key][language].replace(/\{(\d)\}/g, (_, i) => String(values[i]));
}

const named = (term) => (language ? term.en : term.zh);
const count = (number) => number.toLocaleString("en-US");
const byId = (id) => document.getElementById(id);

/** An element; children that are strings become text, never markup. Attributes starting with "on" are listeners. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}

const button = (text, action, attributes) => el("button", { type: "button", onclick: action, ...attributes }, text);

/** Put the words of the chosen language on everything that stands in the template. */
function wordTemplate() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = say(one.dataset.t);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  for (const one of document.querySelectorAll("[data-placeholder]")) one.placeholder = say(one.dataset.placeholder);
  for (const one of document.querySelectorAll("[data-hint]")) one.title = say(one.dataset.hint);
  for (const one of document.querySelectorAll("#zoom button")) one.title = say(one.dataset.label);
}

function announce(text) {
  byId("live").textContent = text;
}
