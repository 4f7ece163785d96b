import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upperEnd } from '../../../src/domain/roc/rate-interval.ts';
import { intentTuning, tuningParameters } from '../../../src/domain/roc/result.ts';
import type { Label } from '../../../src/domain/roc/samples.ts';
import { tuneIntents } from '../../../src/domain/roc/tune.ts';
import { rowsOfMany, rowsOfOne } from './arbitrary-rows.ts';
import { accepted, pointsOf, type Row, samplesOf, tuneAll, withoutIntermediate } from './plain-rule.ts';
import { rocCases } from './reference.ts';

const toRows = (labels: string, scores: readonly number[]): Row[] =>
  scores.map((score, at) => ({ intentId: 'a', label: labels[at] === '1' ? 1 : 0, score }));
const toLabel = (isPositive: boolean): Label => (isPositive ? 1 : 0);

async function tuneOne(rows: Iterable<Row>, asked: Parameters<typeof tuneAll>[1] = {}) {
  const [tuning] = await tuneAll(rows, asked);
  if (tuning === undefined) throw new Error('no intent was tuned');
  return tuning;
}

describe('as scikit-learn', () => {
  const branches = { 'one-class': 'one-class', 'no-candidate': 'no-candidate', unmet: 'max-fpr-unmet', regular: null };

  test.each(rocCases.map((each, number) => [number, each] as const))('case %i', async (_, each) => {
    const { expected, maxFpr } = each;
    const tuning = await tuneOne(toRows(each.labels, each.scores), { maxFpr });
    expect(tuning.raw).toEqual({ threshold: expected.threshold, jScore: expected.j, rocAuc: expected.auc });
    expect([tuning.threshold, tuning.jScore, tuning.rocAuc]).toEqual(expected.rounded);
    const deciding = tuning.flags.filter(flag => Object.values(branches).includes(flag));
    expect(deciding).toEqual(branches[expected.branch] === null ? [] : [branches[expected.branch]]);
    expect(intentTuning.parse(tuning)).toEqual(tuning);
  });
});

describe('by counting one by one', () => {
  test('the point and the rounded threshold accept what they say', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOfOne(60), fc.constantFrom(0, 0.1, 0.15, 0.5, 1), async (rows, maxFpr) => {
        const tuning = await tuneOne(rows, { maxFpr });
        for (const point of [tuning.point, tuning.rounded]) {
          if (point === null) continue;
          const threshold = point.threshold ?? Number.POSITIVE_INFINITY;
          expect(point.truePositives).toBe(accepted(rows, 1, threshold));
          expect(point.falsePositives).toBe(accepted(rows, 0, threshold));
          expect(point.tpr).toBe(point.truePositives / tuning.positives);
          expect(point.fpr).toBe(point.falsePositives / tuning.negatives);
        }
        expect(tuning.rounded?.threshold ?? null).toBe(tuning.flags.includes('one-class') ? null : tuning.threshold);
        const isBroken = (tuning.point?.fpr ?? 1) <= maxFpr && (tuning.rounded?.fpr ?? 0) > maxFpr;
        expect(tuning.flags.includes('rounding-breaks-max-fpr')).toBe(isBroken);
      }),
      { numRuns: 300 },
    );
  });

  test('the highest J that keeps the bound is found, on points or on the ends of their intervals', async () => {
    const bounds = fc.constantFrom(0, 0.05, 0.15, 0.3, 0.6);
    await fc.assert(
      fc.asyncProperty(rowsOfOne(60), bounds, fc.boolean(), async (rows, maxFpr, maxFprConfidence) => {
        const tuning = await tuneOne(rows, { maxFpr, maxFprConfidence });
        if (tuning.point === null) return;
        const held = (fp: number) => (maxFprConfidence ? upperEnd(fp, tuning.negatives) : fp / tuning.negatives);
        const points = pointsOf(rows);
        const within = points.filter(({ j, fp }) => j > 0 && held(fp) <= maxFpr);
        expect(tuning.flags.includes('max-fpr-unmet')).toBe(within.length === 0);
        if (within.length > 0) {
          expect(tuning.raw.jScore).toBeCloseTo(Math.max(...within.map(({ j }) => j)), 12);
          expect(held(tuning.point.falsePositives)).toBeLessThanOrEqual(maxFpr);
        } else {
          const distances = withoutIntermediate(points).map(({ fp }) => Math.abs(held(fp) - maxFpr));
          expect(Math.abs(held(tuning.point.falsePositives) - maxFpr)).toBe(Math.min(...distances));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the area is the share of pairs that are in order, ties half', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOfOne(40), async rows => {
        const tuning = await tuneOne(rows);
        if (tuning.flags.includes('one-class')) return;
        const [positives, negatives] = [1, 0].map(label => rows.filter(row => row.label === label));
        const pairs = (positives ?? []).flatMap(p =>
          (negatives ?? []).map(n => Math.sign(p.score - n.score) / 2 + 0.5),
        );
        const share = pairs.reduce((sum, each) => sum + each, 0) / pairs.length;
        expect(tuning.raw.rocAuc).toBeCloseTo(share, 12);
      }),
    );
  });
});

test('the order of the rows is irrelevant, and the intents come as they first came', async () => {
  const shuffled = rowsOfMany.chain(rows =>
    fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([rows, others]) => {
      const asked = { bootstrap: 20, seed: 7 };
      const [one, other] = [await tuneAll(rows, asked), await tuneAll(others, asked)];
      expect(one.map(({ intentId }) => intentId)).toEqual([...new Set(rows.map(({ intentId }) => intentId))]);
      const byId = new Map(other.map(each => [each.intentId, each]));
      for (const each of one) expect(byId.get(each.intentId)).toEqual(each);
    }),
  );
});

