/**
 * The keeper of a folder's embedded redis-server: a process of its own that starts the server, starts it again should
 * it die, and ends it when the last of our processes has gone, however that went. A process counts as here while its
 * connection to the keeper's socket is open; the kernel closes it even after SIGKILL.
 *
 * argv: the redis-server program, the folder of the sockets, the folder of the data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { lockOpenFile } from './lock.ts';
import { redisServerOptions } from './options.ts';
import { noteSockets, redisLock, redisSocket, supervisorSocket } from './places.ts';

/** A first process that never comes must not leave a keeper behind. */
const lonelyMs = 10_000;
/** Between two commands of a script there is a moment without clients. */
const lastGoneMs = 300;
const restartMs = 200;
/** How long redis-server gets to end before it is killed. */
const endMs = 5_000;
/** How often the sockets are looked for: a cleaner of temporary files may have removed them. */
const lookEveryMs = 2_000;

function keep(program: string, sockets: string, data: string): void {
  const clients = new Set<Socket>();
  let ending = false;
  let serverPid: number | null = null;
  let redis = startRedis();
  let leave = setTimeout(end, lonelyMs);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

  const server = createServer(client => {
    clients.add(client);
    clearTimeout(leave);
    client.on('error', () => client.destroy());
    client.on('close', () => {
      clients.delete(client);
      if (clients.size === 0) leave = setTimeout(end, lastGoneMs);
    });
    client.resume();
    whenRedisListens(() => client.write('kept\n'));
  });
  rmSync(supervisorSocket(sockets), { force: true });
  server.listen(supervisorSocket(sockets), () => noteSockets(data, sockets));
  setInterval(() => {
    // The clients then start another supervisor, which makes the sockets again.
    if (!existsSync(supervisorSocket(sockets))) end();
  }, lookEveryMs).unref();

  /** The shell ends the server when our pipe to it closes, so that even a killed keeper leaves nothing running. */
  function startRedis(): ChildProcess {
    const options = [
      '--port',
      '0',
      '--unixsocket',
      redisSocket(sockets),
      '--unixsocketperm',
      '600',
      '--dir',
      data,
      '--daemonize',
      'no',
      '--logfile',
      `${data}/redis.log`,
      ...redisServerOptions.flatMap(([name, value]) => [`--${name}`, value]),
    ];
    const script = `exec 9>"$0" 3<&0; ${lockOpenFile()}; "$@" </dev/null 3<&- & R=$!; echo $R; (cat <&3 >/dev/null; kill $R) 9>&- & wait $R`;
    const child = spawn('sh', ['-c', script, redisLock(data), program, ...options], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdout.once('data', (line: Buffer) => {
      serverPid = Number(line.toString());
    });
    child.stdin.on('error', () => undefined);
    child.on('exit', () => {
      child.stdin.destroy();
      // Where the shell was killed the server still runs, and holds its lock.
      endServer('SIGTERM');
      if (ending) whenServerEnded(() => process.exit(0));
      setTimeout(() => {
        if (!ending) redis = startRedis();
      }, restartMs);
    });
    return child;
  }

  function whenRedisListens(then: () => void): void {
    const probe = connect(redisSocket(sockets), () => {
      probe.destroy();
      then();
    });
    probe.on('error', () => setTimeout(() => whenRedisListens(then), 10));
  }

  function end(): void {
    ending = true;
    server.close();
    rmSync(supervisorSocket(sockets), { force: true });
    for (const client of clients) client.destroy();
    if (redis.exitCode !== null || redis.signalCode !== null) process.exit(0);
    redis.stdin?.end();
    whenServerEnded(() => process.exit(0));
  }

  function endServer(signal: NodeJS.Signals | 0): boolean {
    try {
      return serverPid !== null && process.kill(serverPid, signal);
    } catch {
      return false;
    }
  }

  /** One that does not end by itself is made to: a helper process that should do it may have been killed. */
  function whenServerEnded(then: () => void): void {
    const began = Date.now();
    const timer = setInterval(() => {
      if (!endServer(0)) {
        clearInterval(timer);
        then();
      } else if (Date.now() - began > 2 * endMs) endServer('SIGKILL');
      else if (Date.now() - began > endMs) endServer('SIGTERM');
    }, 20);
  }
}

// Redis holds the payloads of jobs: its files are for this user alone.
process.umask(0o077);
const [program, sockets, data] = process.argv.slice(2);
if (program === undefined || sockets === undefined || data === undefined)
  throw new Error('the keeper wants a program, the folder of the sockets and the folder of the data');
keep(program, sockets, data);
