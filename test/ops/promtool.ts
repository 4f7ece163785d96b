import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findProgram } from '../../src/redis/program.ts';

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/promtool');

/**
 * The path of promtool: this machine's, or that of Debian's package prometheus. The package is fetched and unpacked, not
 * installed: it would start a server.
 */
export function findPromtool(): string {
  const program = findProgram('promtool') ?? unpacked();
  if (program === null)
    throw new Error(
      'there is no promtool on this machine: put it on the PATH (Debian, Ubuntu: the package prometheus)',
    );
  return program;
}

function unpacked(): string | null {
  const program = join(cache, 'usr', 'bin', 'promtool');
  if (existsSync(program)) return program;
  if (findProgram('apt-get') === null || findProgram('dpkg-deb') === null) return null;

  process.stderr.write('no promtool on this machine: fetching the package prometheus for it (apt-get download)\n');
  const folder = `${cache}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const run = (...[name = '', ...words]: string[]) =>
      spawnSync(name, words, { cwd: folder, stdio: 'ignore' }).status === 0;
    const download = () => run('apt-get', 'download', 'prometheus');
    if (!download() && !(run('apt-get', 'update') && download())) return null;
    const file = readdirSync(folder).find(name => name.endsWith('.deb'));
    if (file === undefined || !run('dpkg-deb', '-x', file, 'unpacked')) return null;
    rmSync(cache, { recursive: true, force: true });
    renameSync(join(folder, 'unpacked'), cache);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return existsSync(program) ? program : null;
}
