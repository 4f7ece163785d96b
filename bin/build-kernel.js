#!/usr/bin/env node
// Compiles the dedup kernel. `--check` compiles it in memory and exits 1 when the committed file differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('../src/domain/dedup/kernel/', import.meta.url);
const source = readFileSync(new URL('kernel.as', folder), 'utf8');
const target = new URL('kernel.wasm', folder);

// The compiler takes only files that end in .ts, which the project's own compiler would take for its own; so it is
// handed the source under such a name.
const entry = 'kernel.ts';
const flags = [
  '-Ospeed',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--importMemory',
  '--initialMemory',
  '1',
];
let built;
const { error, stderr } = await asc.main([entry, ...flags, '--outFile', 'kernel.wasm'], {
  readFile: name => (name === entry ? source : null),
  writeFile: (_name, contents) => {
    built = Buffer.from(contents);
  },
  listFiles: () => [],
});
if (error || built === undefined) {
  process.stderr.write(`${stderr.toString()}${error?.message ?? 'no output'}\n`);
  process.exit(1);
}

if (!process.argv.includes('--check')) {
  writeFileSync(target, built);
} else if (!readFileSync(target).equals(built)) {
  process.stderr.write(`${fileURLToPath(target)} is not what kernel.as compiles to: run node bin/build-kernel.js\n`);
  process.exit(1);
}
