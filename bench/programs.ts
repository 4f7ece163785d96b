import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EmbeddedRedis } from '../src/redis/embedded.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';

const bin = fileURLToPath(new URL('../bin/cxone-mlops.js', import.meta.url));

interface Place {
  readonly folder: string;
  readonly redis: EmbeddedRedis;
}

/** The variables of a process on one Redis, one store and one sandbox; `limits` are its `LIMIT_<FAMILY>`. */
export function environment(place: Place, sandbox: Sandbox, limits: Readonly<Record<string, string>>) {
  return {
    REDIS_URL: `unix:${place.redis.socket}`,
    ARTIFACTS_URL: `file:${place.folder}/artifacts`,
    CXONE_BASE_URL: sandbox.url,
    CXONE_CLIENT_ID: sandbox.clientId,
    CXONE_CLIENT_SECRET: sandbox.clientSecret,
    LOG_LEVEL: 'info',
    ...limits,
  };
}

/** Our commands as processes of their own. */
export function programs(place: Place, sandbox: Sandbox, limits: Readonly<Record<string, string>>) {
  const env = { ...process.env, ...environment(place, sandbox, limits) };
  return (...words: string[]) =>
    spawn(process.execPath, [bin, ...words], { cwd: place.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves when the process has written `word` to its stderr. */
export async function heard(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>(resolve => {
    child.stderr?.on('data', chunk => {
      if (String(chunk).includes(word)) resolve();
    });
  });
}

/** The whole stdout of a process that ended well. */
export async function output(child: ChildProcess): Promise<string> {
  const out: string[] = [];
  child.stdout?.on('data', chunk => out.push(String(chunk)));
  child.stderr?.resume();
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  if (code !== 0) throw new Error(`${child.spawnargs.slice(2).join(' ')} ended with ${code}`);
  return out.join('');
}
