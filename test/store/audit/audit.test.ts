import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryDraft } from '../../../src/domain/audit/entry.ts';
import { MlopsError } from '../../../src/errors.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf } from '../../thrown.ts';
import { memoryStore } from './memory-store.ts';

const action = (id: string, more: Partial<EntryDraft> = {}): EntryDraft => ({
  id,
  kind: 'action',
  what: 'dataset.restore',
  by: 'operator',
  details: { version: 3 },
  ...more,
});
const change = { id: 'push-1', what: 'config.push', by: 'operator', details: { intents: 12 } };
const everything = Number.MAX_SAFE_INTEGER;

async function idsIn(store: ArtifactStore): Promise<string[]> {
  return (await openAudit(store).tail(everything)).entries.map(entry => entry.id);
}

describe('the audit log', () => {
  it('is whole while it is empty', async () => {
    const audit = openAudit(openFileStore(temporaryFolder()));
    expect(await audit.verify()).toEqual({
      segments: 0,
      entries: 0,
      head: null,
      findings: [],
      openIntents: [],
      erasedTexts: 0,
    });
    expect(await audit.tail(5)).toEqual({ entries: [], damaged: [] });
  });

  it('has all entries of all writers exactly once, each writer’s in its order, and a whole chain', async () => {
    const appends = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(appends, async writers => {
        const store = memoryStore();
        const wanted = await Promise.all(
          writers.map(async (sizes, writer) => {
            const audit = openAudit(store);
            const groups = sizes.map((size, group) =>
              Array.from({ length: size }, (_, index) => `${writer}.${group}.${index}`),
            );
            // Not awaited one by one: a process appends from many jobs at once.
            await Promise.all(groups.map(ids => audit.append(ids.map(id => action(id)))));
            return groups.flat();
          }),
        );
        const ids = await idsIn(store);
        expect(ids).toHaveLength(wanted.flat().length);
        for (const [writer, own] of wanted.entries())
          expect(ids.filter(id => id.startsWith(`${writer}.`))).toEqual(own);
        expect(await openAudit(store).verify()).toMatchObject({
          segments: writers.flat().length,
          entries: ids.length,
          findings: [],
        });
      }),
      { numRuns: 30 },
    );
  });

  it('has one winner a number among writers on a file system', async () => {
    const root = temporaryFolder();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const audit = openAudit(openFileStore(root));
        for (let count = 0; count < 5; count++) await audit.append([action(`${writer}.${count}`)]);
      }),
    );
    const store = openFileStore(root);
    expect(new Set(await idsIn(store)).size).toBe(40);
    expect(await openAudit(store).verify()).toMatchObject({ segments: 40, entries: 40, findings: [] });
  });

  it('goes on behind a writer that has seen many segments less', async () => {
    const store = memoryStore();
    const slow = openAudit(store);
    await slow.append([action('first')]);
    const quick = openAudit(store);
    for (let count = 0; count < 80; count++) await quick.append([action(`quick-${count}`)]);
    expect(await slow.append([action('last')])).toMatchObject({ number: 82 });
    expect(await slow.verify()).toMatchObject({ segments: 82, findings: [] });
  });

  it('keeps no signature, login or secret', async () => {
    const store = memoryStore();
    const url = 'https://user:hush@s3.example/model?X-Amz-Signature=hush#hush';
    await openAudit(store).append([
      action('a', { what: `fetch ${url}`, by: `bearer hush`, details: { deep: [{ url }], token: 'hush' } }),
    ]);
    expect([...store.files.values()].join('')).not.toContain('hush');
    expect([...store.files.values()].join('')).toContain('https://s3.example/model');
  });

  it('refuses what is no entry, and says which field', async () => {
    const audit = openAudit(memoryStore());
    expect(await codeOf(() => audit.append([action('a', { details: { f1: Number.NaN } })]))).toBe('INTERNAL');
    expect(await codeOf(() => audit.append([action('')]))).toBe('INTERNAL');
    expect(await codeOf(() => audit.append([]))).toBe('INTERNAL');
    expect(await audit.verify()).toMatchObject({ segments: 0 });
  });

  it('shows its newest entries, oldest first', async () => {
    const audit = openAudit(memoryStore());
    await audit.append(['a', 'b', 'c'].map(id => action(id)));
    await audit.append([action('d', { at: Date.UTC(2026, 2, 1) })]);
    const { entries } = await audit.tail(2);
    expect(entries.map(({ id, segment }) => [id, segment])).toEqual([
      ['c', 1],
      ['d', 2],
    ]);
    expect(entries[1]).toMatchObject({ at: '2026-03-01T00:00:00.000Z', details: { version: 3 } });
    expect((await audit.tail(0)).entries).toEqual([]);
  });

  describe('after a doubtful answer of the store', () => {
    const doubtful = (store: ArtifactStore, answer: () => boolean): ArtifactStore => ({
      ...store,
      async create(key, content) {
        await store.create(key, content);
        return answer();
      },
    });
    const broken = () => {
      throw new MlopsError('STORE_TROUBLE', 'the connection broke');
    };

    it.each([
      ['no answer', broken],
      ['a conflict with itself', () => false],
    ])('(%s) finds its own segment there, and writes it once', async (_, answer) => {
      const store = memoryStore();
      await openAudit(doubtful(store, answer)).append([action('a')]);
      expect(await idsIn(store)).toEqual(['a']);
    });

    it('fails where nothing stands there', async () => {
      const store = { ...memoryStore(), create: async () => broken() };
      expect(await codeOf(() => openAudit(store).append([action('a')]))).toBe('STORE_TROUBLE');
    });
  });
});

