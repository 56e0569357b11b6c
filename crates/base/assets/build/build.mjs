// Rebuilds ../dist from the pinned packages of package.json, then ours from ../src.
//   npm ci && node build.mjs            (needs the npm registry; the Rust build never runs this)
//   node build.mjs --ours               (only gd.css, portal.css, gd.js, theme.js and the .br files)
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import crypto from 'node:crypto';
const here = import.meta.dirname, dist = path.join(here, '../dist'), src = path.join(here, '../src'), nm = path.join(here, 'node_modules');
const out = (name, text) => fs.writeFileSync(path.join(dist, name), text);
const ours = process.argv.includes('--ours');
fs.mkdirSync(dist, { recursive: true });
if (!ours) {
  out('tabler.min.css', fs.readFileSync(path.join(nm, '@tabler/core/dist/css/tabler.min.css'), 'utf8').replace(/\/\*# sourceMappingURL=.*?\*\//g, ''));
  out('htmx.min.js', fs.readFileSync(path.join(nm, 'htmx.org/dist/htmx.min.js'), 'utf8'));
  const { build } = await import('esbuild');
  await build({ entryPoints: [path.join(here, 'echarts.mjs')], bundle: true, minify: true, format: 'iife', globalName: 'echarts', target: ['chrome80', 'firefox78', 'safari13'], legalComments: 'none', define: { 'process.env.NODE_ENV': '"production"' }, banner: { js: '/*! Apache ECharts 5.6.0 (Apache-2.0) with zrender (BSD-3-Clause) and tslib (0BSD), custom build: see VENDOR.md */' }, outfile: path.join(dist, 'echarts.min.js'), nodePaths: [nm] });
  // Icons: one Rust table of inner SVG, outline style, without the invisible frame path.
  const names = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').trim().split(/\s+/).sort();
  const inner = n => fs.readFileSync(path.join(nm, '@tabler/icons/icons/outline', n + '.svg'), 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/<svg[\s\S]*?>/, '').replace('</svg>', '').replace(/<path stroke="none"[^>]*\/>/g, '').replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>').trim();
  const rows = names.map(n => `    ("${n}", r##"${inner(n)}"##),`).join('\n');
  fs.writeFileSync(path.join(here, '../../src/web/ui/icon_data.rs'), `//! Inner SVG of the outline icons in use, sorted by name. Written by \`assets/build/build.mjs\` from \`build/icons.txt\`.\n//!\n//! Tabler Icons 3.52.0, MIT licence (see \`assets/VENDOR.md\`). Drawn on a 24 × 24 grid with the current colour.\n\n/// \`(name, inner SVG)\`, sorted by name so that a look-up can bisect.\n#[rustfmt::skip]\npub(super) const ICONS: &[(&str, &str)] = &[\n${rows}\n];\n`);
}
for (const f of fs.readdirSync(src)) fs.copyFileSync(path.join(src, f), path.join(dist, f));
const sums = [];
for (const f of fs.readdirSync(dist).sort()) {
  if (!/\.(css|js|svg)$/.test(f)) continue;
  const raw = fs.readFileSync(path.join(dist, f));
  sums.push(crypto.createHash('sha256').update(raw).digest('hex') + '  ' + f);
  fs.writeFileSync(path.join(dist, f + '.br'), zlib.brotliCompressSync(raw, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }));
}
// What each file was when its .br was made; a test compares, so a stale copy cannot ship.
fs.writeFileSync(path.join(here, 'dist.sha256'), sums.join('\n') + '\n');
for (const f of fs.readdirSync(dist).sort()) console.log(f.padEnd(32), fs.statSync(path.join(dist, f)).size);
