import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryDraft } from '../../../src/domain/audit/entry.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { type AuditBatch, openBatch } from '../../../src/store/audit/batch.ts';
import { codeOf } from '../../thrown.ts';
import { memoryStore } from './memory-store.ts';

const inference = (id: number): EntryDraft => ({
  id: String(id),
  kind: 'inference',
  what: 'entities.extract',
  by: 'bot',
  details: {},
});

describe('a batch', () => {
  let written: (readonly EntryDraft[])[] = [];
  let failure: Error | null = null;
  let batch: AuditBatch;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    written = [];
    failure = null;
    batch = openBatch(async drafts => {
      written.push(drafts);
      if (failure !== null) throw failure;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const sizes = () => written.map(drafts => drafts.length);
  const add = (count: number) => Array.from({ length: count }, (_, index) => batch.add(inference(index)));

  it('is written a second after its first entry', async () => {
    const early = add(2);
    vi.advanceTimersByTime(999);
    const late = add(1);
    expect(sizes()).toEqual([]);
    vi.advanceTimersByTime(1);
    await Promise.all([...early, ...late]);
    expect(sizes()).toEqual([3]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sizes()).toEqual([3]);
  });

  it('is written at 1,000 entries, and the next second begins with the next entry', async () => {
    const some = add(1_000);
    await Promise.all(some);
    expect(sizes()).toEqual([1_000]);
    vi.advanceTimersByTime(600);
    const next = add(1);
    vi.advanceTimersByTime(999);
    expect(sizes()).toEqual([1_000]);
    vi.advanceTimersByTime(1);
    await Promise.all(next);
    expect(sizes()).toEqual([1_000, 1]);
  });

  it('keeps the instant at which an entry was given', async () => {
    vi.setSystemTime(Date.UTC(2026, 2, 1));
    const early = add(1);
    vi.advanceTimersByTime(400);
    const late = add(1);
    vi.advanceTimersByTime(600);
    await Promise.all([...early, ...late]);
    expect(written[0]?.map(draft => draft.at)).toEqual([Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 1) + 400]);
  });

  it('is written when it is closed, and what comes later at once', async () => {
    const all = add(3);
    await batch.close();
    expect(sizes()).toEqual([3]);
    await Promise.all([...all, ...add(1)]);
    expect(sizes()).toEqual([3, 1]);
  });

  it('that cannot be written fails for each of its entries, and for no other', async () => {
    failure = new Error('the disk is full');
    const lost = add(2);
    const results = Promise.allSettled(lost);
    vi.advanceTimersByTime(1_000);
    expect((await results).map(each => each.status)).toEqual(['rejected', 'rejected']);
    failure = null;
    const kept = add(1);
    await batch.close();
    await Promise.all(kept);
  });

  it('is not lost through what is no entry', async () => {
    const good = add(1);
    expect(await codeOf(() => batch.add({ ...inference(1), details: { mean: Number.NaN } }))).toBe('INTERNAL');
    await batch.close();
    await Promise.all(good);
    expect(sizes()).toEqual([1]);
  });
});

it('a batch of the audit log is one segment of it, durable once an entry’s promise resolves', async () => {
  const store = memoryStore();
  const batch = openAudit(store).batch();
  const added = Promise.all(
    Array.from({ length: 1_500 }, (_, index) => batch.add({ ...inference(index), text: `text ${index}` })),
  );
  await batch.close();
  await added;
  expect(await openAudit(store).verify()).toMatchObject({ segments: 2, entries: 1_500, findings: [], erasedTexts: 0 });
});