describe('a change', () => {
  it('has one intent and one outcome, however often its job runs', async () => {
    const store = memoryStore();
    for (let run = 0; run < 3; run++) {
      const audit = openAudit(store);
      expect(await audit.intent(change)).toBe(run === 0);
      expect(await audit.outcome({ ...change, details: { run } })).toBe(run === 0);
    }
    const { entries } = await openAudit(store).tail(everything);
    expect(entries.map(({ kind, details }) => [kind, details])).toEqual([
      ['intent', { intents: 12 }],
      ['outcome', { run: 0 }],
    ]);
    expect(await openAudit(store).verify()).toMatchObject({ findings: [], openIntents: [] });
  });

  it('has one outcome, however many processes write it at once and whatever else they write', async () => {
    const store = memoryStore();
    await openAudit(store).intent(change);
    const appended = await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const audit = openAudit(store);
        const [isFirst] = await Promise.all([audit.outcome(change), audit.append([action(`${writer}`)])]);
        return isFirst;
      }),
    );
    expect(appended.filter(Boolean)).toHaveLength(1);
    expect((await idsIn(store)).filter(id => id === change.id)).toHaveLength(2);
    expect(await openAudit(store).verify()).toMatchObject({ segments: 10, findings: [] });
  });

  /** A store whose process dies at its `steps`th write: before it, or just after. */
  function dying(store: ArtifactStore, steps: number, after: boolean): ArtifactStore {
    let left = steps;
    return {
      ...store,
      async create(key, content) {
        if (left === 0 || (--left === 0 && !after)) throw new Error('killed');
        const created = await store.create(key, content);
        if (left === 0) throw new Error('killed');
        return created;
      },
      async readIfThere(key) {
        if (left === 0) throw new Error('killed');
        return await store.readIfThere(key);
      },
    };
  }

  it('is written once by the job that runs again, wherever the one before it was killed', async () => {
    const job = async (store: ArtifactStore) => {
      const audit = openAudit(store);
      await audit.intent(change);
      await audit.outcome({ ...change, text: 'Where is my parcel?' });
    };
    for (const after of [false, true])
      for (let steps = 1; steps <= 5; steps++) {
        const store = memoryStore();
        await openAudit(store).append([action('before')]);
        await expect(job(dying(store, steps, after))).rejects.toThrow('killed');
        for (let count = 0; count < 5; count++) await openAudit(store).append([action('between')]);
        await job(store);
        await job(store);
        const kinds = (await openAudit(store).tail(everything)).entries.map(entry => entry.kind);
        expect(kinds.filter(kind => kind !== 'action')).toEqual(['intent', 'outcome']);
        expect(await openAudit(store).verify()).toMatchObject({ findings: [], openIntents: [], erasedTexts: 0 });
      }
  });

  it('looks at nothing when its job runs for the first time, and at what came since when it runs again', async () => {
    const store = memoryStore();
    const first = openAudit(store);
    for (let count = 0; count < 50; count++) await first.append([action('before')]);
    const read: string[] = [];
    const watched: ArtifactStore = {
      ...store,
      async readIfThere(key) {
        read.push(key);
        return await store.readIfThere(key);
      },
    };
    await openAudit(watched).intent(change);
    expect(read).toEqual(['audit/log/000000000050.jsonl']);
    await first.append([action('after')]);
    read.length = 0;
    expect(await openAudit(watched).intent(change)).toBe(false);
    expect(new Set(read)).toEqual(new Set(['audit/log/000000000052.jsonl', 'audit/log/000000000051.jsonl']));
  });

  it('that was begun and has no outcome is listed', async () => {
    const audit = openAudit(memoryStore());
    await audit.intent(change);
    await audit.intent({ ...change, id: 'push-2' });
    await audit.outcome({ ...change, id: 'push-2' });
    expect(await audit.verify()).toMatchObject({
      findings: [],
      openIntents: [{ id: 'push-1', what: 'config.push', by: 'operator', segment: 1 }],
    });
  });

  it('without an intent is a finding', async () => {
    const audit = openAudit(memoryStore());
    await audit.append([action('a')]);
    await audit.outcome(change);
    expect((await audit.verify()).findings).toMatchObject([{ segment: 2 }]);
  });
});
