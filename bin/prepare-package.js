#!/usr/bin/env node
// Prepares what `npm pack` bundles: no package of it runs a script at the user's, and nothing in it is for a platform that
// the package does not support. It changes node_modules in place, which goes on working here.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
/** Platforms whose inference runtime is packed. */
const platforms = ['linux/x64', 'linux/arm64', 'darwin/arm64'];

removeScripts(modules);
keepPlatforms(join(modules, 'onnxruntime-node/bin'));
keepNodeBuild(join(modules, '@xenova/transformers/dist'));

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
