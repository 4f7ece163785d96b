import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertCounts } from '../../../src/domain/sentiment/alert-counts.ts';
import { toStored } from '../../../src/domain/sentiment/alert-counts.ts';
import { emptyLog } from '../../../src/domain/sentiment/calibration-log.ts';
import type { AlertTriggered } from '../../../src/domain/sentiment/hook-event.ts';
import { precisionReport } from '../../../src/domain/sentiment/precision.ts';
import { type Alerts, openAlerts } from '../../../src/store/alerts/alerts.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';
import { codedBy } from '../../thrown.ts';
import { memoryStore } from '../audit/memory-store.ts';

const open = (store: ArtifactStore): Alerts => openAlerts(store, async () => emptyLog);
const how = { at: '2024-06-01T00:00:00.000Z', by: 'alice', reason: null };

function event(number: number, about: Partial<AlertTriggered> = {}): AlertTriggered {
  return {
    id: `event-${number}`,
    at: new Date(Date.parse('2024-05-15T12:00:00.000Z') + number * 1_000).toISOString(),
    type: 'agentassist.alert.triggered',
    alertId: `alert-${number}`,
    interactionId: `conv-${number}`,
    emotion: number % 3 === 0 ? 'frustration' : 'anger',
    directive: number % 2 === 0 ? 'block' : 'notify',
    score: (number % 100) / 100,
    threshold: null,
    calibrationJobId: null,
    ...about,
  };
}

const stored = (counts: AlertCounts) => JSON.stringify(toStored(counts));

async function pagedIds(alerts: Alerts, filter: Parameters<Alerts['page']>[0], limit: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Alerts['page']>> = await alerts.page(filter, { after, limit });
    ids.push(...(page?.alerts ?? []).map(each => each.id));
    after = page?.next ?? null;
  } while (after !== null);
  return ids;
}

describe('events', () => {
  it('are recorded once, whatever repetitions arrive at the same time or later', async () => {
    const store = memoryStore();
    const alerts = open(store);
    const first = await Promise.all([event(1), event(1), event(2)].map(each => alerts.record(each)));
    expect(first.sort()).toEqual(['known', 'recorded', 'recorded']);
    expect(await alerts.record(event(2))).toBe('known');
    expect(await open(store).record(event(1, { emotion: 'other' }))).toBe('known');
    expect((await alerts.find('alert-1'))?.emotion).toBe('anger');
    expect((await alerts.counts()).total).toEqual({ open: 2, confirmed: 0, refuted: 0 });
  });

  it('about one alert under two ids make one alert, as the first one describes it', async () => {
    const alerts = open(memoryStore());
    await alerts.record(event(1));
    expect(await alerts.record(event(2, { alertId: 'alert-1', emotion: 'other' }))).toBe('recorded');
    expect(await alerts.record(event(2, { alertId: 'alert-1' }))).toBe('known');
    expect((await alerts.counts()).total.open).toBe(1);
    expect((await alerts.find('alert-1'))?.emotion).toBe('anger');
  });

  it('of a calibration are recorded and count as no alert', async () => {
    const alerts = open(memoryStore());
    const { id, at } = event(1);
    const update = {
      id,
      at,
      type: 'sentiment.calibration.updated',
      calibrationJobId: 'j',
      status: 'completed',
    } as const;
    expect(await alerts.record(update)).toBe('recorded');
    expect(await alerts.record(update)).toBe('known');
    expect((await alerts.counts()).total.open).toBe(0);
  });

  it('that arrive together share an entry of the log', async () => {
    const store = memoryStore();
    const alerts = open(store);
    await Promise.all(Array.from({ length: 300 }, (_, number) => alerts.record(event(number))));
    const entries = [...store.files.keys()].filter(key => key.startsWith('alerts/log/'));
    expect(entries.length).toBeLessThanOrEqual(4);
    expect((await alerts.counts()).total.open).toBe(300);
  });

  it('of several writers at once are all recorded, each once', async () => {
    const store = memoryStore();
    const writers = [open(store), open(store), open(store)];
    const results = await Promise.all(
      writers.flatMap(writer => Array.from({ length: 60 }, (_, number) => writer.record(event(number)))),
    );
    expect(results.filter(result => result === 'recorded')).toHaveLength(60);
    expect((await open(store).counts()).total.open).toBe(60);
    expect(await open(store).verify()).toEqual([]);
  });

  it('are all rejected while the store cannot be written, and recorded after that', async () => {
    const store = memoryStore();
    let isBroken = true;
    const alerts = open({
      ...store,
      create: async (key, content) => {
        if (isBroken) throw new Error('disk full');
        return await store.create(key, content);
      },
    });
    await expect(Promise.all([alerts.record(event(1)), alerts.record(event(2))])).rejects.toThrow('disk full');
    isBroken = false;
    expect(await alerts.record(event(1))).toBe('recorded');
  });
});

