import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InteractionLog } from '../../src/sandbox/interactions/log.ts';
import { askLog, conversation, conversations, idsOf, readPage, start, tenant, tokenOf } from './tenant.ts';

describe('the interaction log', () => {
  it('is given newest first, with the count', async () => {
    const sandbox = await tenant();
    const answer = await readPage(sandbox, await tokenOf(sandbox));
    expect(await idsOf(answer)).toEqual(['c1', 'c2', 'c3']);
    expect(answer.totalCount).toBe(3);
  });

  it('is given oldest first on demand, without a count unless asked for', async () => {
    const sandbox = await tenant();
    const answer = await readPage(sandbox, await tokenOf(sandbox), { sort: 'timestamp asc', returnCount: 'false' });
    expect(await idsOf(answer)).toEqual(['c3', 'c2', 'c1']);
    expect(answer).not.toHaveProperty('totalCount');
  });

  it('is cut into pages; beyond the end there is nothing but the count', async () => {
    const sandbox = await tenant({ interactions: conversations(5) });
    const token = await tokenOf(sandbox);
    expect(await idsOf(readPage(sandbox, token, { pageSize: '2', page: '2' }))).toEqual(['c3', 'c4']);
    expect(await idsOf(readPage(sandbox, token, { pageSize: '2', page: '3' }))).toEqual(['c5']);
    expect(await readPage(sandbox, token, { pageSize: '2', page: '4' })).toEqual({ interactions: [], totalCount: 5 });
    expect(await readPage(sandbox, token, { page: '900719925474099' })).toEqual({ interactions: [], totalCount: 5 });
  });

  it('gives what is strictly newer than the filter, and counts that', async () => {
    const sandbox = await tenant();
    const { timestamp } = conversation('', 2);
    const answer = await readPage(sandbox, await tokenOf(sandbox), { filter: `timestamp gt '${timestamp}'` });
    expect(await idsOf(answer)).toEqual(['c1']);
    expect(answer.totalCount).toBe(1);
  });

  it('has defaults for all parameters', async () => {
    const sandbox = await tenant({ interactions: conversations(30) });
    const answer = await fetch(`${sandbox.url}/api/v2/interactions`, {
      headers: { authorization: `Bearer ${await tokenOf(sandbox)}` },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ interactions: { length: 25 } });
  });

  it.each([
    ['pageSize', '0'],
    ['pageSize', '201'],
    ['pageSize', '10.0'],
    ['pageSize', ''],
    ['page', '0'],
    ['page', '-1'],
    ['page', 'two'],
    ['sort', 'timestamp'],
    ['sort', 'timestamp DESC'],
    ['sort', 'id desc'],
    ['returnCount', '1'],
    ['filter', ''],
    ['filter', "timestamp ge '2024-05-15T13:17:21.123Z'"],
    ['filter', "timestamp gt '2024-05-15T13:17:21Z'"],
    ['filter', "timestamp gt '2024-05-15T13:17:21.123+02:00'"],
    ['filter', "timestamp gt '2024-13-45T13:17:21.123Z'"],
    ['filter', 'timestamp gt 2024-05-15T13:17:21.123Z'],
    ['filter', "timestamp gt '2024-05-15T13:17:21.123Z' and rating gt 3"],
    ['cursor', 'abc'],
  ])('refuses %s=%s', async (field, value) => {
    const sandbox = await tenant();
    const answer = await askLog(sandbox, await tokenOf(sandbox), { [field]: value });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      message: expect.any(String),
      errors: [{ field, message: expect.any(String) }],
    });
  });

  it('refuses a parameter given twice, and names every wrong one', async () => {
    const sandbox = await tenant();
    const answer = await fetch(`${sandbox.url}/api/v2/interactions?page=1&page=2&pageSize=x&toString=1`, {
      headers: { authorization: `Bearer ${await tokenOf(sandbox)}` },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [{ field: 'toString' }, { field: 'pageSize' }, { field: 'page' }],
    });
  });

  it('can be erased, rated and added to', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    expect(sandbox.erase(['c2', 'unknown'])).toBe(1);
    sandbox.rate('c3', 1);
    sandbox.insert(conversation('late', 2.5, null));
    const { interactions, totalCount } = await readPage(sandbox, token);
    expect(interactions.map(({ id, rating }) => [id, rating])).toEqual([
      ['c1', 5],
      ['late', null],
      ['c3', 1],
    ]);
    expect(totalCount).toBe(3);
    expect(sandbox.size).toBe(3);
    expect(sandbox.records()).toEqual(interactions);
    sandbox.insert(conversation('c2', 9));
    expect(await idsOf(readPage(sandbox, token))).toEqual(['c1', 'late', 'c3', 'c2']);
  });

  it('refuses an id twice, an unknown id, and what is no interaction', async () => {
    const sandbox = await tenant();
    expect(() => sandbox.insert(conversation('c1', 0))).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', where: 'c1' }),
    );
    expect(() => sandbox.rate('nobody', 5)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect(() => sandbox.insert({ ...conversation('x', 0), timestamp: '2024-05-15' })).toThrow(/timestamp/);
    expect(sandbox.size).toBe(3);
  });

  it('changes at a chosen request', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox);
    const seen: unknown[] = [];
    const end = sandbox.onRequest(async request => {
      seen.push(request);
      if (request.n === 2) sandbox.erase(['c1']);
    });
    await askLog(sandbox, token, { page: 'wrong' });
    expect(await idsOf(readPage(sandbox, token))).toEqual(['c1', 'c2', 'c3']);
    expect(await idsOf(readPage(sandbox, token, { pageSize: '1', page: '2' }))).toEqual(['c3']);
    end();
    await readPage(sandbox, token);
    expect(seen).toEqual([
      { n: 1, page: 1 },
      { n: 2, page: 2 },
    ]);
  });

  it('serves bad records as they are, at their place', async () => {
    const { timestamp } = conversation('', 2.5);
    const sandbox = await tenant({ records: [{ timestamp, record: { id: 7, rating: 'good' } }] });
    sandbox.insertRecord({ timestamp: start, record: 'not even an object' });
    const answer = await askLog(sandbox, await tokenOf(sandbox));
    expect(await answer.json()).toMatchObject({
      interactions: ['not even an object', { id: 'c1' }, { id: 'c2' }, { id: 7, rating: 'good' }, { id: 'c3' }],
      totalCount: 5,
    });
    expect(() => sandbox.insertRecord({ timestamp: 'soon', record: 1 })).toThrow(/place/);
  });
});

