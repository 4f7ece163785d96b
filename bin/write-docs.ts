// Writes the documents that are generated from the code: `npm run docs`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documents } from '../src/documentation/documents.ts';

for (const { path, render } of documents) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const next = render(now);
  if (next === now) continue;
  writeFileSync(file, next);
  process.stdout.write(`${path}\n`);
}
