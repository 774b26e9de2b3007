// Bundles editor.js and writes the licences of everything in the bundle beside it. Run by scripts/make_editor.sh.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const out = new URL("../../kg/serve/static/", import.meta.url).pathname;
const result = await build({
  entryPoints: ["editor.js"],
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  target: "es2020",
  format: "iife",
  metafile: true,
  outfile: join(out, "editor.js"),
});

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
  if (match) packages.add(match[1]);
}
const parts = [...packages].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : "(no licence file in the package)"}\n`;
});
writeFileSync(join(out, "editor.LICENSES.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
console.log(dirname(join(out, "editor.js")), packages.size, "packages");