describe('interactions of one timestamp', () => {
  const tied = Array.from({ length: 40 }, (_, index) => conversation(`t${String(index).padStart(2, '0')}`, 5));
  const sorted = tied.map(({ id }) => id).sort();

  it('stand in an order of their own that does not change', async () => {
    const sandbox = await tenant({ interactions: tied });
    const token = await tokenOf(sandbox);
    const first = await idsOf(readPage(sandbox, token));
    expect(first).not.toEqual(sorted);
    expect([...first].reverse()).not.toEqual(sorted);
    expect([...first].sort()).toEqual(sorted);
    expect(await idsOf(readPage(sandbox, token))).toEqual(first);
    const again = await tenant({ interactions: [...tied].reverse() });
    expect(await idsOf(readPage(again, await tokenOf(again)))).toEqual(first);
  });

  it('or in another order with each request, reproducibly', async () => {
    const orders: string[][] = [];
    for (const _ of [1, 2]) {
      const sandbox = await tenant({
        interactions: [...tied, conversation('new', 1), conversation('old', 9)],
        shuffleTies: 'each-request',
      });
      const token = await tokenOf(sandbox);
      orders.push(await idsOf(readPage(sandbox, token)), await idsOf(readPage(sandbox, token)));
    }
    const [first, second, ...repeated] = orders;
    expect(second).not.toEqual(first);
    expect([...(second ?? [])].sort()).toEqual(['new', 'old', ...sorted]);
    expect(repeated).toEqual([first, second]);
    expect(first?.at(0)).toBe('new');
    expect(first?.at(-1)).toBe('old');
  });
});

describe('ranks', () => {
  const record = fc.record({ at: fc.integer({ min: 0, max: 12 }), id: fc.uuid() });
  const logs = fc.uniqueArray(record, { selector: ({ id }) => id, maxLength: 60 });
  const json = ({ id, at }: { id: string; at: number }) => ({ id, at, json: JSON.stringify({ id, at }) });

  it('do not move when newer ones come, whatever the order of pages', () => {
    fc.assert(
      fc.property(
        logs,
        logs,
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.integer({ min: -1, max: 13 })),
        (old, fresh, pageSize, after) => {
          const known = new Set(old.map(({ id }) => id));
          const log = new InteractionLog(1, old.map(json));
          const byRank = (): Map<number, string> => {
            const ranks = new Map<number, string>();
            for (let page = 1; ; page++) {
              const { records, totalCount } = log.page({ pageSize, page, order: 'desc', after }, null);
              if (records.length === 0) return ranks;
              for (const [index, text] of records.entries())
                ranks.set(totalCount - 1 - pageSize * (page - 1) - index, text);
            }
          };
          const before = byRank();
          expect([...before.keys()].sort((a, b) => a - b)).toEqual([...before.keys()].map((_, index) => index));
          expect(before.size).toBe(old.filter(({ at }) => after === null || at > after).length);
          for (const each of fresh) if (!known.has(each.id)) log.insert({ ...json(each), at: each.at + 100 });
          for (const [rank, text] of before) expect(byRank().get(rank)).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shuffled or not, a walk over the pages in one order meets each interaction once, by time', () => {
    fc.assert(
      fc.property(
        logs,
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.nat()),
        fc.constantFrom('asc' as const, 'desc' as const),
        (records, pageSize, shuffle, order) => {
          const log = new InteractionLog(2, records.map(json));
          const walked: { id: string; at: number }[] = [];
          for (let page = 1; page <= Math.ceil(records.length / pageSize); page++)
            walked.push(
              ...log.page({ pageSize, page, order, after: null }, shuffle).records.map(text => JSON.parse(text)),
            );
          expect(walked.map(({ id }) => id).sort()).toEqual(records.map(({ id }) => id).sort());
          const times = records.map(({ at }) => at).sort((a, b) => (order === 'asc' ? a - b : b - a));
          expect(walked.map(({ at }) => at)).toEqual(times);
        },
      ),
      { numRuns: 100 },
    );
  });
});
