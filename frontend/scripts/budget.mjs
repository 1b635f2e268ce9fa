/** Fails when the JavaScript of a first load is over the budget; prints what each page costs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 200;
const CSS_BUDGET_KB = 20;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

/** A chunk and all that it imports statically. */
function closure(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, found);
  return found;
}

const sizeOf = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length / 1000;
const size = (keys) => [...keys].reduce((sum, key) => sum + sizeOf(manifest[key].file), 0);

const entry = closure('index.html');
const shell = 'src/app/shell.tsx';
const pages = Object.keys(manifest).filter((key) => key.endsWith('-page.tsx')).sort();
const chart = 'src/features/dashboard/components/activity-panel.tsx';

let failed = false;
for (const page of pages) {
  const needed = new Set([...entry, ...closure(page)]);
  if (!page.includes('/session/')) for (const key of closure(shell)) needed.add(key);
  // The dashboard fetches its chart at once, so it counts.
  if (page.includes('/dashboard/')) for (const key of closure(chart)) needed.add(key);
  const kb = size(needed);
  failed ||= kb > BUDGET_KB;
  console.log(`${kb.toFixed(1).padStart(7)} kB  ${page.split('/').at(-1).replace('.tsx', '')}${kb > BUDGET_KB ? '  over the budget' : ''}`);
}
const css = (manifest['index.html'].css ?? []).reduce((sum, file) => sum + sizeOf(file), 0);
console.log(`${css.toFixed(1).padStart(7)} kB  CSS`);
if (failed || css > CSS_BUDGET_KB) {
  console.error(`Over the budget of ${BUDGET_KB} kB JavaScript and ${CSS_BUDGET_KB} kB CSS, gzipped, for a first load.`);
  process.exit(1);
}