describe('the counts', () => {
  it('do not depend on order, repetition, writers or reopening: a property', { timeout: 60_000 }, async () => {
    const deliveries = fc
      .array(fc.record({ number: fc.nat(40), close: fc.constantFrom(null, 'confirmed', 'refuted') }), { maxLength: 80 })
      .chain(steps => fc.record({ steps: fc.constant(steps), batch: fc.integer({ min: 1, max: 30 }) }));
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ steps, batch }) => {
        const store = memoryStore();
        const outcomes = new Map<number, string | null>();
        for (let start = 0; start < steps.length; start += batch) {
          const alerts = open(store);
          const part = steps.slice(start, start + batch);
          await Promise.all(part.map(({ number }) => alerts.record(event(number))));
          for (const { number, close } of part) {
            if (close !== null) await alerts.close(`alert-${number}`, { ...how, outcome: close });
            outcomes.set(number, outcomes.get(number) ?? close);
          }
        }
        const all = [...outcomes.values()];
        const { total, by } = await open(store).counts();
        expect(total).toEqual({
          open: all.filter(each => each === null).length,
          confirmed: all.filter(each => each === 'confirmed').length,
          refuted: all.filter(each => each === 'refuted').length,
        });
        const anger = [...outcomes.keys()].filter(number => number % 3 !== 0).length;
        const counted = by.emotion.get('anger');
        expect((counted?.open ?? 0) + (counted?.confirmed ?? 0) + (counted?.refuted ?? 0)).toBe(anger);
      }),
      { numRuns: 30 },
    );
  });

  it('are read from a checkpoint and the entries after it', async () => {
    const store = memoryStore();
    const alerts = open(store);
    for (let number = 0; number < 600; number += 1) await alerts.record(event(number));
    const expected = stored(await alerts.counts());
    const read: string[] = [];
    const watched: ArtifactStore = {
      ...store,
      readIfThere: async key => {
        read.push(key);
        return await store.readIfThere(key);
      },
    };
    expect(stored(await open(watched).counts())).toBe(expected);
    const entries = new Set(read.filter(key => key.startsWith('alerts/log/')));
    expect(entries.size).toBeLessThan(600 - 512 + 10);

    read.length = 0;
    expect(await open(watched).record(event(599))).toBe('known');
    expect(new Set(read.filter(key => key.startsWith('alerts/log/'))).size).toBeLessThan(600 - 512 + 10);
  });

  it('survive damaged index parts and checkpoints, which are computed again', async () => {
    const store = memoryStore();
    const alerts = open(store);
    for (let number = 0; number < 520; number += 1) await alerts.record(event(number));
    await alerts.close('alert-7', { ...how, outcome: 'refuted' });
    const expected = precisionReport(await alerts.counts());
    for (const key of [...store.files.keys()])
      if (/index|checkpoints/.test(key)) store.files.set(key, Buffer.from('{"damaged":1}'));
    const again = open(store);
    expect(precisionReport(await again.counts())).toEqual(expected);
    expect(await again.record(event(3))).toBe('known');
    expect((await again.find('alert-7'))?.closed?.outcome).toBe('refuted');
  });

  it('are refused, naming the entry, where one was altered', async () => {
    const store = memoryStore();
    await open(store).record(event(1));
    const key = 'alerts/log/000000000001.json';
    store.files.set(key, Buffer.from(String(store.files.get(key)).replace('anger', 'irony')));
    const error = await codedBy(() => open(store).counts());
    expect(error.code).toBe('ALERT_LOG_DAMAGED');
    expect(error.message).toContain('000000000001.json');
  });
});

