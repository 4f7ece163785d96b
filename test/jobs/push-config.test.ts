import { afterEach, describe, expect, it, vi } from 'vitest';
import { type PushPayload, pushConfig } from '../../jobs/push-config/job.ts';
import { MlopsError, NotNow } from '../../src/errors.ts';
import { openAudit } from '../../src/store/audit/audit.ts';
import { openPushes } from '../../src/store/pushes/pushes.ts';
import { codedBy, codeOf, thrownBy } from '../thrown.ts';
import { openPushBench, type PushBench } from './push-bench.ts';

const unavailable = new MlopsError('PLATFORM_UNAVAILABLE', 'ECONNRESET');
const silent = new MlopsError('PLATFORM_SILENT', 'ETIMEDOUT');
const scope = new MlopsError('SCOPE_MISSING', 'it needs: ai:nlp:write');

/** The n-th of these is what becomes of the n-th PUT, and the last one of all that follow. */
function answers(bench: PushBench, ...each: readonly ('taken' | 'lost after' | 'lost before' | Error)[]): void {
  bench.answer = (take, nth) => {
    const what = each[Math.min(nth, each.length) - 1];
    if (what === 'taken' || what === 'lost after') take();
    if (what instanceof Error) throw what;
    if (what !== 'taken') throw unavailable;
  };
}

/** Tries until the job is done, as a queue does. */
async function untilDone(bench: PushBench, payload: PushPayload, resources = bench.resources()): Promise<unknown> {
  for (let tries = 1; tries < 10_000; tries++) {
    const outcome = await bench.run(payload, resources).catch((error: unknown) => {
      if (error instanceof NotNow || error === unavailable) return null;
      throw error;
    });
    if (outcome?.kind === 'done') return pushConfig.result.parse(outcome.result).version;
  }
  throw new Error('it is never done');
}

async function audited({ store }: PushBench): Promise<string[]> {
  const audit = openAudit(store);
  expect((await audit.verify()).findings).toEqual([]);
  return (await audit.tail(100)).entries.map(({ id, kind, details }) =>
    [id, kind, ...(kind === 'outcome' ? [details.state] : [])].join(' '),
  );
}

const told = (version: number, state: string) => [
  `config-push-${version} intent`,
  `config-push-${version} outcome ${state}`,
];

afterEach(() => {
  vi.useRealTimers();
});

