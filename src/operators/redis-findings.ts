import type { Redis } from 'ioredis';

/** A property of Redis that queues depend on. */
export interface RedisFinding {
  readonly what: string;
  readonly problem: boolean;
  readonly detail: string;
}

/** Whether Redis is configured to lose no job: version, eviction, persistence, timer resolution. */
export async function redisFindings(client: Redis): Promise<RedisFinding[]> {
  const info = parseInfo(await client.info());
  const version = info.get('redis_version') ?? 'unknown';
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const hertz = Number(info.get('configured_hz') ?? info.get('hz') ?? 0);
  const isAppendOnly = info.get('aof_enabled') === '1';
  const major = Number.parseFloat(version);
  return [
    {
      what: 'Redis version',
      problem: major < 6.2,
      detail: major < 6.2 ? `${version}: 6.2 or newer is needed` : version,
    },
    {
      what: 'Redis eviction',
      problem: policy !== 'noeviction',
      detail: policy === 'noeviction' ? policy : `maxmemory-policy is ${policy}: jobs can vanish; set noeviction`,
    },
    {
      what: 'Redis persistence',
      problem: !isAppendOnly,
      detail: isAppendOnly
        ? 'append-only file'
        : 'appendonly is off: a restart loses queued jobs (datasets are safe); set appendonly yes',
    },
    {
      what: 'Redis timers',
      problem: false,
      detail: hertz >= 100 ? `hz ${hertz}` : `hz ${hertz}: delayed jobs may be up to 100 ms late; hz 100 is better`,
    },
  ];
}

function parseInfo(text: string): Map<string, string> {
  return new Map(
    text.split('\r\n').flatMap(line => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