describe('closing', () => {
  it('counts the first outcome only, also of two at once', async () => {
    const store = memoryStore();
    const [one, other] = [open(store), open(store)];
    await one.record(event(1));
    const closed = await Promise.all([
      one.close('alert-1', { ...how, outcome: 'confirmed' }),
      other.close('alert-1', { ...how, outcome: 'refuted' }),
    ]);
    expect(closed.filter(({ ok }) => ok)).toHaveLength(1);
    const { confirmed, refuted, open: left } = (await open(store).counts()).total;
    expect([confirmed + refuted, left]).toEqual([1, 0]);
  });

  it('of an unknown alert changes nothing', async () => {
    const store = memoryStore();
    expect(await open(store).close('nope', { ...how, outcome: 'confirmed' })).toEqual({ ok: false, why: 'not-found' });
    expect([...store.files.keys()]).toEqual([]);
  });
});

describe('pages', () => {
  it('list every alert once, newest first, of equal instants too', async () => {
    const alerts = open(memoryStore());
    const sameInstant = { at: '2024-05-15T12:00:00.000Z' };
    await Promise.all(Array.from({ length: 40 }, (_, number) => alerts.record(event(number, sameInstant))));
    await Promise.all(Array.from({ length: 40 }, (_, number) => alerts.record(event(number + 40))));
    for (const limit of [1, 7, 40, 100]) {
      const ids = await pagedIds(alerts, {}, limit);
      expect(ids).toHaveLength(80);
      expect(new Set(ids).size).toBe(80);
      expect(ids[0]).toBe('alert-79');
    }
  });

  it('are filtered by state, emotion, directive and time', async () => {
    const alerts = open(memoryStore());
    await Promise.all(Array.from({ length: 60 }, (_, number) => alerts.record(event(number))));
    await alerts.close('alert-6', { ...how, outcome: 'refuted' });
    await alerts.close('alert-9', { ...how, outcome: 'confirmed' });
    const ids = async (filter: Parameters<Alerts['page']>[0]) => await pagedIds(alerts, filter, 5);
    expect(await ids({ state: 'refuted' })).toEqual(['alert-6']);
    expect(await ids({ state: 'open' })).toHaveLength(58);
    expect(await ids({ emotion: 'frustration', directive: 'block' })).toHaveLength(10);
    expect(await ids({ emotion: 'joy' })).toEqual([]);
    expect(await ids({ since: event(10).at, until: event(13).at })).toEqual(['alert-12', 'alert-11', 'alert-10']);
  });

  it('refuse what is not a cursor', async () => {
    expect(await open(memoryStore()).page({}, { after: 'x', limit: 5 })).toBeNull();
  });
});

it('scores hold the alerts of each trigger, with their outcomes', async () => {
  const alerts = open(memoryStore());
  await Promise.all([1, 2, 101].map(number => alerts.record(event(number))));
  await alerts.record(event(5, { score: null }));
  await alerts.close('alert-101', { ...how, outcome: 'confirmed' });
  const scores = await alerts.scores();
  const trigger = scores.get(JSON.stringify(['anger', 'notify']));
  expect(trigger?.byScore.get(0.01)).toEqual({ open: 1, confirmed: 1, refuted: 0 });
  expect(trigger?.withoutScore).toEqual({ open: 1, confirmed: 0, refuted: 0 });
});
