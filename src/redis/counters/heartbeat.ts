import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CounterName } from './metrics.ts';
import { countersKey } from './shared-counters.ts';

/** A heartbeat of this process's workers; a process that stops renewing it has crashed. */
export interface Heartbeat {
  /** Says so now, and from now on. @param queues those that the process takes jobs of */
  begin(queues: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

const beatEveryMs = 5_000;
/** After so long without a sign a process counts as crashed. */
const silenceS = 30;
const crashes: CounterName = 'cxone_worker_crashes_total';

/*
 * Inputs: KEYS the processes by when they were heard of (Redis's clock, s), the sums, the workers of each queue · ARGV our id, the longest silence
 * in s, the counter, the queues that the process serves. Of any number of processes one alone counts a crash: the one that takes it from the list.
 */
const beatScript = `
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
for i = 4, #ARGV do redis.call('ZADD', KEYS[3], now, ARGV[i] .. ' ' .. ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', '(' .. (now - ARGV[2]))
local gone = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[2]))
if gone > 0 then redis.call('HINCRBY', KEYS[2], ARGV[3], gone) end
return gone`;

/** @param onBeat called when Redis has taken a beat, and while the client knows that it has no connection */
export function openHeartbeat(client: Redis, prefix: string, onBeat: () => void = () => undefined): Heartbeat {
  const id = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let isHere = false;
  const served = new Set<string>();

  async function beat(): Promise<void> {
    // A worker that waits for Redis is not hung: to restart it would not help.
    if (client.status !== 'ready') onBeat();
    const keys = [heartbeatKey(prefix), countersKey(prefix), workersKey(prefix)] as const;
    try {
      await client.eval(beatScript, keys.length, ...keys, id, silenceS, crashes, ...served);
      onBeat();
    } catch {}
  }

  return {
    async begin(queues) {
      for (const queue of queues) served.add(queue);
      if (isHere) return await beat();
      isHere = true;
      timer = setInterval(() => void beat(), beatEveryMs).unref();
      await beat();
    },
    async end() {
      clearInterval(timer);
      if (isHere && client.status === 'ready') {
        await client.zrem(heartbeatKey(prefix), id).catch(() => undefined);
        await client.zrem(workersKey(prefix), ...[...served].map(queue => `${queue} ${id}`)).catch(() => undefined);
      }
      isHere = false;
    },
  };
}

/** How many processes with workers there are, of those that gave a sign lately. */
export async function workingProcesses(client: Redis, prefix: string): Promise<number> {
  const [seconds] = await client.time();
  return await client.zcount(heartbeatKey(prefix), Number(seconds) - silenceS, '+inf');
}

/** Workers of a queue that gave a sign lately: for a Redis that does not list its clients. A killed one counts for 15 s. */
export async function workersHeardOf(client: Redis, prefix: string, queue: string): Promise<number> {
  const [seconds] = await client.time();
  const alive = await client.zrange(workersKey(prefix), Number(seconds) - 3 * (beatEveryMs / 1000), '+inf', 'BYSCORE');
  return alive.filter(each => each.startsWith(`${queue} `)).length;
}

function workersKey(prefix: string): string {
  return `${prefix}:workers`;
}

function heartbeatKey(prefix: string): string {
  return `${prefix}:processes`;
}
