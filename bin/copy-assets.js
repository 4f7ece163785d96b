#!/usr/bin/env node
// Copies what compiled code reads beside itself, and the compiler does not emit, to its place in dist, or in the folder
// of compiled code that the argument names.
import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const { bundle, bundleName } = await import(pathToFileURL(join(target, 'src/reports/client-script.js')).href);
const folders = ['src', 'jobs', 'producers'];
/** Sources: of the compiler, of the kernel's compiler, and the entries of threads that run from source. */
const notAssets = ['.ts', '.as', '.js', '.md'];
/** The scripts that a report's page holds. */
const isReportScript = file => file.endsWith('-report.client.js');

for (const folder of folders) {
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    const source = join(root, file);
    if (isReportScript(file)) writeFileSync(join(target, bundleName(file)), bundle(pathToFileURL(source)));
    if (notAssets.some(ending => file.endsWith(ending)) || !statSync(source).isFile()) continue;
    cpSync(source, join(target, file));
  }
}
