// Programs that the checks of the package run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a program to its end; ends this process with 1, after the program's output, where it fails. */
export function run(program, words, options = {}) {
  const result = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 28, ...options });
  if (result.status === 0) return result;
  const reason = result.error?.message ?? result.signal ?? `exit ${result.status}`;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${program} ${words.join(' ')}: ${reason}\n`);
  process.exit(1);
}

/** Whether the registry has a package, as `name@version`; ends this process with 1 where the registry does not answer. */
export function isInRegistry(spec) {
  const { status, stdout, stderr } = spawnSync('npm', ['view', spec, 'name'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim() !== '';
  if (/\bE404\b/.test(stderr)) return false;
  process.stderr.write(`${stderr}npm view ${spec}: the registry does not answer\n`);
  process.exit(1);
}

/** Unpacks a package of the registry into a new folder of `folder` and returns its path; nothing of it is run. */
export function fetchPackage(spec, folder) {
  const own = mkdtempSync(join(folder, 'registry-'));
  run('npm', ['pack', '--silent', spec], { cwd: own });
  const name = readdirSync(own).find(each => each.endsWith('.tgz'));
  run('tar', ['-xzf', name], { cwd: own });
  return join(own, 'package');
}
