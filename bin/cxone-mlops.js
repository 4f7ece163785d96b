#!/usr/bin/env node
// A clone holds TypeScript and runs it as it is; the package and the image hold compiled code only.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../producers/cli/main.ts', import.meta.url);
if (existsSync(fileURLToPath(source))) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import('../dist/producers/cli/main.js');
}
