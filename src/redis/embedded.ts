import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MlopsError } from '../errors.ts';
import { lockCommand } from './lock.ts';
import { lockHolder } from './lock-holder.ts';
import { notedSockets, redisLock, redisSocket, socketFolder, supervisorLock, supervisorSocket } from './places.ts';
import { findRedisServer } from './program.ts';

/** Our hold on this folder's redis-server. */
export interface EmbeddedRedis {
  /** The path of its unix socket. */
  readonly socket: string;
  /** The server ends when the last holder has released it or is gone. */
  release(): void;
}

const timeoutMs = 20_000;

/**
 * The redis-server of the folder `data`, shared with every process that holds it; started if none does.
 * @throws MlopsError BAD_CONFIG when there is no redis-server program, REDIS_UNAVAILABLE when it does not start
 */
export async function holdRedis(data: string): Promise<EmbeddedRedis> {
  const program = findRedisServer();
  const sockets = socketFolder(data);
  let released = false;
  let hold = await takeHold(program, sockets, data);
  const socket = redisSocket(notedSockets(data) ?? sockets);
  watch(hold);

  /** A keeper that was killed is followed by another; the clients of Redis reconnect by themselves. */
  function watch(socket: Socket): void {
    socket.once('close', renew);
  }

  function renew(): void {
    if (released) return;
    takeHold(program, sockets, data).then(next => {
      hold = next;
      if (released) hold.destroy();
      else watch(hold);
    }, renew);
  }

  return {
    socket,
    release() {
      released = true;
      hold.destroy();
    },
  };
}

async function takeHold(program: string, sockets: string, data: string): Promise<Socket> {
  const deadline = Date.now() + timeoutMs;
  let started = 0;
  while (Date.now() < deadline) {
    const hold = await knock(notedSockets(data) ?? sockets);
    if (hold !== null) return hold;
    if (Date.now() - started > 2_000) {
      startKeeper(program, sockets, data);
      started = Date.now();
    }
    await pause(25);
  }
  throw new MlopsError(
    'REDIS_UNAVAILABLE',
    `the embedded redis-server did not start within ${timeoutMs / 1000} s. ${whyNotStarted(data)}`,
  );
}

/** The processes that hold its locks, and the end of its log. */
function whyNotStarted(data: string): string {
  const holders = [supervisorLock(data), redisLock(data)].flatMap(lock => {
    const pid = lockHolder(lock);
    return pid === null ? [] : [`Process ${pid} holds ${lock}: end it if it hangs.`];
  });
  return [...holders, `The last line of ${data}/redis.log: ${lastLine(join(data, 'redis.log'))}`].join(' ');
}

function lastLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
  } catch {
    return '(there is none)';
  }
}

/** The supervisor answers "kept" once Redis listens; `null` if there is no supervisor or it is shutting down. */
function knock(sockets: string): Promise<Socket | null> {
  return new Promise(resolve => {
    const socket = connect(supervisorSocket(sockets));
    socket.unref();
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    socket.once('data', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** The lock lets one keeper live; `flock` of util-linux releases it when the keeper has gone, however. */
function startKeeper(program: string, sockets: string, data: string): void {
  const isSource = import.meta.url.endsWith('.ts');
  const keeper = fileURLToPath(new URL(isSource ? './supervisor.ts' : './supervisor.js', import.meta.url));
  const node = [process.execPath, ...(isSource ? ['--import', import.meta.resolve('tsx')] : []), keeper];
  const [locker = '', ...words] = [...lockCommand(supervisorLock(data)), ...node, program, sockets];
  const child = spawn(locker, [...words, realpathSync(data)], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  });
  child.on('error', () => undefined);
  child.unref();
}
