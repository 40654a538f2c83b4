// Sass, JavaScript and the icon sprite into one folder: node build.mjs OUT
import { mkdirSync, readFileSync, writeFileSync, copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../src/qualipolis/faces/static/dist");
mkdirSync(out, { recursive: true });

for (const name of ["main", "field"]) {
  const style = sass.compile(join(here, `src/scss/${name}.scss`), {
    style: "compressed",
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(out, `${name}.css`), style.css);
}

await esbuild.build({
  entryPoints: {
    main: join(here, "src/js/main.js"),
    field: join(here, "src/js/field/app.js"),
    "field-worker": join(here, "src/js/field/worker.js"),
    verify: join(here, "src/js/verify.js"),
    "verify-worker": join(here, "src/js/replay/worker.js"),
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
});

const names = readFileSync(join(here, "src/icons.txt"), "utf8").split(/\s+/).filter(Boolean);
const symbols = names.map((name) => {
  const file = join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
  const body = readFileSync(file, "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
});
writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
copyFileSync(join(here, "src/mark.svg"), join(out, "mark.svg"));

// parts of these are in main.css and icons.svg; their licences ask to be carried along
const licences = ["bootstrap", "@tabler/icons"].map(
  (name) => `${name}\n\n${readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8").trim()}\n`,
);
writeFileSync(join(out, "licences.txt"), licences.join("\n----\n\n"));

for (const name of ["main.css", "main.js", "field.css", "field.js", "verify.js", "verify-worker.js", "icons.svg"]) {
  const raw = readFileSync(join(out, name));
  console.log(`${name} ${raw.length} bytes, ${gzipSync(raw).length} gzipped`);
}
