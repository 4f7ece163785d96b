#!/usr/bin/env node
// Prepares what `npm pack` bundles: no bundled package runs a script on the user's machine, and what is not needed to run
// is left out: other platforms' binaries, source maps, tests and documents. It changes node_modules in place, which goes on
// working here.
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const modules = join(root, 'node_modules');
const unusedFolders = ['test', 'tests', '__tests__', 'benchmark', 'benchmarks', 'bench', 'example', 'examples', 'docs'];
/** Platforms whose inference runtime is packed. */
const platforms = ['linux/x64', 'linux/arm64', 'darwin/arm64'];

if (lstatSync(modules).isSymbolicLink()) {
  process.stderr.write(
    'node_modules is a link: packing would change the folder that it leads to. Run "npm ci" here.\n',
  );
  process.exit(1);
}

removeScripts(modules);
keepPlatforms(join(modules, 'onnxruntime-node/bin'));
keepNodeBuild(join(modules, '@xenova/transformers/dist'));
for (const folder of bundledPackages()) trim(folder, true);

/** A bundled package's `postinstall` would run at the user's. */
function removeScripts(folder) {
  for (const name of readdirSync(folder)) {
    const child = join(folder, name);
    if (name.startsWith('@') && existsSync(child)) removeScripts(child);
    const file = join(child, 'package.json');
    if (!existsSync(file)) continue;
    const { scripts, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    if (scripts !== undefined) {
      // Removed first: the file may be a hard link to that of another clone.
      rmSync(file);
      writeFileSync(file, `${JSON.stringify(rest, null, 2)}\n`);
    }
    if (existsSync(join(child, 'node_modules'))) removeScripts(join(child, 'node_modules'));
  }
}

/** The runtime's folder holds `napi-vN/<platform>/<arch>`; darwin's library is in it twice, and loaded by its short name. */
function keepPlatforms(folder) {
  for (const napi of readdirSync(folder))
    for (const platform of readdirSync(join(folder, napi)))
      for (const arch of readdirSync(join(folder, napi, platform))) {
        const path = join(folder, napi, platform, arch);
        if (!platforms.includes(`${platform}/${arch}`)) rmSync(path, { recursive: true });
        else
          for (const file of readdirSync(path))
            if (/^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file)) rmSync(join(path, file));
      }
}

function keepNodeBuild(folder) {
  for (const file of readdirSync(folder)) if (!file.startsWith('transformers.node.mjs')) rmSync(join(folder, file));
}

/** The folders of the packages that are not for development alone. */
function bundledPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && existsSync(join(root, path)))
    .map(([path]) => join(root, path));
}

/** Only at a package's top level: further down, folders of these names may hold code. */
function trim(folder, isTop) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === 'node_modules') continue;
      if (isTop && unusedFolders.includes(entry.name)) rmSync(path, { recursive: true });
      else trim(path, false);
    } else if (entry.name.endsWith('.map') || (entry.name.endsWith('.md') && !/^licen[cs]e|^notice/i.test(entry.name)))
      rmSync(path);
  }
}
