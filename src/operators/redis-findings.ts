import type { Redis } from 'ioredis';

/** A property of Redis that queues depend on. */
export interface RedisFinding {
  readonly what: string;
  readonly problem: boolean;
  readonly detail: string;
}

/** Whether Redis is configured to lose no job: role, memory, version, eviction, persistence, timer resolution. */
export async function redisFindings(client: Redis): Promise<RedisFinding[]> {
  const text = await client.info().catch(() => null);
  if (text === null)
    return [
      {
        what: 'Redis settings',
        problem: false,
        detail:
          'unknown: this Redis does not allow INFO. It must be 6.2 or newer, with maxmemory-policy noeviction and appendonly yes',
      },
    ];
  const info = parseInfo(text);
  const version = info.get('redis_version') ?? 'unknown';
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const hertz = Number(info.get('configured_hz') ?? info.get('hz') ?? 0);
  const isAppendOnly = info.get('aof_enabled') === '1';
  const major = Number.parseFloat(version);
  return [
    ...roleFindings(info),
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

/** Of a server on which queues cannot work, or hardly. */
function roleFindings(info: ReadonlyMap<string, string>): RedisFinding[] {
  const found: RedisFinding[] = [];
  const add = (what: string, detail: string) => found.push({ what, problem: true, detail });
  if (info.get('role') === 'slave') add('Redis role', 'a read-only replica: let REDIS_URL lead to the primary');
  const [used, most] = [Number(info.get('used_memory') ?? 0), Number(info.get('maxmemory') ?? 0)];
  if (most > 0 && used > 0.95 * most)
    add('Redis memory', `${used} of ${most} bytes are used: raise maxmemory, or remove finished jobs`);
  return found;
}

function parseInfo(text: string): Map<string, string> {
  return new Map(
    text.split('\r\n').flatMap(line => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
