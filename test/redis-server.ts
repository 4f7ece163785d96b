import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import { redisServerOptions } from '../src/redis/options.ts';
import { findRedisServer } from '../src/redis/program.ts';
import { eventually } from './eventually.ts';

/** The redis-server of a test file: a real one, on a unix socket of its own. */
export interface TestRedis {
  readonly socket: string;
  /** Another connection, closed after the test. */
  connect(): Redis;
  /** A prefix that no other test has. */
  prefix(): string;
}

/** Starts one before the tests of this file; after each test its connections must be gone, after the last one it is. */
export function useRedis(): TestRedis {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-redis-'));
  const socket = join(folder, 'redis.sock');
  let server: ChildProcess | null = null;
  let prefixes = 0;

  beforeAll(async () => {
    const options = redisServerOptions.flatMap(([name, value]) => [`--${name}`, value]);
    server = spawn(findRedisServer(), ['--port', '0', '--unixsocket', socket, '--dir', folder, ...options], {
      stdio: 'ignore',
    });
    await eventually(() => existsSync(socket));
  });

  // What is registered first runs last, after the test's own cleaning up.
  beforeEach(() => {
    onTestFinished(findLeaks);
  });

  async function findLeaks(): Promise<void> {
    const look = new Redis({ path: socket });
    try {
      await eventually(async () => (await clientsOf(look)) === 1).catch(() => undefined);
      expect(await clientsOf(look), 'connections to Redis, this look included').toBe(1);
    } finally {
      look.disconnect();
    }
  }

  afterAll(async () => {
    if (server !== null && server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    socket,
    connect() {
      const client = new Redis({ path: socket, maxRetriesPerRequest: null });
      client.on('error', () => undefined);
      onTestFinished(() => client.disconnect());
      return client;
    },
    prefix: () => `p${++prefixes}`,
  };
}

async function clientsOf(look: Redis): Promise<number> {
  return String(await look.client('LIST'))
    .trim()
    .split('\n').length;
}