test('intents that are not known are left out', async () => {
  const rows: Row[] = ['a', 'b', 'a', 'c'].map(intentId => ({ intentId, label: 1, score: 0.5 }));
  const found: string[] = [];
  for await (const { intentId, sampleCount } of tuneIntents(
    samplesOf(rows),
    id => id !== 'b',
    tuningParameters.parse({}),
  ))
    found.push(`${intentId} ${sampleCount}`);
  expect(found).toEqual(['a 2', 'c 1']);
});

describe('flags', () => {
  test('name all that is true', async () => {
    const tuning = await tuneOne(toRows('1', [0.3]), { minPositives: 2, minNegatives: 1 });
    expect(tuning.flags).toEqual(['one-class', 'too-few-positives', 'too-few-negatives']);
    expect(tuning).toMatchObject({ threshold: 0.5, jScore: 0, rocAuc: 0, point: null, rounded: null });
  });

  test('an infinite threshold is out of range', async () => {
    const tuning = await tuneOne(toRows('0011', [1, 0.4, 0.9, 0.3]), { maxFpr: 0.1 });
    expect(tuning.flags).toEqual(['no-candidate']);
    const unmet = await tuneOne(toRows('0111', [0.9, 0.9, 0.9, 0.9]), { maxFpr: 0.1 });
    expect(unmet.flags).toEqual(['no-candidate']);
    const infinite = await tuneOne(toRows('010111', [0.9, 0.9, 0.1, 0.9, 0.9, 0.9]), { maxFpr: 0.1 });
    expect(infinite.flags).toEqual(['max-fpr-unmet', 'threshold-out-of-range']);
    expect(infinite).toMatchObject({ threshold: null, rounded: null, point: { threshold: null, tpr: 0, fpr: 0 } });
  });

  test('rounding down lets a negative in', async () => {
    const tuning = await tuneOne(toRows('110', [0.9, 0.80049, 0.8004]), { maxFpr: 0.1 });
    expect(tuning.flags).toEqual(['rounding-breaks-max-fpr']);
    expect(tuning).toMatchObject({ threshold: 0.8, point: { fpr: 0 }, rounded: { threshold: 0.8, fpr: 1 } });
  });

  test('a bound on the interval is unmet where a bound on the point is met', async () => {
    const rows = toRows('11110000', [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
    expect((await tuneOne(rows)).flags).toEqual([]);
    // 0 of 4 may still be a rate of 0.602.
    expect((await tuneOne(rows, { maxFprConfidence: true })).flags).toEqual([
      'max-fpr-unmet',
      'threshold-out-of-range',
    ]);
    expect((await tuneOne(rows, { maxFprConfidence: true, maxFpr: 0.61 })).flags).toEqual([]);
  });
});

describe('warnings', () => {
  const spread = (
    count: number,
    intentId: string,
    score: (at: number) => number,
    isPositive: (at: number) => boolean,
  ) => Array.from({ length: count }, (_, at): Row => ({ intentId, label: toLabel(isPositive(at)), score: score(at) }));

  test('come where nothing tells positives from negatives', async () => {
    const tuning = await tuneOne(
      spread(
        200,
        'a',
        at => (at % 100) / 100,
        at => at >= 100,
      ),
    );
    expect(tuning.warnings).toEqual(['no-better-than-chance']);
  });

  test('come where most samples have one score', async () => {
    const tuning = await tuneOne(
      spread(
        100,
        'a',
        at => (at < 51 ? 0.1 : at / 100),
        at => at > 70,
      ),
    );
    expect(tuning.warnings).toEqual(['single-confidence']);
    expect(
      (
        await tuneOne(
          spread(
            100,
            'a',
            at => (at < 50 ? 0.1 : at / 100),
            at => at > 70,
          ),
        )
      ).warnings,
    ).toEqual([]);
  });

  test('come where positives score below most negatives', async () => {
    const tuning = await tuneOne(
      spread(
        100,
        'a',
        at => at / 100,
        at => at < 30,
      ),
    );
    expect(tuning.warnings).toEqual(['no-better-than-chance', 'positives-below-negatives']);
  });

  test('come where an intent has far fewer positives than the others', async () => {
    const many = ['a', 'b', 'c'].flatMap(id =>
      spread(
        200,
        id,
        at => at / 200,
        at => at >= 100,
      ),
    );
    const tunings = await tuneAll([
      ...many,
      ...spread(
        200,
        'd',
        at => at / 200,
        at => at >= 191,
      ),
    ]);
    expect(tunings.map(({ warnings }) => warnings)).toEqual([[], [], [], ['few-samples']]);
    const enough = await tuneAll([
      ...many,
      ...spread(
        200,
        'd',
        at => at / 200,
        at => at >= 190,
      ),
    ]);
    expect(enough.map(({ warnings }) => warnings)).toEqual([[], [], [], []]);
  });
});

test('other work gets its turn meanwhile', async () => {
  function* rows(): Generator<Row> {
    for (let at = 0; at < 3_000_000; at++)
      yield { intentId: `intent ${at % 7}`, label: toLabel(at % 11 === 0), score: (at % 9973) / 9973 };
  }
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  try {
    await tuneAll(rows());
  } finally {
    clearInterval(timer);
  }
  expect(turns).toBeGreaterThan(3);
});
