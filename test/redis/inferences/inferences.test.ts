import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { type Inference, isForReview, type Review, reviewOf } from '../../../src/domain/entity/inference.ts';
import { addTotals, noTotals, observationOf, type Totals } from '../../../src/domain/entity/metrics.ts';
import { openLogger } from '../../../src/logger.ts';
import { openSharedCounters } from '../../../src/redis/counters/shared-counters.ts';
import { type InferenceParts, openInferences } from '../../../src/redis/inferences/inferences.ts';
import { openSpool, type Window } from '../../../src/redis/inferences/spool.ts';
import { type Audit, openAudit } from '../../../src/store/audit/audit.ts';
import { openSealing } from '../../../src/store/sealing/sealing.ts';
import { inferenceOf, resultOf } from '../../integration/inference.ts';
import { useRedis } from '../../redis-server.ts';
import { memoryStore } from '../../store/audit/memory-store.ts';

const redis = useRedis();
/** A tenant whose processes share Redis and a store. */
function site() {
  const prefix = redis.prefix();
  const store = memoryStore();
  const sent: Window[] = [];
  const times = { batchEveryMs: 60_000, claimMs: 0 };
  const parts = (changes: Partial<InferenceParts> = {}): InferenceParts => ({
    spool: openSpool(redis.connect(), prefix, true, times),
    audit: openAudit(store),
    sealing: openSealing(store),
    send: async window => void sent.push(window),
    logger: openLogger('silent'),
    ...changes,
  });
  const open = (changes: Partial<InferenceParts> = {}) => {
    const recorder = openInferences(parts(changes));
    return recorder;
  };
  return {
    prefix,
    store,
    sent,
    parts,
    open,
    audit: openAudit(store),
    sums: async () => await openSharedCounters(redis.connect(), prefix).read(),
  };
}

async function entriesOf(audit: Audit): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of audit.entries()) entries.push(entry);
  return entries;
}

/** Read by its type: a dump would be compressed. */
async function contentOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'list':
      return await client.lrange(key, 0, -1);
    case 'hash':
      return await client.hgetall(key);
    case 'set':
      return await client.smembers(key);
    default:
      return await client.get(key);
  }
}

const recount = (inferences: readonly Inference[]): Totals =>
  inferences.map(({ result }) => observationOf(result)).reduce<Totals>(addTotals, noTotals);

/** The sum of all fields of a metric that end so. */
function sumOf(sums: ReadonlyMap<string, number>, start: string, end = ''): number {
  return [...sums].reduce((sum, [field, by]) => (field.startsWith(start) && field.endsWith(end) ? sum + by : sum), 0);
}

