import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPush } from '../../../src/domain/push/plan.ts';
import type { TenantIntent, Thresholds } from '../../../src/domain/push/thresholds.ts';
import { globalThreshold } from '../../../src/domain/roc/global-threshold.ts';
import { isPushable } from '../../../src/domain/roc/pushable.ts';
import { flags, type IntentTuning } from '../../../src/domain/roc/result.ts';
import { intentsOf, tuned } from './tuned.ts';

function plan(tunings: readonly IntentTuning[], tenant: readonly TenantIntent[], live: Thresholds | null) {
  return planPush({ globalThreshold: globalThreshold(tunings), intents: [...tunings].map(named) }, tenant, live);
}

const named = (tuning: IntentTuning) => ({ ...tuning, name: tuning.intentId });

const live: Thresholds = {
  global: 0.4,
  intents: [
    { intentId: 'a', name: 'A', threshold: 0.1 },
    { intentId: 'b', name: 'B', threshold: 0.2, carried: 'earlier' },
    { intentId: 'gone', name: 'GONE', threshold: 0.3 },
  ],
};

describe('a push that is planned', () => {
  it('sets the new thresholds in the tenant’s order, and their median for all other intents', () => {
    const tunings = [tuned('c', 0.9), tuned('a', 0.5), tuned('b', 0.6)];
    expect(plan(tunings, intentsOf('a', 'b', 'c'), null)).toEqual({
      global: 0.6,
      intents: [
        { intentId: 'a', name: 'A', threshold: 0.5 },
        { intentId: 'b', name: 'B', threshold: 0.6 },
        { intentId: 'c', name: 'C', threshold: 0.9 },
      ],
    });
  });

  it('carries what was pushed for an intent that is flagged, and says why; the median is without it', () => {
    const tunings = [tuned('a', 0.5, 'one-class', 'too-few-positives'), tuned('c', 0.7)];
    expect(plan(tunings, intentsOf('a', 'c'), live)).toEqual({
      global: 0.7,
      intents: [
        { intentId: 'a', name: 'A', threshold: 0.1, carried: `${flags['one-class']}; ${flags['too-few-positives']}` },
        { intentId: 'c', name: 'C', threshold: 0.7 },
      ],
    });
  });

  it('carries what was pushed for an intent without samples, also what was carried before', () => {
    const carried = 'it has no samples in the export';
    expect(plan([tuned('a', 0.7)], intentsOf('a', 'b'), live)?.intents).toEqual([
      { intentId: 'a', name: 'A', threshold: 0.7 },
      { intentId: 'b', name: 'B', threshold: 0.2, carried },
    ]);
  });

  it('leaves out intents that the tenant has no more, and flagged ones that were never pushed', () => {
    const planned = plan([tuned('a', 0.7), tuned('new', 0.6, 'no-candidate')], intentsOf('a', 'new'), live);
    expect(planned?.intents.map(each => each.intentId)).toEqual(['a']);
  });

  it('calls an intent what the tenant calls it now', () => {
    expect(plan([tuned('a', 0.7)], [{ id: 'a', name: 'renamed' }], live)?.intents[0]?.name).toBe('renamed');
  });

  it('pushes thresholds whose flags only say what they do not keep', () => {
    expect(plan([tuned('a', 0.7, 'max-fpr-unmet')], intentsOf('a'), live)?.intents).toEqual([
      { intentId: 'a', name: 'A', threshold: 0.7 },
    ]);
  });

  it('is none where no threshold may be pushed, whatever could be carried', () => {
    expect(plan([tuned('a', 0.5, 'one-class'), tuned('b', null)], intentsOf('a', 'b'), live)).toBeNull();
    expect(plan([], intentsOf('a'), live)).toBeNull();
  });
});

const ids = ['a', 'b', 'c', 'd', 'e'];
const threshold = fc.integer({ min: 0, max: 1000 }).map(thousandths => thousandths / 1000);
const flag = fc.constantFrom('one-class', 'no-candidate', 'too-few-negatives', 'max-fpr-unmet');
const someIds = fc.shuffledSubarray(ids);
const anyTunings = someIds.chain(chosen =>
  fc.tuple(
    ...chosen.map(id =>
      fc
        .tuple(fc.option(threshold), fc.array(flag, { maxLength: 1 }))
        .map(([drawn, flagged]) => tuned(id, drawn, ...flagged)),
    ),
  ),
);
const anyLive = fc.option(
  fc.record({
    global: threshold,
    intents: someIds.chain(chosen =>
      fc.tuple(
        ...chosen.map(intentId =>
          threshold.map(drawn => ({ intentId, name: intentId.toUpperCase(), threshold: drawn })),
        ),
      ),
    ),
  }),
);

it('whatever is tuned and in force, each intent of the tenant has its new threshold, else its old one, else none', () => {
  fc.assert(
    fc.property(anyTunings, someIds, anyLive, (tunings, tenant, before) => {
      const planned = plan(tunings, intentsOf(...tenant), before);
      const pushable = tunings.filter(isPushable);
      expect(planned === null).toBe(pushable.length === 0);
      if (planned === null) return;
      const sorted = pushable.map(each => each.threshold ?? Number.NaN).sort((a, b) => a - b);
      const [low = Number.NaN, high = Number.NaN] = [
        sorted[Math.ceil(sorted.length / 2) - 1],
        sorted[Math.floor(sorted.length / 2)],
      ];
      expect(Math.abs(planned.global - (low + high) / 2)).toBeLessThanOrEqual(0.0005 + 1e-12);
      const wanted = tenant.flatMap(id => {
        const fresh = pushable.find(each => each.intentId === id)?.threshold;
        const old = before?.intents.find(each => each.intentId === id)?.threshold;
        if (fresh != null) return [[id, fresh, false]];
        return old === undefined ? [] : [[id, old, true]];
      });
      expect(planned.intents.map(each => [each.intentId, each.threshold, each.carried !== undefined])).toEqual(wanted);
    }),
    { numRuns: 500 },
  );
});
