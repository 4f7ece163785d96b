import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateInterval } from '../../../src/domain/roc/rate-interval.ts';
import type { Alert } from '../../../src/domain/sentiment/alert.ts';
import { type AlertTrigger, parseCalibration } from '../../../src/domain/sentiment/calibration.ts';
import { recommendThresholds, withRecommendations } from '../../../src/domain/sentiment/recommendation.ts';
import { countScores } from '../../../src/domain/sentiment/score-counts.ts';
import { alertWith, closedAs } from './arbitrary-alerts.ts';
import { sample } from './sample-calibration.ts';

type State = 'open' | 'confirmed' | 'refuted';

function alertsOf(trigger: AlertTrigger, scored: readonly (readonly [number | null, State])[]): Alert[] {
  const { emotion, directive } = trigger;
  return scored.map(([score, state], index) =>
    alertWith({ id: `${index}`, emotion, directive, score, closed: state === 'open' ? null : closedAs(state) }),
  );
}

function recommended(trigger: AlertTrigger, alerts: readonly Alert[], target?: number) {
  const [first] = recommendThresholds([trigger], countScores(alerts), target);
  if (first === undefined) throw new Error('nothing was recommended');
  return first;
}

const repeat = (count: number, score: number | null, state: State) =>
  Array.from({ length: count }, () => [score, state] as const);

const notify: AlertTrigger = { emotion: 'anger', threshold: 0.5, directive: 'notify' };

