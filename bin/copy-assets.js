#!/usr/bin/env node
// Copies what compiled code reads beside itself, and the compiler does not emit, to its place in dist, or in the folder
// of compiled code that the argument names.
import { cpSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const folders = ['src', 'jobs', 'producers'];
/** Sources: of the compiler, of the kernel's compiler, and the entries of threads that run from source. */
const notAssets = ['.ts', '.as', '.js', '.md'];
/** Scripts that a report's page holds. */
const isClientScript = file => file.endsWith('.client.js');

for (const folder of folders) {
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (notAssets.some(ending => file.endsWith(ending)) && !isClientScript(file)) continue;
    if (!statSync(join(root, file)).isFile()) continue;
    cpSync(join(root, file), join(target, file));
  }
}
