import { describe, expect, it } from 'vitest';
import { openHeartbeat, workingProcesses } from '../../../src/redis/counters/heartbeat.ts';
import { countersKey, openSharedCounters } from '../../../src/redis/counters/shared-counters.ts';
import { eventually } from '../../eventually.ts';
import { useRedis } from '../../redis-server.ts';

const redis = useRedis();

describe('the counters', () => {
  it('adds up what several processes count and time', async () => {
    const prefix = redis.prefix();
    const [one, other] = [openSharedCounters(redis.connect(), prefix), openSharedCounters(redis.connect(), prefix)];
    one.count('cxone_job_tries_total', 'fetch-page', 'done');
    one.count('cxone_job_tries_total', 'fetch-page', 'done');
    other.count('cxone_job_tries_total', 'fetch-page', 'done');
    other.time('cxone_job_duration_seconds', 40, 'fetch-page');
    one.time('cxone_job_duration_seconds', 5_000_000, 'fetch-page');
    await Promise.all([one.flush(), other.flush()]);
    expect(Object.fromEntries(await one.read())).toEqual({
      'cxone_job_tries_total|fetch-page|done': 3,
      'cxone_job_duration_seconds|fetch-page|0.05': 1,
      'cxone_job_duration_seconds|fetch-page|+Inf': 1,
      'cxone_job_duration_seconds|fetch-page|sum': 5_000_040_000,
    });
  });

  it('sends what was counted by itself, and the rest when it is closed', async () => {
    const prefix = redis.prefix();
    const counters = openSharedCounters(redis.connect(), prefix);
    counters.count('cxone_platform_refusals_total', 'NLU');
    await eventually(async () => (await counters.read()).get('cxone_platform_refusals_total|NLU') === 1);
    counters.count('cxone_platform_refusals_total', 'NLU');
    await counters.close();
    expect((await counters.read()).get('cxone_platform_refusals_total|NLU')).toBe(2);
  });

  it('keeps what Redis did not take, and sends it once', async () => {
    const prefix = redis.prefix();
    const client = redis.connect();
    const counters = openSharedCounters(client, prefix);
    await client.set(countersKey(prefix), 'not a hash');
    counters.count('cxone_budget_slots_total', 'NLU');
    await counters.flush();
    await client.del(countersKey(prefix));
    await counters.flush();
    await counters.flush();
    expect((await counters.read()).get('cxone_budget_slots_total|NLU')).toBe(1);
  });
});

describe('the heartbeat of processes', () => {
  it('counts those that stop without a word as crashed, each once', async () => {
    const prefix = redis.prefix();
    const client = redis.connect();
    const [stays, leaves] = [openHeartbeat(client, prefix), openHeartbeat(client, prefix)];
    await Promise.all([stays.begin([]), leaves.begin([])]);
    const [seconds] = await client.time();
    await client.zadd(`${prefix}:processes`, Number(seconds) - 3_600, 'killed');
    expect(await workingProcesses(client, prefix)).toBe(2);
    await leaves.end();
    const others = [openHeartbeat(client, prefix), openHeartbeat(client, prefix)];
    await Promise.all(others.map(each => each.begin([])));
    expect(await openSharedCounters(client, prefix).read()).toEqual(new Map([['cxone_worker_crashes_total', 1]]));
    expect(await workingProcesses(client, prefix)).toBe(3);
    await Promise.all([stays, ...others].map(each => each.end()));
    expect(await workingProcesses(client, prefix)).toBe(0);
  });

  it('is a sign of life when Redis has taken it', async () => {
    const client = redis.connect();
    let signs = 0;
    const heartbeat = openHeartbeat(client, redis.prefix(), () => {
      signs += 1;
    });
    await client.ping();
    await heartbeat.begin([]);
    expect(signs).toBe(1);
    await heartbeat.end();
  });
});
