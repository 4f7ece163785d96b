import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { redisSocket, socketFolder, supervisorSocket } from '../../src/redis/places.ts';
import { findProgram, findRedisServer } from '../../src/redis/program.ts';
import { compiled } from '../compiled.ts';
import { eventually } from '../eventually.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codedBy } from '../thrown.ts';

const script = compiled('dist/test/redis/holder.js');

interface Holder {
  readonly process: ChildProcess;
  /** Runs a command of Redis in the holder. */
  call(...words: string[]): Promise<string>;
  /** Lets the holder leave in peace. */
  leave(): Promise<void>;
  /** Kills it outright. */
  kill(): Promise<void>;
}

/** The folders of one test: of the data, and of the sockets. */
function place() {
  const folder = temporaryFolder();
  onTestFinished(async () => {
    // Nothing may be left running that has its home here.
    await eventually(() => processesOf(folder).length === 0);
  });
  return { folder, data: join(folder, 'data') };
}

function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function hold(
  { folder, data }: { folder: string; data: string },
  changes: Readonly<Record<string, string>> = {},
): Promise<Holder> {
  const { XDG_RUNTIME_DIR: _, ...environment } = process.env;
  const child = spawn(process.execPath, [script, data], {
    env: { ...environment, TMPDIR: folder, ...changes },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('"held"');
  return {
    process: child,
    kill,
    async call(...words) {
      child.stdin.write(`${JSON.stringify(words)}\n`);
      return String(JSON.parse((await lines.next()).value ?? '"gone"'));
    },
    async leave() {
      child.stdin.end();
      await ended;
    },
  };
}

const serverOf = async (holder: Holder) => Number(/process_id:(\d+)/.exec(await holder.call('INFO', 'server'))?.[1]);
const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = (pid: number) => eventually(() => !isRunning(pid));

describe('the embedded redis-server', () => {
  it('is one for all processes of a folder, and ends after the last of them', async () => {
    const home = place();
    const [one, other] = await Promise.all([hold(home), hold(home)]);
    const server = await serverOf(one);
    expect(await serverOf(other)).toBe(server);
    await one.call('SET', 'key', 'value');
    expect(await other.call('GET', 'key')).toBe('value');
    await one.leave();
    expect(await serverOf(other)).toBe(server);
    await other.leave();
    await gone(server);
  });

  it('is one, and ends, without the program flock, as on macOS', async () => {
    const home = place();
    const programs = join(home.folder, 'programs');
    mkdirSync(programs);
    for (const name of ['sh', 'cat', 'perl']) symlinkSync(findProgram(name) ?? '', join(programs, name));
    symlinkSync(findRedisServer(), join(programs, 'redis-server'));
    const holders = await Promise.all(Array.from({ length: 3 }, () => hold(home, { PATH: programs })));
    const servers = await Promise.all(holders.map(serverOf));
    expect(new Set(servers).size).toBe(1);
    const [server = 0] = servers;
    await Promise.all(holders.map(holder => holder.kill()));
    await gone(server);
  });

  it('ends after the last one also when that was killed', async () => {
    const home = place();
    const [one, other] = await Promise.all([hold(home), hold(home)]);
    const server = await serverOf(one);
    await one.kill();
    expect(await other.call('PING')).toBe('PONG');
    await other.kill();
    await gone(server);
  });

  it('keeps its data over a restart', async () => {
    const home = place();
    const first = await hold(home);
    const server = await serverOf(first);
    await first.call('SET', 'key', 'value');
    await first.leave();
    await gone(server);
    const second = await hold(home);
    expect(await second.call('GET', 'key')).toBe('value');
    expect(await second.call('CONFIG', 'GET', 'appendonly')).toContain('yes');
    await second.leave();
  });

  it('is taken over by the next one while the last one is leaving', async () => {
    const home = place();
    for (let round = 0; round < 3; round++) {
      const holder = await hold(home);
      expect(await holder.call('INCR', 'rounds')).toBe(String(round + 1));
      await holder.leave();
    }
  });

  it('is started again when it is killed itself, with its data, and clients go on', async () => {
    const home = place();
    const holder = await hold(home);
    const server = await serverOf(holder);
    await holder.call('SET', 'key', 'value');
    process.kill(server, 'SIGKILL');
    await gone(server);
    expect(await holder.call('GET', 'key')).toBe('value');
    expect(await serverOf(holder)).not.toBe(server);
    await holder.leave();
  });

  it('gets another keeper when that was killed, and two servers never write one folder', async () => {
    const home = place();
    const holder = await hold(home);
    const server = await serverOf(holder);
    await holder.call('SET', 'key', 'value');
    process.kill(parentOf(parentOf(server)), 'SIGKILL');
    await gone(server);
    expect(await holder.call('GET', 'key')).toBe('value');
    const next = await hold(home);
    expect(await serverOf(next)).toBe(await serverOf(holder));
    await Promise.all([holder.leave(), next.leave()]);
  });

  it('is one for all processes of a folder, whatever their runtime folders', async () => {
    const home = place();
    const one = await hold(home);
    const runtime = temporaryFolder();
    const [other, third] = await Promise.all([
      hold(home, { XDG_RUNTIME_DIR: runtime }),
      hold(home, { TMPDIR: runtime, XDG_RUNTIME_DIR: '/run/user/does-not-exist' }),
    ]);
    const server = await serverOf(one);
    expect([await serverOf(other), await serverOf(third)]).toEqual([server, server]);
    await Promise.all([one.leave(), other.leave(), third.leave()]);
    await gone(server);
  });

  it('ends and starts again although its helper shells were killed', async () => {
    const home = place();
    const holder = await hold(home);
    const server = await serverOf(holder);
    const shell = parentOf(server);
    for (const pid of processesOf(home.folder).filter(each => parentOf(each) === shell && each !== server))
      process.kill(pid, 'SIGKILL');
    process.kill(shell, 'SIGKILL');
    await gone(server);
    expect(await holder.call('PING')).toBe('PONG');
    await holder.leave();
  });

  it('has its socket in a folder that is closed to others', async () => {
    const home = place();
    const { folder } = home;
    const holder = await hold(home);
    const [sockets = ''] = readdirSync(folder).filter(name => name.startsWith('cxone-mlops-'));
    const status = statSync(join(folder, sockets));
    expect(status.mode & 0o777).toBe(0o700);
    expect(statSync(redisSocket(join(folder, sockets))).mode & 0o077).toBe(0);
    await holder.leave();
  });
});

describe('the folder of the sockets', () => {
  it('has a short path however deep the data lie, one for each folder', () => {
    const folder = temporaryFolder();
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const deep = join(folder, ...Array.from({ length: 12 }, (_, level) => `a-folder-with-a-long-name-${level}`));
    const sockets = socketFolder(deep);
    expect(Buffer.byteLength(supervisorSocket(sockets))).toBeLessThan(100);
    expect(Buffer.byteLength(redisSocket(sockets))).toBeLessThan(100);
    expect(statSync(sockets).mode & 0o777).toBe(0o700);
    expect(socketFolder(deep)).toBe(sockets);
    expect(socketFolder(join(folder, 'other'))).not.toBe(sockets);
  });

  it('is refused when it is open to others', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('XDG_RUNTIME_DIR', '');
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const sockets = socketFolder(join(folder, 'data'));
    chmodSync(sockets, 0o755);
    const error = await codedBy(() => socketFolder(join(folder, 'data')));
    expect(error.code).toBe('BAD_CONFIG');
    expect(error.message).toContain(sockets);
  });
});

describe('without a redis-server', () => {
  it('says what to install or set', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const error = await codedBy(findRedisServer);
    expect(error.code).toBe('BAD_CONFIG');
    expect(error.message).toMatch(/redis-server.*setup.*install.*REDIS_URL/);
  });
});
