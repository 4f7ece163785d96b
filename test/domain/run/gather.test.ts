import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExtractedInteraction, type ExtractedPage, extractedPage } from '../../../src/domain/run/answer.ts';
import { gather } from '../../../src/domain/run/gather.ts';
import { hasTooManyRejects, plannedTurn, plannedTurnOf, turnOf } from '../../../src/domain/run/plan.ts';
import type { Run } from '../../../src/domain/run/run.ts';
import { identity } from '../dataset/version.ts';

const upper = '2024-05-15T12:00:00.000Z';
const run: Run = {
  run: 'demo.00000001',
  dataset: 'demo',
  openedBy: 'open.request',
  total: 250,
  window: { after: null, upper, sweeps: true, watermark: null },
  parameters: { identity, since: null, lookBackMs: 0, ratingHorizonMs: 3_600_000, ratingSweepEveryMs: 0 },
};
const only = (bots: string[]): Run => ({ ...run, parameters: { ...run.parameters, identity: { ...identity, bots } } });

const interaction = (id: string, change: Partial<ExtractedInteraction> = {}): ExtractedInteraction => ({
  id,
  timestamp: upper,
  botId: 'a',
  rating: 5,
  turns: [[`${id}?`, `${id}!`]],
  ...change,
});
const page = (interactions: ExtractedInteraction[], change: Partial<ExtractedPage> = {}): ExtractedPage => ({
  pass: 0,
  page: 1,
  attempt: 1,
  sentAt: 1,
  total: 9,
  rows: 9,
  newer: 0,
  interactions,
  rejects: [],
  ...change,
});
const nobody = () => false;

describe('gather', () => {
  it('gives the turns in the contract’s order, whatever pages they come in', () => {
    const pages = [
      page(
        [
          interaction('b', {
            turns: [
              ['1', '2'],
              ['3', '4'],
            ],
          }),
        ],
        { page: 2 },
      ),
      page([interaction('a', { timestamp: '2024-05-15T11:00:00.000Z' }), interaction('c')]),
    ];
    expect(gather(pages, run, nobody).turns.map(turn => [turn.interactionId, turn.position])).toEqual([
      ['b', 0],
      ['b', 1],
      ['c', 0],
      ['a', 0],
    ]);
  });

  it('counts an id once, as it was asked for last', () => {
    const early = page([interaction('a', { rating: null, turns: [] })], { sentAt: 10, pass: 1 });
    const late = page([interaction('a')], { sentAt: 20, page: 3 });
    for (const pages of [
      [early, late],
      [late, early],
    ]) {
      const gathered = gather(pages, run, nobody);
      expect(gathered.turns).toHaveLength(1);
      expect(gathered.counts).toMatchObject({ interactions: 1, turns: 1, unrated: 0 });
    }
  });

  it('lets a later answer turn a reject into an interaction, and back', () => {
    const reject = { id: 'a', key: 'a', field: 'rating', problem: 'wrong' };
    const bad = (sentAt: number) => page([], { sentAt, rejects: [reject] });
    const good = (sentAt: number) => page([interaction('a')], { sentAt });
    expect(gather([bad(1), good(2)], run, nobody).counts).toMatchObject({ interactions: 1, rejects: 0 });
    expect(gather([bad(2), good(1)], run, nobody).rejects).toEqual([reject]);
  });

  it('says why an interaction gave no turns, one reason each', () => {
    const old = '2024-05-15T11:00:00.000Z';
    const pages = [
      page([
        interaction('taken', { rating: null, botId: 'b' }),
        interaction('other', { botId: 'b', rating: null }),
        interaction('low', { rating: 3.9, turns: [] }),
        interaction('open', { rating: null, timestamp: '2024-05-15T11:00:00.001Z', turns: [] }),
        interaction('late', { rating: null, timestamp: old, turns: [] }),
        interaction('silent', { turns: [] }),
        interaction('foreign', { turns: [], senders: ['customer', 'agent'] }),
        interaction('good', { rating: 4 }),
      ]),
    ];
    const { counts, turns } = gather(pages, only(['a']), id => id === 'taken');
    expect(counts).toEqual({
      interactions: 8,
      turns: 1,
      alreadyTaken: 1,
      otherBots: 1,
      belowRating: 1,
      unrated: 1,
      neverRated: 1,
      rejects: 0,
      withoutTurns: 2,
      sendersMet: ['agent', 'customer'],
    });
    expect(turns.map(turn => turn.interactionId)).toEqual(['good']);
  });

  it('never takes again what is taken', () => {
    expect(
      gather([page([interaction('a'), interaction('b')])], run, id => id === 'a').turns.map(turn => turn.interactionId),
    ).toEqual(['b']);
  });

  it('gives the same for the same answers in any order', () => {
    const pages = fc.uniqueArray(
      fc.record({
        sentAt: fc.nat(5),
        number: fc.integer({ min: 1, max: 9 }),
        ids: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
        rating: fc.constantFrom(null, 3, 5),
      }),
      { selector: each => `${each.sentAt}.${each.number}`, maxLength: 8 },
    );
    fc.assert(
      fc.property(pages, drawn => {
        const made = drawn.map(({ sentAt, number, ids, rating }) =>
          page(
            ids.map(id => interaction(id, { rating, turns: rating === 5 ? [[id, id]] : [] })),
            { sentAt, page: number },
          ),
        );
        const { turns, counts } = gather(made, run, nobody);
        const back = gather([...made].reverse(), run, nobody);
        expect(back.turns).toEqual(turns);
        expect(back.counts).toEqual(counts);
        expect(counts.interactions).toBe(new Set(drawn.flatMap(each => each.ids)).size);
      }),
    );
  });
});

describe('an extracted page', () => {
  it('can be written and read back, and is refused with a field too many', () => {
    const written = page([interaction('a')], {
      rejects: [{ id: null, key: 'record-1', field: '(whole)', problem: 'no object' }],
    });
    expect(extractedPage.parse(JSON.parse(JSON.stringify(written)))).toEqual(written);
    expect(extractedPage.safeParse({ ...written, more: 1 }).success).toBe(false);
  });
});

describe('a plan', () => {
  it('keeps a turn', () => {
    const turn = {
      interactionId: 'a',
      timestamp: upper,
      botId: 'b',
      rating: 4.5,
      position: 2,
      userUtterance: 'u',
      botResponse: 'r',
    };
    const line: unknown = JSON.parse(JSON.stringify(plannedTurnOf(turn)));
    expect(turnOf(plannedTurn.parse(line))).toEqual(turn);
  });

  it('bears rejects up to 5 % of all records, that included', () => {
    expect(hasTooManyRejects(5, 95)).toBe(false);
    expect(hasTooManyRejects(6, 94)).toBe(true);
    expect(hasTooManyRejects(0, 0)).toBe(false);
    expect(hasTooManyRejects(1, 0)).toBe(true);
    expect(hasTooManyRejects(1, 19)).toBe(false);
    expect(hasTooManyRejects(1, 18)).toBe(true);
  });
});
