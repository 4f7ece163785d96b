import { spawnSync } from 'node:child_process';
import { findProgram } from '../../src/redis/program.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/**
 * The path of this machine's Chromium or Chrome. Where there is none and we may (Debian or Ubuntu, as root or with a
 * sudo that asks nothing), the package chromium is installed, after one line on stderr that says so.
 */
export function findChromium(): string {
  const program = found() ?? installed();
  if (program === null)
    throw new Error(
      'there is no Chromium on this machine: install it (Debian: apt-get install chromium), or put it on the PATH',
    );
  return program;
}

function found(): string | null {
  for (const name of names) {
    const program = findProgram(name);
    if (program !== null) return program;
  }
  return null;
}

function installed(): string | null {
  if (findProgram('apt-get') === null) return null;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return null;

  process.stderr.write('no Chromium on this machine: installing the package chromium (apt-get)\n');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]) => {
    const [program = '', ...rest] = [
      ...(isRoot ? [] : ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND']),
      'apt-get',
      ...words,
    ];
    return spawnSync(program, rest, { stdio: 'ignore', env: environment }).status === 0;
  };
  const install = () => apt('install', '-y', '--no-install-recommends', 'chromium');
  if (!install() && apt('update')) install();
  return found();
}
