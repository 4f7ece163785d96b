import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MlopsError } from '../errors.ts';

/**
 * The path of a program on the PATH, `null` if it is not found.
 */
export function findProgram(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/**
 * The redis-server (or valkey-server) of this machine.
 * @throws MlopsError BAD_CONFIG saying what to install or set
 */
export function findRedisServer(): string {
  const program = findProgram('redis-server') ?? findProgram('valkey-server');
  if (program === null)
    throw new MlopsError(
      'BAD_CONFIG',
      'redis-server was not found on this machine: run `setup` (Debian and Ubuntu), install it (macOS: brew install redis), or set REDIS_URL to a running Redis',
    );
  if (findProgram('flock') === null && findProgram('perl') === null)
    throw new MlopsError(
      'BAD_CONFIG',
      'The embedded redis-server requires flock or perl; neither was found: install one, or set REDIS_URL to a running Redis',
    );
  return program;
}
