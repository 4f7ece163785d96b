/**
 * The keeper of a folder's embedded redis-server: a process of its own that starts the server, starts it again should
 * it die, and ends it when the last of our processes has gone, however that went. A process counts as here while its
 * connection to the keeper's socket is open; the kernel closes it even after SIGKILL.
 *
 * argv: the redis-server program, the folder of the sockets, the folder of the data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { lockOpenFile } from './lock.ts';
import { redisServerOptions } from './options.ts';
import { redisLock, redisSocket, supervisorSocket } from './places.ts';

/** A first process that never comes must not leave a keeper behind. */
const lonelyMs = 10_000;
/** Between two commands of a script there is a moment without clients. */
const lastGoneMs = 300;
const restartMs = 200;

function keep(program: string, sockets: string, data: string): void {
  const clients = new Set<Socket>();
  let ending = false;
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
  server.listen(supervisorSocket(sockets));

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
    const script = `exec 9>"$0" 3<&0; ${lockOpenFile()}; "$@" </dev/null 3<&- & R=$!; (cat <&3 >/dev/null; kill $R) 9>&- & wait $R`;
    const child = spawn('sh', ['-c', script, redisLock(sockets), program, ...options], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    child.on('exit', () => {
      child.stdin.destroy();
      if (ending) process.exit(0);
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
  }
}

// Redis holds the payloads of jobs: its files are for this user alone.
process.umask(0o077);
const [program, sockets, data] = process.argv.slice(2);
if (program === undefined || sockets === undefined || data === undefined)
  throw new Error('the keeper wants a program, the folder of the sockets and the folder of the data');
keep(program, sockets, data);
