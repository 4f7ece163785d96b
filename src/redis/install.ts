import { spawnSync } from 'node:child_process';
import { findProgram } from './program.ts';

/**
 * Installs Debian's redis-server if it is missing and we may (Debian or Ubuntu, as root or with a sudo that asks
 * nothing). Where we may not, nothing happens: the caller then reports what to install.
 * @param say called with one line that names what is about to be installed
 */
export function installRedisServer(say: (line: string) => void): void {
  if (findProgram('redis-server') !== null || findProgram('valkey-server') !== null) return;
  if (findProgram('apt-get') === null) return;
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? [] : ['sudo', '-n'];
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return;

  say('redis-server was not found on this machine: installing the package redis-server (apt-get)');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]) => {
    const [program, ...rest] = [...sudo, 'apt-get', ...words];
    return spawnSync(program ?? '', rest, { stdio: 'ignore', env: environment }).status === 0;
  };
  const install = () => apt('install', '-y', '--no-install-recommends', 'redis-server');
  if (!install() && apt('update')) install();
}