describe('a push', () => {
  it('is sent once, whatever it is run again', async () => {
    const bench = openPushBench();
    const payload = await bench.tuning('t', 0.5);
    expect(await bench.run(payload)).toMatchObject({ kind: 'done', result: { version: 1, intents: 1 } });
    expect(await bench.run(payload)).toMatchObject({ kind: 'done', result: { version: 1 } });
    expect(bench.put).toEqual([0.5]);
    expect(await bench.versions()).toEqual(['1 applied 1']);
    expect(await audited(bench)).toEqual(told(1, 'applied'));
  });

  it('that the platform refuses is a version that was refused; the one before stays in force, and another may follow', async () => {
    const bench = openPushBench();
    await bench.run(await bench.tuning('first', 0.5));
    answers(bench, 'taken', new MlopsError('PLATFORM_REFUSED', 'was answered 400: bad threshold'), 'taken');
    const refused = await bench.tuning('second', 0.6);
    for (let again = 0; again < 2; again++) {
      const error = await codedBy(() => bench.run(refused));
      expect(error).toMatchObject({ code: 'PUSH_REFUSED', verdict: 'final' });
      expect(error.message).toMatch(/version 2 was refused by the platform.*400: bad threshold/);
    }
    expect(bench.put).toEqual([0.5, 0.6]);
    expect(await bench.run(await bench.tuning('third', 0.7))).toMatchObject({ result: { version: 3 } });
    expect(await bench.versions()).toEqual(['1 applied 1', '2 refused 1', '3 applied 1']);
    expect(await audited(bench)).toEqual([...told(1, 'applied'), ...told(2, 'refused'), ...told(3, 'applied')]);
  });

  it('that our credentials are not good for is refused before it was sent', async () => {
    const bench = openPushBench();
    bench.withoutToken = new MlopsError('CREDENTIALS_REFUSED', 'wrong secret');
    const payload = await bench.tuning('t', 0.5);
    expect((await codedBy(() => bench.run(payload))).message).toContain('wrong secret');
    expect(await bench.versions()).toEqual(['1 refused 0']);
  });

  it.each(['lost after', 'lost before'] as const)(
    'whose answer is %s its effect is sent again as it was',
    async lost => {
      const bench = openPushBench();
      answers(bench, lost, lost, 'taken');
      expect(await untilDone(bench, await bench.tuning('t', 0.5))).toBe(1);
      expect(bench.put).toEqual([0.5, 0.5, 0.5]);
      expect(await bench.versions()).toEqual(['1 applied 3']);
      expect(await audited(bench)).toEqual(told(1, 'applied'));
    },
  );

  it('that was sent once is not called refused for a scope that is missing later', async () => {
    const bench = openPushBench();
    answers(bench, 'lost after', scope);
    const payload = await bench.tuning('t', 0.5);
    expect(await thrownBy(() => bench.run(payload))).toBe(unavailable);
    expect(await thrownBy(() => bench.run(payload))).toBe(scope);
    expect(await bench.versions()).toEqual(['1 ended 2']);
    await bench.fail(payload, scope);
    expect(await bench.versions()).toEqual(['1 unknown 2']);
    expect(await audited(bench)).toEqual(['config-push-1 intent']);
  });

  it('that nobody knows of is sent again before the next one, whose thresholds come on top of it', async () => {
    const bench = openPushBench();
    await bench.run(await bench.tuning('first', 0.5));
    const lost = await bench.tuning('second', 0.6);
    answers(bench, 'taken', 'lost before', 'taken');
    expect(await thrownBy(() => bench.run(lost))).toBe(unavailable);
    await bench.fail(lost, unavailable);
    await bench.fail(lost, unavailable);
    expect(await bench.versions()).toEqual(['1 applied 1', '2 unknown 1']);

    expect(await bench.run(await bench.tuning('third', 0.7, 0.1))).toMatchObject({ result: { version: 3 } });
    expect(bench.put).toEqual([0.5, 0.6, 0.6, 0.7]);
    expect(bench.taken).toEqual([0.5, 0.6, 0.7]);
    expect(await bench.versions()).toEqual(['1 applied 1', '2 applied 2', '3 applied 1']);
    expect(await bench.run(lost)).toMatchObject({ result: { version: 2 } });
    expect(bench.put).toHaveLength(4);
  });

  it('of another request that may be on its way is waited for, and sent again once it cannot be', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const bench = openPushBench();
    answers(bench, silent, 'taken');
    const first = await bench.tuning('first', 0.5);
    expect(await thrownBy(() => bench.run(first))).toBe(silent);
    const second = await bench.tuning('second', 0.6);
    vi.setSystemTime(Date.now() + 89_000);
    expect(await bench.run(second)).toMatchObject({ kind: 'snooze', ms: 1_000 });
    expect(bench.put).toEqual([0.5]);
    vi.setSystemTime(Date.now() + 2_000);
    expect(await bench.run(second)).toMatchObject({ result: { version: 2 } });
    expect(bench.put).toEqual([0.5, 0.5, 0.6]);
    expect(await bench.run(first)).toMatchObject({ result: { version: 1 } });
    expect(await audited(bench)).toEqual([...told(1, 'applied'), ...told(2, 'applied')]);
  });

  it('does not follow one whose first sending may still be on its way, though it was answered when it was sent again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const bench = openPushBench();
    answers(bench, silent, 'taken');
    const first = await bench.tuning('first', 0.5);
    expect(await thrownBy(() => bench.run(first))).toBe(silent);
    expect(await bench.run(first)).toMatchObject({ result: { version: 1 } });
    const second = await bench.tuning('second', 0.6);
    expect(await bench.run(second)).toMatchObject({ kind: 'snooze' });
    vi.setSystemTime(Date.now() + 90_000);
    expect(await bench.run(second)).toMatchObject({ result: { version: 2 } });
  });

  it('waits no longer for a host whose clock is ahead', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const bench = openPushBench();
    answers(bench, silent, 'taken');
    const first = await bench.tuning('first', 0.5);
    const ours = Date.now();
    vi.setSystemTime(ours + 3_600_000);
    expect(await thrownBy(() => bench.run(first))).toBe(silent);
    vi.setSystemTime(ours);
    const second = await bench.tuning('second', 0.6);
    expect(await bench.run(second)).toMatchObject({ kind: 'snooze' });
    vi.setSystemTime(ours + 90_000);
    expect(await bench.run(second)).toMatchObject({ result: { version: 2 } });
  });

  it('that is answered when others have come after it is followed by the last of them once more', async () => {
    const bench = openPushBench();
    const first = await bench.tuning('first', 0.5);
    const second = await bench.tuning('second', 0.6);
    let stalled: (() => void) | undefined;
    let leaving = 0;
    bench.beforeLeaving = async () => {
      leaving += 1;
      if (leaving > 1) return;
      await new Promise<void>(resolve => {
        stalled = resolve;
      });
    };
    const late = bench.run(first);
    await vi.waitUntil(() => stalled !== undefined);
    vi.useFakeTimers({ toFake: ['Date'] });
    const others = bench.resources();
    expect(await bench.run(first, others)).toMatchObject({ result: { version: 1 } });
    vi.setSystemTime(Date.now() + 90_000);
    expect(await bench.run(second, others)).toMatchObject({ result: { version: 2 } });
    stalled?.();
    expect(await late).toMatchObject({ result: { version: 1 } });
    expect(bench.taken).toEqual([0.5, 0.6, 0.5, 0.6]);
    expect(await bench.versions()).toEqual(['1 applied 2', '2 applied 2']);
  });

  it('is not sent by who was overtaken at the last look', async () => {
    const bench = openPushBench();
    const payload = await bench.tuning('t', 0.5);
    let isFirst = true;
    bench.beforeLastLook = async () => {
      if (!isFirst) return;
      isFirst = false;
      expect(await bench.run(payload)).toMatchObject({ result: { version: 1 } });
    };
    expect(await bench.run(payload)).toMatchObject({ result: { version: 1 } });
    expect(bench.put).toEqual([0.5]);
    expect(await bench.versions()).toEqual(['1 applied 1']);
  });

  it('that a limit holds back was not refused, and goes on', async () => {
    const bench = openPushBench();
    answers(bench, new NotNow(1_000, 'queue'), 'taken');
    const payload = await bench.tuning('t', 0.5);
    expect(await thrownBy(() => bench.run(payload))).toBeInstanceOf(NotNow);
    expect(await bench.versions()).toEqual(['1 ended 1']);
    expect(await bench.run(payload)).toMatchObject({ result: { version: 1 } });
  });

  it('without a result, of a version that was never in force, or too far away makes no version', async () => {
    const bench = openPushBench();
    await bench.run(await bench.tuning('first', 0.5));
    const far = await bench.tuning('far', 0.8, 0.2);
    const near = await bench.tuning('near', 0.7, 0.2);
    const unknown: PushPayload = { kind: 'tuning', tenant: 'ours', tuning: 'none', maxChange: null, by: 'ada' };
    const back = (version: number): PushPayload => ({
      kind: 'rollback',
      tenant: 'ours',
      request: 'r',
      version,
      by: 'ada',
    });
    expect(await codeOf(() => bench.run(unknown))).toBe('ARTIFACT_MISSING');
    expect(await codeOf(() => bench.run(back(2)))).toBe('VERSION_NOT_FOUND');
    const error = await codedBy(() => bench.run(far));
    expect(error.code).toBe('CHANGE_TOO_LARGE');
    expect(error.message).toMatch(/^2 thresholds .*the global threshold 0\.5 → 0\.8, A 0\.5 → 0\.8\. .*with force/);
    expect(await bench.versions()).toEqual(['1 applied 1']);
    expect(await bench.run(near)).toMatchObject({ result: { version: 2 } });
    expect(await bench.run(back(1))).toMatchObject({ result: { version: 3 } });
    expect(bench.taken).toEqual([0.5, 0.7, 0.5]);
  });
});

