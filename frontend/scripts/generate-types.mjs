/** Writes src/types/api.gen.ts from the API of this working tree; with `--check` only tells whether it is current. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = fileURLToPath(new URL('../src/types/api.gen.ts', import.meta.url));
const python = process.env.PYTHON ?? `${root}.venv/bin/python`;

const document = execFileSync(python, ['frontend/scripts/openapi.py'], {
  cwd: root,
  env: { ...process.env, PYTHONPATH: root },
  maxBuffer: 64 * 1024 * 1024,
});
const types = astToString(await openapiTS(JSON.parse(document.toString()), { defaultNonNullable: false }));
const text = `// Generated from /openapi.json by \`npm run types\`. Don't edit.\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('src/types/api.gen.ts does not fit the API any more. Run `npm run types` in frontend/ and commit it.');
  process.exit(1);
}
