import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endStates, type ListedRequest, type RequestFilter } from '../../../src/domain/request/listed-request.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';
import { openRequestList, type RequestEntry, type RequestList } from '../../../src/store/requests/request-list.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function newStore(): Promise<ArtifactStore> {
  const store = openFileStore(temporaryFolder());
  await store.establish();
  return store;
}

const kinds = ['curation', 'tuning', 'training'] as const;
const subjects = [null, 'support', 'a "quoted"‮ name'] as const;

function request(token: string, ms: number, kind = 'curation', subject: string | null = null): ListedRequest {
  return { id: `open.${token}`, token, kind, subject, by: 'alice', owner: null, at: new Date(ms).toISOString() };
}

async function all(list: RequestList, filter: RequestFilter, limit: number): Promise<RequestEntry[]> {
  const found: RequestEntry[] = [];
  for (let after: string | null = null; ; ) {
    const { entries, next } = await list.page(filter, limit, after);
    expect(entries.length).toBeLessThanOrEqual(limit);
    found.push(...entries);
    if (next === null) return found;
    after = next;
  }
}

describe('the list of requests', () => {
  it('has each request once, newest first, whatever the filter and the page size', async () => {
    const drawn = fc.array(
      fc.record({
        // Within the same minute, and over several days.
        ms: fc.oneof(fc.nat(59_999), fc.nat(3 * 86_400_000)),
        kind: fc.constantFrom(...kinds),
        subject: fc.constantFrom(...subjects),
        end: fc.option(fc.constantFrom(...endStates), { nil: null }),
      }),
      { maxLength: 25 },
    );
    const filters = fc.record(
      {
        kind: fc.constantFrom(...kinds),
        state: fc.constantFrom('open' as const, ...endStates),
        subject: fc.constantFrom('support', 'unknown'),
        since: fc.nat(3 * 86_400_000),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(drawn, filters, fc.integer({ min: 1, max: 7 }), async (made, filter, limit) => {
        const list = openRequestList(await newStore());
        const expected: RequestEntry[] = [];
        for (const [number, { ms, kind, subject, end }] of made.entries()) {
          const each = request(`t${number}`, ms, kind, subject);
          await list.add(each);
          const ended = end === null ? null : { state: end, at: new Date(ms + 1).toISOString() };
          if (ended !== null) await list.end(each, ended);
          const fits =
            (filter.kind === undefined || filter.kind === kind) &&
            (filter.subject === undefined || filter.subject === subject) &&
            (filter.since === undefined || ms >= filter.since) &&
            (filter.state === undefined || filter.state === (end ?? 'open'));
          if (fits) expected.push({ request: each, end: ended });
        }
        const found = await all(list, filter, limit);
        const byId = (entries: readonly RequestEntry[]) =>
          [...entries].sort((a, b) => (a.request.id < b.request.id ? -1 : 1));
        expect(byId(found)).toEqual(byId(expected));
        const times = found.map(entry => entry.request.at);
        expect(times).toEqual([...times].sort().reverse());
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the first end of a request, and opens it again', async () => {
    const list = openRequestList(await newStore());
    const one = request('one', 1_000);
    await list.add(one);
    expect(await list.endOf(one)).toBeNull();
    await list.end(one, { state: 'failed', at: one.at, code: 'RUN_FAILED' });
    await list.add(one);
    expect(await list.endOf(one)).toEqual({ state: 'failed', at: one.at, code: 'RUN_FAILED' });
    expect((await list.page({ state: 'open' }, 10, null)).entries).toEqual([]);

    await list.reopen(one);
    expect(await list.endOf(one)).toBeNull();
    expect((await list.page({}, 10, null)).entries).toEqual([{ request: one, end: null }]);
  });

  it('has a request once that ends otherwise than it did before', async () => {
    const list = openRequestList(await newStore());
    const one = request('one', 1_000);
    await list.add(one);
    await list.end(one, { state: 'failed', at: one.at });
    await list.end(one, { state: 'succeeded', at: one.at });
    expect((await list.page({}, 10, null)).entries).toEqual([
      { request: one, end: { state: 'succeeded', at: one.at } },
    ]);
  });

  it('reads no names of older minutes than a page needs', async () => {
    const store = await newStore();
    const writing = openRequestList(store);
    for (let minute = 0; minute < 30; minute++) {
      const each = request(`m${minute}`, minute * 60_000);
      await writing.add(each);
      await writing.end(each, { state: 'succeeded', at: each.at });
    }
    let listed = 0;
    const counting: ArtifactStore = {
      ...store,
      list: async folder => {
        listed++;
        return await store.list(folder);
      },
    };
    const { entries, next } = await openRequestList(counting).page({}, 5, null);
    expect(entries.map(entry => entry.request.token)).toEqual(['m29', 'm28', 'm27', 'm26', 'm25']);
    // The open requests, the days, the day's minutes, and a minute for each request and the one after.
    expect(listed).toBeLessThanOrEqual(9);
    expect(next).not.toBeNull();
  });
});
