import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CounterName } from './metrics.ts';
import { countersKey } from './shared-counters.ts';

/** A heartbeat of this process's workers; a process that stops renewing it has crashed. */
export interface Heartbeat {
  /** Says so now, and from now on. */
  begin(): Promise<void>;
  end(): Promise<void>;
}

const beatEveryMs = 5_000;
/** After so long without a sign a process counts as crashed. */
const silenceS = 30;
const crashes: CounterName = 'cxone_worker_crashes_total';

/*
 * Inputs: KEYS the processes by when they were heard of (Redis's clock, s), the sums · ARGV our id, the longest silence
 * in s, the counter. Of any number of processes one alone counts a crash: the one that takes it from the list.
 */
const beatScript = `
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
local gone = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[2]))
if gone > 0 then redis.call('HINCRBY', KEYS[2], ARGV[3], gone) end
return gone`;

/** @param onBeat called when Redis has taken a beat, and while the client knows that it has no connection */
export function openHeartbeat(client: Redis, prefix: string, onBeat: () => void = () => undefined): Heartbeat {
  const id = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let isHere = false;

  async function beat(): Promise<void> {
    // A worker that waits for Redis is not hung: to restart it would not help.
    if (client.status !== 'ready') onBeat();
    try {
      await client.eval(beatScript, 2, heartbeatKey(prefix), countersKey(prefix), id, silenceS, crashes);
      onBeat();
    } catch {}
  }

  return {
    async begin() {
      if (isHere) return;
      isHere = true;
      timer = setInterval(() => void beat(), beatEveryMs).unref();
      await beat();
    },
    async end() {
      clearInterval(timer);
      if (isHere && client.status === 'ready') await client.zrem(heartbeatKey(prefix), id).catch(() => undefined);
      isHere = false;
    },
  };
}

/** How many processes with workers there are, of those that gave a sign lately. */
export async function workingProcesses(client: Redis, prefix: string): Promise<number> {
  const [seconds] = await client.time();
  return await client.zcount(heartbeatKey(prefix), Number(seconds) - silenceS, '+inf');
}

function heartbeatKey(prefix: string): string {
  return `${prefix}:processes`;
}
