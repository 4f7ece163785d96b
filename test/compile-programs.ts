/**
 * Compiles what the tests start as processes of their own: compiled code starts in half the time of source. Each run
 * compiles its own folder and removes it, so that no test sees the code of an earlier run.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of this run's package: `bin`, and the compiled code in `dist`. */
    readonly compiled: string;
  }
}

const root = fileURLToPath(new URL('../', import.meta.url));
const builds = join(root, '.test-build');

export default function setup(project: TestProject): () => void {
  removeAbandoned();
  const folder = join(builds, String(process.pid));
  compile(folder);
  project.provide('compiled', folder);
  project.onTestsRerun(async () => compile(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}

function compile(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dist = join(folder, 'dist');
  // `npm run types` checks types; a test need not wait for it.
  run('node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.programs.json', '--noCheck', '--outDir', dist);
  run('bin/copy-assets.js', dist);
  cpSync(join(root, 'bin/cxone-mlops.js'), join(folder, 'bin/cxone-mlops.js'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'models'), join(folder, 'models'));
}

function run(script: string, ...words: string[]): void {
  execFileSync(process.execPath, [join(root, script), ...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Folders of runs that were killed. */
function removeAbandoned(): void {
  if (!existsSync(builds)) return;
  for (const name of readdirSync(builds))
    if (!isRunning(Number(name))) rmSync(join(builds, name), { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
