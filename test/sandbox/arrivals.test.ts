import { describe, expect, it } from 'vitest';
import { builtInTenant, conversations, idsOf, readPage, start, tenant, tokenOf } from './tenant.ts';

describe('live arrivals', () => {
  it('come with requests, at the now of the sandbox, as whole conversations under new ids', async () => {
    const sandbox = await tenant({ arrivals: { perRequest: 2 } });
    const token = await tokenOf(sandbox);
    sandbox.clock.advance(90_000);
    const { interactions, totalCount } = await readPage(sandbox, token);
    expect(totalCount).toBe(5);
    expect(interactions.slice(0, 2)).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^int_/),
        timestamp: '2024-05-15T13:18:51.123Z',
        messages: [expect.objectContaining({ timestamp: '2024-05-15T13:18:51.123Z' })],
      }),
      expect.objectContaining({ id: expect.stringMatching(/^int_/), timestamp: '2024-05-15T13:18:51.123Z' }),
    ]);
    expect((await readPage(sandbox, token)).totalCount).toBe(7);
  });

  it('may be less than one a request', async () => {
    const sandbox = await tenant({ arrivals: { perRequest: 0.5 } });
    const token = await tokenOf(sandbox);
    const counts: unknown[] = [];
    for (let request = 0; request < 4; request++) counts.push((await readPage(sandbox, token)).totalCount);
    expect(counts).toEqual([3, 4, 4, 5]);
  });

  it('come by the second, spread over the time since', async () => {
    const sandbox = await tenant({ arrivals: { perSecond: 2 } });
    const token = await tokenOf(sandbox);
    expect((await readPage(sandbox, token)).totalCount).toBe(3);
    sandbox.clock.advance(1_700);
    const { interactions } = await readPage(sandbox, token);
    const since = interactions.slice(0, -3).map(({ timestamp }) => Date.parse(timestamp) - Date.parse(start));
    expect(since).toEqual([1_500, 1_000, 500]);
    sandbox.clock.advance(300);
    expect((await readPage(sandbox, token)).totalCount).toBe(7);
    sandbox.clock.set('2024-05-15T12:00:00.000Z');
    expect((await readPage(sandbox, token)).totalCount).toBe(7);
  });

  it('bring the corpus that was held back, under its own ids, and then nothing', async () => {
    const sandbox = await tenant({ interactions: conversations(40), holdBack: 0.25, arrivals: { perRequest: 4 } });
    const token = await tokenOf(sandbox);
    const counts: unknown[] = [];
    for (let request = 0; request < 4; request++) counts.push((await readPage(sandbox, token)).totalCount);
    expect(counts).toEqual([34, 38, 40, 40]);
    const ids = await idsOf(readPage(sandbox, token));
    expect(ids.sort()).toEqual(
      conversations(40)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('are new conversations for the built-in corpus, not seen before and not repeated by a later start', async () => {
    const arrived: string[][] = [];
    for (const at of [start, '2024-05-16T00:00:00.000Z']) {
      const sandbox = await builtInTenant({
        clock: { start: at, rate: 0 },
        arrivals: { perRequest: 5 },
      });
      arrived.push(await idsOf(readPage(sandbox, await tokenOf(sandbox), { pageSize: '5' })));
    }
    expect(new Set(arrived.flat()).size).toBe(10);
  });
});