describe('recorded inferences', () => {
  it('are audited and counted once each, whoever records them, and every tenth makes a window', async () => {
    const { open, audit, sums, sent } = site();
    const processes = [open(), open(), open()];
    const all = Array.from({ length: 2_345 }, (_, index) => inferenceOf(index));
    const chunks = Array.from({ length: 469 }, (_, index) => all.slice(index * 5, index * 5 + 5));
    await Promise.all(chunks.map((chunk, index) => processes[index % 3]?.record(chunk)));
    await Promise.all(processes.map(process => process.flush()));

    const entries = await entriesOf(audit);
    expect(entries.map(({ id }) => id).sort()).toEqual(all.map(({ requestId }) => requestId).sort());
    const { segments, findings } = await audit.verify();
    expect(findings).toEqual([]);
    expect(segments).toBeLessThan(10);

    const counted = await sums();
    const expected = recount(all);
    expect(sumOf(counted, 'cxone_entity_requests_total|')).toBe(expected.requests);
    expect(sumOf(counted, 'cxone_entity_requests_total|', '|batch')).toBe(all.length / 4 - 0.25);
    expect(sumOf(counted, 'cxone_entity_latency_seconds|', '|sum')).toBe(expected.latencyUs);
    expect(sumOf(counted, 'cxone_entity_confidence_ratio|', '|sum')).toBe(expected.confidenceMillionths);
    const confidences = [...counted].filter(([field]) => /^cxone_entity_confidence_ratio.*\|[\d.]+$/.test(field));
    expect(confidences.reduce((sum, [, by]) => sum + by, 0)).toBe(expected.entities);

    // Processes may hand over the same window at once: the outbox tells by its id.
    const windows = [...new Map(sent.map(window => [window.id, window])).values()];
    expect(new Set(sent.map(window => JSON.stringify(window))).size).toBe(windows.length);
    expect(windows).toHaveLength(234);
    expect(new Set(windows.map(({ totals }) => totals.requests))).toEqual(new Set([10]));
    const inWindows = windows.reduce<Totals>((sum, { totals }) => addTotals(sum, totals), noTotals);
    expect(expected.requests - inWindows.requests).toBe(5);
    expect(inWindows.latencyUs).toBeLessThan(expected.latencyUs);
  });

  it('make windows of ten consecutive requests, with their own totals and the time of the last', async () => {
    const { open, sent } = site();
    const recorder = open();
    const all = Array.from({ length: 29 }, (_, index) => inferenceOf(index));
    for (const each of all.slice(0, 7)) await recorder.record([each]);
    await recorder.record(all.slice(7));
    await recorder.flush();
    expect(sent.map(({ totals, at }) => ({ totals, at }))).toEqual([
      { totals: recount(all.slice(0, 10)), at: all[9]?.at },
      { totals: recount(all.slice(10, 20)), at: all[19]?.at },
    ]);
  });

  it('are recorded once, whichever attempt does it first', async () => {
    const { open, audit, sums } = site();
    const once = { id: 'batch.1', forMs: 60_000 };
    const all = [1, 2, 3].map(line => inferenceOf(line, { requestId: 'extract.batch', line }));
    const attempts = [open(), open(), open()];
    const recorded = await Promise.all(attempts.map(attempt => attempt.record(all, once)));
    expect(recorded.filter(isNew => isNew)).toHaveLength(1);
    expect(await attempts[0]?.record(all, { ...once, id: 'batch.2' })).toBe(true);
    expect(await attempts[0]?.record([])).toBe(false);
    for (const attempt of attempts) await attempt.flush();
    expect((await entriesOf(audit)).map(({ details }) => details.line)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(sumOf(await sums(), 'cxone_entity_requests_total|')).toBe(6);
  });

  it('are nowhere in Redis as they were said', async () => {
    const { open, store } = site();
    const recorder = open();
    await recorder.record([inferenceOf(7), inferenceOf(8)]);
    const client = redis.connect();
    const stored = JSON.stringify(await Promise.all((await client.keys('*')).map(key => contentOf(client, key))));
    expect(stored).toContain('cxone_entity_requests_total');
    expect(stored).not.toMatch(/words|value 7/);
    await recorder.flush();
    const named = [...store.files].filter(([, content]) => content.toString().includes('the words'));
    expect(named.map(([key]) => key.startsWith('audit/texts/'))).toEqual([true]);
  });
});

describe('a process that dies', () => {
  const dies = () => {
    throw new Error('killed');
  };

  it('between taking a batch and writing it loses none: another process writes it', async () => {
    const { open, parts, audit } = site();
    const killed = open({ audit: { ...parts().audit, appendBatch: dies } });
    await killed.record([inferenceOf(1), inferenceOf(2)]);
    await expect(killed.flush()).rejects.toThrow('killed');
    const other = open();
    await other.record([inferenceOf(3)]);
    await other.flush();
    expect((await entriesOf(audit)).map(({ id }) => id)).toEqual(['extract.1', 'extract.2', 'extract.3']);
  });

  it('after writing a batch, before it says so, doubles none, and leaves no second text', async () => {
    const { open, parts, audit, store } = site();
    const killed = open({ spool: { ...parts().spool, release: dies } });
    await killed.record([inferenceOf(1), inferenceOf(2)]);
    await expect(killed.flush()).rejects.toThrow('killed');
    await Promise.all([open(), open()].map(process => process.flush()));
    expect((await entriesOf(audit)).map(({ id }) => id)).toEqual(['extract.1', 'extract.2']);
    expect([...store.files.keys()].filter(key => key.startsWith('audit/texts/'))).toHaveLength(1);
  });

  it('between a window and its sending sends it again under the same id', async () => {
    const { open, sent } = site();
    const killed = open({
      send: async window => {
        sent.push(window);
        dies();
      },
    });
    await killed.record(Array.from({ length: 10 }, (_, index) => inferenceOf(index)));
    await expect(killed.flush()).rejects.toThrow('killed');
    await open().flush();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });
});

describe('batches', () => {
  it('have 1,000 entries at most, and a second between them unless they are full', async () => {
    const { parts } = site();
    const { spool } = parts();
    const entry = { counted: { fields: {}, types: [], totals: noTotals }, entry: 'x', at: 0 };
    const record = (count: number) =>
      spool.record(
        Array.from({ length: count }, () => entry),
        null,
      );
    expect((await record(3)).waiting).toBe(3);
    expect((await spool.claim(false, 0))?.entries).toHaveLength(3);
    await record(999);
    // The first batch has not been released: it is taken over first.
    const [first] = await spool.claimed();
    await spool.release({ id: first ?? '', entries: [], after: 0 });
    expect(await spool.claim(false, 0)).toBeNull();
    await record(2);
    const full = await spool.claim(false, 7);
    expect([full?.entries.length, full?.after]).toEqual([1_000, 7]);
    if (full !== null) await spool.release(full);
    expect(await spool.claim(false, 7)).toBeNull();
    expect((await spool.claim(true, 7))?.entries).toHaveLength(1);
  });
});

describe('types of entities', () => {
  it('are counted by name where they were requested, and few', async () => {
    const { open, sums } = site();
    const named = (name: string, index = 0): Inference =>
      inferenceOf(index, {
        types: name === 'unrequested' ? [] : [name],
        result: resultOf(0, { entities: [{ name, value: 'v', confidence: 0.9, start: 0, end: 1 }] }),
      });
    const many = Array.from({ length: 60 }, (_, index) => named(`type${index}`));
    await open().record([named('product'), ...many, named('unrequested'), named('a|b'), named('product')]);
    const counted = [...(await sums()).keys()].filter(field => /^cxone_entity_confidence.*\|sum$/.test(field));
    const types = counted.map(field => field.split('|')[2]);
    expect(types).toHaveLength(51);
    expect(types).toEqual(expect.arrayContaining(['product', 'type0', 'type48', 'other']));
    expect((await sums()).get('cxone_entity_confidence_ratio|en-US|other|sum')).toBe(13 * 900_000);
  });
});

describe('what is to be reviewed', () => {
  it('has the whole text until it is erased, and others keep theirs', async () => {
    const { open, audit } = site();
    const long = `${'a '.repeat(200)}refund`;
    const flagged = inferenceOf(1, { result: resultOf(1, { input_text: long, entities: [] }) });
    const compliant = inferenceOf(2, {
      result: resultOf(2, { entities: [{ name: 'date', value: 'v', confidence: 0.9, start: 0, end: 1 }] }),
    });
    const other = inferenceOf(4, { requestId: randomUUID(), result: resultOf(4, { entities: [] }) });
    const recorder = open();
    await recorder.record([flagged, compliant, other]);
    await recorder.flush();

    const reviews = async (): Promise<(Review | null)[]> => {
      const found = (await entriesOf(audit)).filter(isForReview);
      return await Promise.all(
        found.map(async entry => {
          const text = await audit.textOf(entry);
          return text === null ? null : reviewOf(entry, text);
        }),
      );
    };
    const timestamp = (index: number) => new Date(Date.UTC(2026, 10, 28) + index).toISOString();
    expect(await reviews()).toEqual([
      { timestamp: timestamp(1), text: long, language: 'de-DE', entities: [], requestId: flagged.requestId },
      {
        timestamp: timestamp(4),
        text: 'the words of customer 4',
        language: 'en-US',
        entities: [],
        requestId: other.requestId,
      },
    ]);
    expect(await audit.eraseTexts(flagged.requestId, 'ada')).toBe(1);
    expect(await audit.eraseTexts(flagged.requestId, 'ada')).toBe(0);
    expect((await reviews()).map(review => review?.requestId)).toEqual([undefined, other.requestId]);
    expect(await audit.verify()).toMatchObject({ findings: [], erasedTexts: 1, entries: 4 });
  });
});
