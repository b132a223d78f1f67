// Compiles src/ into ../static: `npm ci && npm run build`, once per upgrade. The results are committed.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");

const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

/** Text on its ground must reach WCAG AA (4.5), edges of controls 3.0: the build fails otherwise. */
function checkColours() {
  const source = readFileSync(join(here, "src/_palette.scss"), "utf8");
  const colour = Object.fromEntries([...source.matchAll(/^\$([\w-]+): (#\w{6});/gm)].map((m) => [m[1], m[2]]));
  colour.white = "#ffffff";
  const pairs = [
    ["ink", "paper", 7], ["ink-soft", "paper", 4.5], ["ink-soft", "sand", 4.5], ["ink", "sand-deep", 4.5], ["ink", "amber", 4.5],
    ["ink-soft", "terracotta-tint", 4.5], ["white", "petrol", 4.5], ["white", "petrol-dark", 4.5], ["white", "terracotta", 4.5],
    ["petrol-link", "paper", 4.5], ["petrol-link", "sand", 4.5], ["petrol-link", "amber-tint", 4.5], ["petrol-link", "terracotta-tint", 4.5],
    ["plum", "paper", 4.5], ["brick", "paper", 4.5], ["leaf", "paper", 4.5], ["petrol-dark", "petrol-tint", 4.5], ["white", "brick", 4.5],
    ["petrol", "paper", 3], ["terracotta", "paper", 3], ["ink-soft", "white", 3],
  ];
  for (const [one, other, least] of pairs) {
    const seen = contrast(colour[one], colour[other]);
    if (!(seen >= least)) throw new Error(`${one} on ${other}: ${seen.toFixed(2)} < ${least}`);
  }
}

checkColours();
for (const folder of ["css", "js", "fonts"]) mkdirSync(join(out, folder), { recursive: true });

const css = sass.compile(join(here, "src/app.scss"), {
  style: "compressed",
  importers: [new sass.NodePackageImporter(here)],
  quietDeps: true,
});
const NOTICE = "/*! Contains parts of GOV.UK Frontend, MIT licence, Copyright (c) 2017 Crown Copyright (Government Digital Service) */\n";
writeFileSync(join(out, "css/app.css"), NOTICE + css.css.replace(/^\uFEFF/, "") + "\n");

await esbuild.build({
  entryPoints: [join(here, "src/app.js")],
  outfile: join(out, "js/app.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
  banner: { js: NOTICE.trim() },
});

const fonts = join(here, "node_modules/@fontsource/source-sans-3");
for (const weight of [400, 700]) {
  const name = `source-sans-3-latin-${weight}-normal.woff2`;
  copyFileSync(join(fonts, "files", name), join(out, "fonts", name));
}
copyFileSync(join(fonts, "LICENSE"), join(out, "fonts/OFL.txt"));

const htmx = join(here, "node_modules/htmx.org/dist/htmx.min.js");
copyFileSync(htmx, join(out, "js/htmx.min.js"));
console.log(`built into ${pathToFileURL(out)}`);
