import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import { redisServerOptions } from '../../src/redis/options.ts';
import { findRedisServer } from '../../src/redis/program.ts';

/** A redis-server of its own, on a unix socket, that can be killed and started again. */
export interface RedisProcess {
  readonly url: string;
  readonly socket: string;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** SIGKILL: what is not on disk is lost. */
  kill(): Promise<void>;
  /** Forgets everything that is on disk; the server must not run. */
  wipe(): Promise<void>;
}

export function redisProcess(folder: string): RedisProcess {
  const socket = join(folder, 'redis.sock');
  const data = join(folder, 'redis');
  let child: ChildProcess | null = null;

  return {
    url: `unix:${socket}`,
    socket,
    async start() {
      await mkdir(data, { recursive: true });
      const options = redisServerOptions.flatMap(([name, value]) => [`--${name}`, value]);
      const started = spawn(findRedisServer(), ['--port', '0', '--unixsocket', socket, '--dir', data, ...options], {
        stdio: 'ignore',
      });
      child = started;
      await vi.waitUntil(() => started.exitCode !== null || listens(socket), { timeout: 60_000, interval: 10 });
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
    },
    async kill() {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null || running.signalCode !== null) return;
      const gone = once(running, 'exit');
      running.kill('SIGKILL');
      await gone;
    },
    async wipe() {
      await rm(data, { recursive: true, force: true });
      await mkdir(data, { recursive: true });
    },
  };
}

function listens(socket: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}