describe('a recommendation', () => {
  it('is the lowest threshold whose precision reaches the target with its lower bound', () => {
    const alerts = alertsOf(notify, [
      ...repeat(10, 0.55, 'refuted'),
      ...repeat(2, 0.6, 'confirmed'),
      ...repeat(3, 0.6, 'open'),
      ...repeat(30, 0.7, 'confirmed'),
      ...repeat(5, 0.9, 'confirmed'),
    ]);
    expect(recommended(notify, alerts)).toEqual({
      emotion: 'anger',
      directive: 'notify',
      kind: 'raise',
      current: 0.5,
      outcomes: 47,
      withoutScore: 0,
      before: { confirmed: 37, refuted: 10, open: 3, precision: 0.7872, interval: rateInterval(37, 47) },
      threshold: 0.6,
      after: { confirmed: 37, refuted: 0, open: 3, precision: 1, interval: rateInterval(37, 37) },
      suppressed: 10,
      confirmedLost: 0,
    });
    // Of 37 confirmed of 37 the lower bound is 0.905, of 35 of 35 it is 0.9.
    expect(recommended(notify, alerts, 0.906)).toMatchObject({ kind: 'unreachable' });
  });

  it('counts what it suppresses, and the confirmed ones lost', () => {
    const alerts = alertsOf(notify, [
      ...repeat(4, 0.6, 'refuted'),
      ...repeat(3, 0.6, 'confirmed'),
      ...repeat(2, 0.6, 'open'),
      ...repeat(40, 0.8, 'confirmed'),
    ]);
    expect(recommended(notify, alerts, 0.9)).toMatchObject({ threshold: 0.8, suppressed: 9, confirmedLost: 3 });
  });

  it('is to keep the threshold in force where that reaches the target', () => {
    expect(recommended(notify, alertsOf(notify, repeat(40, 0.6, 'confirmed')))).toMatchObject({ kind: 'keep' });
  });

  it('is none with fewer than 20 outcomes at or above the threshold in force', () => {
    const alerts = (count: number) =>
      alertsOf(notify, [
        ...repeat(count, 0.6, 'confirmed'),
        ...repeat(50, 0.6, 'open'),
        ...repeat(50, 0.4, 'confirmed'),
        ...repeat(9, null, 'confirmed'),
      ]);
    expect(recommended(notify, alerts(19))).toMatchObject({
      kind: 'too-few-outcomes',
      outcomes: 19,
      needed: 20,
      withoutScore: 9,
    });
    expect(recommended(notify, alerts(20))).toMatchObject({ kind: 'keep', outcomes: 20 });
    expect(recommended(notify, [])).toMatchObject({ kind: 'too-few-outcomes', outcomes: 0 });
  });

  it('is above 0.95 never: what only a higher threshold reaches is unreachable', () => {
    const scored = [...repeat(30, 0.955, 'refuted'), ...repeat(60, 0.96, 'confirmed')];
    expect(recommended(notify, alertsOf(notify, scored))).toMatchObject({
      kind: 'unreachable',
      best: { threshold: 0.5, lowerBound: rateInterval(60, 90)[0] },
    });
    const reachable = [...repeat(30, 0.94, 'refuted'), ...repeat(60, 0.96, 'confirmed')];
    expect(recommended(notify, alertsOf(notify, reachable))).toMatchObject({ kind: 'raise', threshold: 0.95 });
  });

  it('counts the alerts of its own trigger only', () => {
    const alerts = [
      ...alertsOf(notify, repeat(30, 0.6, 'confirmed')),
      ...alertsOf({ ...notify, directive: 'block' }, repeat(30, 0.9, 'refuted')),
      ...alertsOf({ ...notify, emotion: 'joy' }, repeat(30, 0.9, 'refuted')),
    ];
    expect(recommended(notify, alerts)).toMatchObject({ kind: 'keep', outcomes: 30 });
  });

  it('equals a search through every threshold', () => {
    const scored = fc.tuple(fc.integer({ min: 40, max: 100 }), fc.constantFrom('open', 'confirmed', 'refuted'));
    const some = fc.array(scored, { minLength: 20, maxLength: 120, size: 'max' });
    const trigger = fc.constantFrom(
      notify,
      { ...notify, threshold: 0 },
      { ...notify, threshold: 0.95 },
      { ...notify, threshold: 0.7, directive: 'block' as const },
    );
    fc.assert(
      fc.property(
        trigger,
        some,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 19 }),
        (trigger, drawn, better, twentieths) => {
          const target = twentieths / 20;
          // The higher the score, the more often the alert is right.
          const states = drawn.map(([score, state]): [number, State] => [
            score / 100,
            score > better && state !== 'open' ? 'confirmed' : state,
          ]);
          const alerts = alertsOf(trigger, states);
          const raisedAt = (threshold: number) => alerts.filter(each => (each.score ?? 0) >= threshold);
          const count = (of: readonly Alert[], outcome: State) =>
            of.filter(each => each.closed?.outcome === outcome).length;
          const isReached = (of: readonly Alert[]) => {
            const confirmed = count(of, 'confirmed');
            return rateInterval(confirmed, confirmed + count(of, 'refuted'))[0] >= target;
          };
          const thresholds = Array.from({ length: 191 }, (_, index) => index / 200).filter(
            each => each >= trigger.threshold,
          );
          const lowest = thresholds.find(each => isReached(raisedAt(each)));

          const now = raisedAt(trigger.threshold);
          const found = recommended(trigger, alerts, target);
          if (count(now, 'confirmed') + count(now, 'refuted') < 20) expect(found.kind).toBe('too-few-outcomes');
          else if (lowest === undefined) expect(found.kind).toBe('unreachable');
          else if (lowest === trigger.threshold) expect(found.kind).toBe('keep');
          else {
            if (found.kind !== 'raise') throw new Error(`it is ${found.kind}`);
            expect(found.threshold).toBeLessThanOrEqual(0.95);
            expect(found.threshold).toBeGreaterThanOrEqual(lowest);
            expect(raisedAt(found.threshold)).toEqual(raisedAt(lowest));
            expect(found.suppressed).toBe(now.length - raisedAt(lowest).length);
            expect(found.confirmedLost).toBe(count(now, 'confirmed') - count(raisedAt(lowest), 'confirmed'));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the new calibration', () => {
  it('has the proposed thresholds, and all else as it was', () => {
    const [escalate] = sample.alert_triggers;
    if (escalate === undefined) throw new Error('the sample has no trigger');
    const alerts = alertsOf(escalate, [...repeat(30, 0.85, 'refuted'), ...repeat(60, 0.91, 'confirmed')]);
    const recommendations = recommendThresholds(sample.alert_triggers, countScores(alerts));
    const next = withRecommendations(sample, recommendations);
    expect(recommendations.map(({ kind }) => kind)).toEqual(['raise', 'too-few-outcomes']);
    expect(next).toEqual({ ...sample, alert_triggers: [{ ...escalate, threshold: 0.91 }, sample.alert_triggers[1]] });
    expect(parseCalibration(next)).toEqual({ ok: true, calibration: next });
  });
});
