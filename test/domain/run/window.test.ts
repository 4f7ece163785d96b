import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveParameters } from '../../../src/domain/run/parameters.ts';
import { refuseMismatch } from '../../../src/domain/run/refuse-mismatch.ts';
import { curationParameters, defaults, type RunParameters, runId, runNumber } from '../../../src/domain/run/run.ts';
import { iso, windowStart, windowUpper } from '../../../src/domain/run/window.ts';
import { codeOf } from '../../thrown.ts';
import { identity, part, version } from '../dataset/version.ts';

const hour = 3_600_000;
const noon = Date.parse('2024-05-15T12:00:00.000Z');
const parameters = (change: Partial<RunParameters> = {}): RunParameters => ({
  identity,
  since: null,
  lookBackMs: 600_000,
  ratingHorizonMs: 72 * hour,
  ratingSweepEveryMs: 6 * hour,
  ...change,
});
const head = version({ watermark: iso(noon), sweptAt: iso(noon - hour), parts: [part(0, 1)], nextGroup: 1 });
const withoutRows = version({ watermark: iso(noon), sweptAt: iso(noon - hour) });

describe('windowStart', () => {
  it('takes all there is for a new dataset, and sweeps with it', () => {
    expect(windowStart(null, parameters(), noon)).toEqual({ after: null, sweeps: true, watermark: null });
    expect(windowStart(null, parameters({ ratingHorizonMs: 0 }), noon).sweeps).toBe(false);
  });

  it('begins again for a dataset without rows whose settings change, and goes on where they stay', () => {
    const changed = parameters({ identity: { ...identity, bots: ['other'] } });
    expect(windowStart(withoutRows, changed, noon)).toEqual({ after: null, sweeps: true, watermark: null });
    expect(windowStart(withoutRows, { ...changed, since: iso(noon) }, noon).after).toBe('2024-05-15T11:59:59.999Z');
    expect(windowStart(withoutRows, parameters(), noon)).toMatchObject({ watermark: iso(noon) });
  });

  it('includes since, which the platform’s filter would not', () => {
    expect(windowStart(null, parameters({ since: iso(noon) }), noon).after).toBe('2024-05-15T11:59:59.999Z');
  });

  it('overlaps the last run by the look-back while no sweep is due', () => {
    expect(windowStart(head, parameters(), noon + hour)).toEqual({
      after: iso(noon - 600_000),
      sweeps: false,
      watermark: iso(noon),
    });
  });

  it('reaches back over the rating horizon when a sweep is due, and from the very moment on', () => {
    expect(windowStart(head, parameters(), noon + 5 * hour)).toEqual({
      after: iso(noon - 72 * hour),
      sweeps: true,
      watermark: iso(noon),
    });
    expect(windowStart(head, parameters(), noon + 5 * hour - 1).sweeps).toBe(false);
  });

  it('never sweeps without a horizon', () => {
    expect(
      windowStart(head, parameters({ ratingHorizonMs: 0, ratingSweepEveryMs: 0 }), noon + 1_000 * hour),
    ).toMatchObject({ after: iso(noon - 600_000), sweeps: false });
  });

  it('keeps the look-back where it is longer than the horizon', () => {
    expect(windowStart(head, parameters({ lookBackMs: 100 * hour }), noon + 9 * hour).after).toBe(
      iso(noon - 100 * hour),
    );
  });

  it('reaches back to an older since, and does not shrink to a newer one', () => {
    expect(windowStart(head, parameters({ since: iso(noon - 500 * hour) }), noon).after).toBe(
      iso(noon - 500 * hour - 1),
    );
    expect(windowStart(head, parameters({ since: iso(noon - 1_000) }), noon).after).toBe(iso(noon - 600_000));
  });
});

describe('windowUpper', () => {
  const isNew = { watermark: null, after: null, sweeps: true };
  const bounds = (sentAt: number, answeredAt: number | null, newestRow: string | null = null) => ({
    sentAt,
    answeredAt,
    newestRow,
  });

  it('is the earlier of the two clocks', () => {
    expect(windowUpper(bounds(noon, noon + 5), isNew)).toBe(iso(noon));
    expect(windowUpper(bounds(noon + 5, noon), isNew)).toBe(iso(noon));
    expect(windowUpper(bounds(noon + 5, noon, iso(noon - hour)), isNew)).toBe(iso(noon));
  });

  it('is not after the newest row where the platform does not tell its clock', () => {
    expect(windowUpper(bounds(noon, null, iso(noon - hour)), isNew)).toBe(iso(noon - hour));
    expect(windowUpper(bounds(noon, null, iso(noon + hour)), isNew)).toBe(iso(noon));
  });

  it('stays where the dataset is where there is neither a clock nor a row', () => {
    expect(windowUpper(bounds(noon, null), { ...isNew, watermark: iso(noon - hour) })).toBe(iso(noon - hour));
    expect(windowUpper(bounds(noon, null), { ...isNew, after: iso(noon - hour) })).toBe(iso(noon - hour + 1));
    expect(windowUpper(bounds(noon, null), isNew)).toBe(iso(0));
  });

  it('never lies before the watermark', () => {
    const times = fc.integer({ min: noon - 100 * hour, max: noon + 100 * hour });
    fc.assert(
      fc.property(times, times, times, (asked, answered, watermark) => {
        const upper = Date.parse(windowUpper(bounds(asked, answered), { ...isNew, watermark: iso(watermark) }));
        expect(upper).toBe(Math.max(watermark, Math.min(asked, answered)));
      }),
    );
  });
});

