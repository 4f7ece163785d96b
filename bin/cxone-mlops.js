#!/usr/bin/env node
// A clone holds TypeScript and runs it as it is; the package and the image hold compiled code only.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lowest = [20, 10];
const compiled = new URL('../dist/producers/cli/main.js', import.meta.url);
const source = new URL('../producers/cli/main.ts', import.meta.url);
const isThere = url => existsSync(fileURLToPath(url));

if (isTooOld()) refuse(`cxone-mlops needs Node ${lowest.join('.')} or newer; this is Node ${process.versions.node}.`);
if (isThere(source) && (await registerTsx())) await import(source.href);
else if (isThere(compiled)) await import(compiled.href);
else if (isThere(source))
  refuse('This clone has no tsx: run "npm ci --include=dev", or "npm run build" to compile it.');
else refuse('This package has no compiled code: run "npm run build".');

function isTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < lowest[0] || (major === lowest[0] && minor < lowest[1]);
}

async function registerTsx() {
  try {
    const { register } = await import('tsx/esm/api');
    register();
    return true;
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return false;
    throw error;
  }
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
