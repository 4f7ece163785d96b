import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thresholdInterval } from '../../../src/domain/roc/bootstrap.ts';
import { randomOf } from '../../../src/domain/roc/random.ts';
import type { Label } from '../../../src/domain/roc/samples.ts';
import { Breath } from '../../../src/domain/roc/yield-to-event-loop.ts';
import { rowsOfOne } from './arbitrary-rows.ts';
import { pointsOf, type Row, tuneAll } from './plain-rule.ts';

const scoresOf = (rows: readonly Row[], label: Label) =>
  Float64Array.from(rows.filter(row => row.label === label).map(row => row.score)).sort();

test('a resample’s threshold is the one that counting it one by one gives', async () => {
  const cases = fc.record({ rows: rowsOfOne(40), seed: fc.nat(), maxFpr: fc.constantFrom(0, 0.15, 0.5, 1) });
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, seed, maxFpr }) => {
      const [positives, negatives] = [scoresOf(rows, 1), scoresOf(rows, 0)];
      if (positives.length === 0 || negatives.length === 0) return;
      const group = { intentId: 'a', positives, negatives };
      const mayHave = (falsePositives: number) => falsePositives / negatives.length <= maxFpr;
      const resampling = { resamples: 1, mayHave, random: randomOf(seed, 'a') };
      const interval = await thresholdInterval(group, resampling, new Breath());

      const random = randomOf(seed, 'a');
      const drawn = (
        [
          [positives, 1],
          [negatives, 0],
        ] as const
      ).flatMap(([scores, label]) =>
        Array.from(
          scores,
          (): Row => ({ intentId: 'a', label, score: scores[Math.floor(random() * scores.length)] ?? 0 }),
        ),
      );
      const points = pointsOf(drawn).filter(({ j, fp }) => j > 0 && mayHave(fp));
      const highest = Math.max(...points.map(({ j }) => j));
      const best = points.find(({ j }) => j === highest);
      expect(interval).toEqual(best === undefined ? null : [best.threshold, best.threshold]);
    }),
    { numRuns: 300 },
  );
});

const planted = (count: number, intentId: string) =>
  Array.from({ length: count }, (_, at): Row => {
    const u = ((at * 7919) % count) / count;
    return at % 4 === 0 ? { intentId, label: 1, score: 0.2 + 0.8 * u } : { intentId, label: 0, score: 0.6 * u };
  });

test('holds the threshold, is narrower with more samples, and hangs on seed and intent only', async () => {
  const width = async (count: number) => {
    const [tuning] = await tuneAll(planted(count, 'a'), { bootstrap: 400 });
    const [low, high] = tuning?.thresholdInterval ?? [1, 0];
    expect(low).toBeLessThanOrEqual(tuning?.raw.threshold ?? 0);
    expect(high).toBeGreaterThanOrEqual(tuning?.raw.threshold ?? 1);
    return high - low;
  };
  expect(await width(4000)).toBeLessThan(await width(100));

  const intervalOf = async (rows: Row[], seed: number) => {
    const tunings = await tuneAll(rows, { bootstrap: 100, seed });
    return tunings.find(({ intentId }) => intentId === 'a')?.thresholdInterval;
  };
  const alone = await intervalOf(planted(200, 'a'), 1);
  expect(await intervalOf([...planted(300, 'b'), ...planted(200, 'a')], 1)).toEqual(alone);
  expect(await intervalOf(planted(200, 'a'), 2)).not.toEqual(alone);
});

test('there is none where none is asked for, or where the choice is not a regular one', async () => {
  const [unasked] = await tuneAll(planted(100, 'a'));
  expect(unasked?.thresholdInterval).toBeNull();
  const rows: Row[] = [0, 1, 1, 1].map(n => ({ intentId: 'a', label: n === 1 ? 1 : 0, score: 0.5 }));
  const [undecided] = await tuneAll(rows, { bootstrap: 10 });
  expect(undecided?.thresholdInterval).toBeNull();
});