describe('resolveParameters', () => {
  it('fills in the defaults for a new dataset', () => {
    expect(resolveParameters({}, null, 'sandbox', 'm')).toEqual({
      identity: { tenant: 'sandbox', model: 'm', similarity: 0.85, minRating: 4, bots: null },
      since: null,
      lookBackMs: 10 * 60_000,
      ratingHorizonMs: 72 * hour,
      ratingSweepEveryMs: 6 * hour,
    });
    expect(defaults.minRating).toBe(4);
  });

  it('takes from a dataset what the request leaves open, but not its tenant or model', () => {
    const own = version({ identity: { tenant: 'other', model: 'old', similarity: 0.7, minRating: 2, bots: ['x'] } });
    expect(resolveParameters({}, own, 'sandbox', 'm').identity).toEqual({
      tenant: 'sandbox',
      model: 'm',
      similarity: 0.7,
      minRating: 2,
      bots: ['x'],
    });
  });

  it('takes what is asked for, zero included, and bots in one order and once', () => {
    const asked = {
      minRating: 1,
      similarity: 0.9,
      lookBackMs: 0,
      ratingHorizonMs: 0,
      ratingSweepEveryMs: 0,
      bots: ['b', 'a', 'b'],
      since: iso(noon),
    };
    expect(resolveParameters(asked, version(), 'sandbox', 'm')).toEqual({
      identity: { tenant: 'sandbox', model: 'm', similarity: 0.9, minRating: 1, bots: ['a', 'b'] },
      since: iso(noon),
      lookBackMs: 0,
      ratingHorizonMs: 0,
      ratingSweepEveryMs: 0,
    });
  });
});

describe('curationParameters', () => {
  it('refuses what makes no sense, and fields that it does not know', () => {
    for (const wrong of [
      { similarity: 0 },
      { similarity: 1.1 },
      { minRating: -1 },
      { minRating: 0.9 },
      { minRating: 5.1 },
      { since: 'monday' },
      { bots: [] },
      { lookBackMs: -1 },
      { minrating: 4 },
    ])
      expect(curationParameters.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    expect(curationParameters.safeParse({ similarity: 1, minRating: 3.5, bots: ['a'] }).success).toBe(true);
  });
});

describe('refuseMismatch', () => {
  it('takes anything for a new dataset, and the same identity for an old one', () => {
    refuseMismatch('demo', null, parameters({ since: iso(noon) }));
    refuseMismatch('demo', head, parameters({ since: iso(noon) }));
  });

  it('takes other settings for a dataset that has never had a row, and nothing of another tenant', async () => {
    const changed = { ...identity, minRating: 2, bots: ['b'], model: 'other', similarity: 1 };
    refuseMismatch('demo', withoutRows, parameters({ identity: changed, since: iso(noon + 1) }));
    const foreign = { ...changed, tenant: 'other' };
    expect(await codeOf(() => refuseMismatch('demo', withoutRows, parameters({ identity: foreign })))).toBe(
      'DATASET_MISMATCH',
    );
  });

  it('refuses another identity, naming dataset and difference', async () => {
    const refuse = () => refuseMismatch('demo', head, parameters({ identity: { ...identity, similarity: 0.9 } }));
    expect(await codeOf(refuse)).toBe('DATASET_MISMATCH');
    expect(refuse).toThrow(/demo.*similarity is 0\.85, not 0\.9/);
  });

  it('refuses a since that would leave a hole', async () => {
    expect(await codeOf(() => refuseMismatch('demo', head, parameters({ since: iso(noon + 1) })))).toBe('BAD_INPUT');
  });
});

describe('a run’s id', () => {
  it('holds its number, and sorts by it', () => {
    expect(runId('demo', 7)).toBe('demo.00000007');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999_999 }),
        number => void expect(runNumber(runId('a-b', number))).toBe(number),
      ),
    );
    expect([10, 9, 100].map(number => runId('demo', number)).sort()).toEqual(
      [9, 10, 100].map(number => runId('demo', number)),
    );
  });
});