/** A process that dies at its n-th step, before it is done or after. */
function mortal(bench: PushBench, step: number, moment: 'before' | 'after') {
  let steps = 0;
  let isDead = false;
  const isAlive = () => {
    if (isDead) throw new Error('dead');
  };
  const stepped = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    isAlive();
    steps += 1;
    isDead = steps === step;
    if (isDead && moment === 'before') throw new Error('dead');
    const result = await act();
    isAlive();
    return result;
  };
  const seen = async <Result>(look: () => Promise<Result>): Promise<Result> => {
    isAlive();
    return await look();
  };
  const { store } = bench;
  const resources = bench.resources(
    {
      ...store,
      create: async (key, content) => await stepped(() => store.create(key, content)),
      read: async key => await seen(() => store.read(key)),
      readIfThere: async key => await seen(() => store.readIfThere(key)),
      list: async key => await seen(() => store.list(key)),
    },
    isAlive,
  );
  return { resources, hasDied: () => isDead };
}

describe('whenever its process dies', () => {
  it.each(['before', 'after'] as const)('%s a step was done, a push is one version, told of once', async moment => {
    let deaths = 0;
    for (let step = 1; ; step++) {
      const bench = openPushBench();
      const payload = await bench.tuning('t', 0.5);
      const { resources, hasDied } = mortal(bench, step, moment);
      await bench.run(payload, resources).catch(() => undefined);
      expect(await untilDone(bench, payload)).toBe(1);
      expect(new Set(bench.put), `step ${step}`).toEqual(new Set([0.5]));
      expect(bench.put.length).toBeLessThanOrEqual(2);
      // A sending counts from when it is claimed, which is before it leaves.
      expect(await bench.versions()).toEqual([expect.stringMatching(/^1 applied [12]$/)]);
      expect(await audited(bench)).toEqual(told(1, 'applied'));
      if (!hasDied()) break;
      deaths += 1;
    }
    // Three notes and two entries of the audit log, three of the pushes'.
    expect(deaths).toBe(8);
  });
});

it('of many pushes at once the versions reach the platform in their spec, and the last one stays', async () => {
  const bench = openPushBench();
  answers(bench, 'lost before', 'taken', 'lost after', 'lost before', 'taken', 'lost after', 'taken');
  const payloads = await Promise.all([1, 2, 3, 4].map(each => bench.tuning(`t${each}`, each / 10)));
  const versions = await Promise.all(payloads.map(payload => untilDone(bench, payload, bench.resources())));
  expect(versions.toSorted()).toEqual([1, 2, 3, 4]);
  const { pushes } = await openPushes(bench.store).read();
  const spec = pushes.map(each => each.thresholds.global);
  expect([...new Set(bench.put)]).toEqual(spec);
  expect(bench.put).toEqual(bench.put.toSorted((a, b) => spec.indexOf(a) - spec.indexOf(b)));
  expect(bench.taken.at(-1)).toBe(spec.at(-1));
  expect(await audited(bench)).toEqual([1, 2, 3, 4].flatMap(version => told(version, 'applied')));
});
