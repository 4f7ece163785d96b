import { readFileSync } from 'node:fs';
import { registry } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import type { LogLevel } from '../../src/log-level.ts';
import type { ArtifactStore } from '../../src/store/artifacts/store.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { parseDotEnv } from './dot-env.ts';
import { say } from './terminal.ts';

/**
 * The configuration of this process: its environment, then `.env` in the working folder for variables that it does not set.
 * @throws MlopsError BAD_CONFIG
 */
export function config(): Config {
  return readConfig(environment(), registry);
}

let isSandboxAsked = false;

/**
 * `--sandbox`: uses the simulated platform for this process.
 * @throws MlopsError BAD_CONFIG in production unless SANDBOX=1 is set too
 */
export function requestSandbox(): void {
  if (process.env.NODE_ENV === 'production' && process.env.SANDBOX !== '1')
    throw new MlopsError(
      'BAD_CONFIG',
      'NODE_ENV is production: --sandbox is refused unless SANDBOX=1 is also set in the environment',
    );
  isSandboxAsked = true;
}

export function environment(): Readonly<Record<string, string | undefined>> {
  return { ...dotEnv(), ...process.env, ...(isSandboxAsked ? { SANDBOX: '1' } : {}) };
}

export const sandboxNotice = 'Using the sandbox, a simulated platform (tenant "sandbox"): no real system is contacted.';

function dotEnv(): Record<string, string> {
  try {
    return parseDotEnv(readFileSync('.env'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    if (error instanceof MlopsError) throw error;
    throw new MlopsError('BAD_CONFIG', `.env: ${whyUnreadable(error) ?? 'this file cannot be read'}`, {
      where: '.env',
    });
  }
}

/**
 * Opens the app, which logs from `level` up unless LOG_LEVEL is set. Its modules are loaded here: commands that read only
 * the store start without them.
 */
export async function loadApp(settings: Config, level: LogLevel): Promise<App> {
  const { openApp } = await import('../../src/app/app.ts');
  const { openLogger } = await import('../../src/logger.ts');
  return await openApp(settings, openLogger(settings.logLevel ?? level));
}

/**
 * Ensures that a store exists before the app is opened. A missing store is created only if Redis has no record of
 * another one.
 * @throws MlopsError STORE_FOREIGN
 */
export async function ensureStore(store: Pick<ArtifactStore, 'id'>): Promise<void> {
  if ((await store.id()) !== null) return;
  await (await loadApp(config(), 'silent')).close();
}

/** Opens the app for one command and closes it after `work`, even if that fails. */
export async function withApp<Result>(level: LogLevel, work: (app: App) => Promise<Result>): Promise<Result> {
  const settings = config();
  if (settings.tenant.kind === 'sandbox') say(sandboxNotice);
  const app = await loadApp(settings, level);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
