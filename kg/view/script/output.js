// What leaves the page: pictures and files, made here and handed to the browser.

function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** The drawing as it stands, with its title, the legend and what is not shown. */
function picture() {
  const source = document.querySelector("#canvas canvas");
  const ratio = source.width / byId("canvas").clientWidth;
  const [head, foot] = [44 * ratio, 34 * ratio];
  const made = el("canvas", { width: source.width, height: source.height + head + foot });
  const ctx = made.getContext("2d");
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(source, 0, head);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = ink.ink;
  ctx.textBaseline = "middle";
  ctx.font = `600 17px ${ink.font}`;
  ctx.fillText(DATA.title, 16, 22);
  pictureLegend(ctx, source.height / ratio + 44 + 17);
  made.toBlob((blob) => save(blob, `${DATA.title.replace(/[\\/:*?"<>|\s]+/g, "_")}.png`), "image/png");
}

function pictureLegend(ctx, y) {
  let x = 18;
  ctx.font = `12px ${ink.font}`;
  for (const term of DATA.classes) {
    if (![...drawn.things].some((thing) => thing.kind === term.term)) continue;
    ctx.beginPath();
    SHAPES[term.shape](ctx, x, y, 5);
    ctx.fillStyle = term.colour;
    ctx.fill();
    ctx.fillStyle = ink.ink;
    ctx.fillText(named(term), x + 11, y);
    x += 30 + ctx.measureText(named(term)).width;
  }
  ctx.fillStyle = ink.quiet;
  ctx.fillText(byId("shown").textContent, x + 8, y);
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("do-theme").dataset.t = dark ? "light" : "dark";
  byId("do-theme").textContent = say(byId("do-theme").dataset.t);
  readInk();
  if (network) network.redraw();
}

const isDark = () => document.documentElement.dataset.theme === "dark";

// Printed: light colours, every sentence of the panel, and the drawing as it stands on the screen.
let darkBeforePrint = false;
window.addEventListener("beforeprint", () => {
  darkBeforePrint = isDark();
  if (darkBeforePrint) setTheme(false);
  for (const row of document.querySelectorAll("#panel details.relation")) row.fill();
  for (const row of document.querySelectorAll("#panel details")) row.open = true;
  byId("printed").src = document.querySelector("#canvas canvas").toDataURL();
});
window.addEventListener("afterprint", () => {
  byId("printed").removeAttribute("src");
  if (darkBeforePrint) setTheme(true);
});
