import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateInterval } from '../../../src/domain/roc/rate-interval.ts';
import { roundTo, roundTo3 } from '../../../src/domain/roc/rounding.ts';
import type { Alert } from '../../../src/domain/sentiment/alert.ts';
import {
  type AlertCounts,
  fromStored,
  mergedCounts,
  openAlertCounter,
  storedCounts,
  toStored,
} from '../../../src/domain/sentiment/alert-counts.ts';
import { precisionOf, precisionReport } from '../../../src/domain/sentiment/precision.ts';
import { alertWith, anyAlerts, closedAs } from './arbitrary-alerts.ts';

/** Counted after the event, all at once. */
function counted(alerts: readonly Alert[]): AlertCounts {
  const counter = openAlertCounter();
  for (const each of alerts) counter.raise(each);
  return counter.counts;
}

const size = (alerts: readonly Alert[], state: string) =>
  alerts.filter(each => (each.closed?.outcome ?? 'open') === state).length;

describe('precision', () => {
  it('is that of the judged alerts, with 4 decimals', () => {
    expect(precisionOf({ confirmed: 2, refuted: 1, open: 5 })).toEqual({
      confirmed: 2,
      refuted: 1,
      open: 5,
      precision: 0.6667,
      interval: rateInterval(2, 3),
    });
    // A tie in binary, which Python's round(…, 4) rounds to the even digit.
    expect(precisionOf({ confirmed: 1, refuted: 31, open: 0 }).precision).toBe(0.0312);
    expect(precisionOf({ confirmed: 3, refuted: 29, open: 0 }).precision).toBe(0.0938);
  });

  it('is 0.0 where none was judged, and says nothing', () => {
    expect(precisionOf({ confirmed: 0, refuted: 0, open: 3 })).toMatchObject({ precision: 0, interval: [0, 1] });
  });

  it('lies in its interval', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (confirmed, refuted) => {
        const { precision, interval } = precisionOf({ confirmed, refuted, open: 0 });
        expect(precision).toBeGreaterThanOrEqual(interval[0] - 5e-5);
        expect(precision).toBeLessThanOrEqual(interval[1] + 5e-5);
      }),
    );
  });

  it('is rounded to the nearest, as with any number of decimals', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), value => {
        expect(Math.abs(roundTo(value, 4) - value)).toBeLessThanOrEqual(5e-5 + 1e-16);
        expect(roundTo(value, 3)).toBe(roundTo3(value));
      }),
    );
  });
});

describe('the report', () => {
  it('equals a recount of the alerts, as a whole and in every group', () => {
    fc.assert(
      fc.property(anyAlerts, alerts => {
        const report = precisionReport(counted(alerts));
        const recount = (of: readonly Alert[]) =>
          precisionOf({ confirmed: size(of, 'confirmed'), refuted: size(of, 'refuted'), open: size(of, 'open') });
        expect(report).toMatchObject(recount(alerts));
        const distinct = <Key>(keyOf: (alert: Alert) => Key) => [...new Set(alerts.map(keyOf))];
        expect(report.byEmotion).toEqual(
          distinct(each => each.emotion)
            .sort()
            .map(emotion => ({ emotion, ...recount(alerts.filter(each => each.emotion === emotion)) })),
        );
        expect(report.byDirective.map(({ directive }) => directive)).toEqual(distinct(each => each.directive).sort());
        for (const { emotion, directive, ...precision } of report.byTrigger)
          expect(precision).toEqual(
            recount(alerts.filter(each => each.emotion === emotion && each.directive === directive)),
          );
        expect(report.byTrigger).toHaveLength(distinct(each => `${each.emotion} ${each.directive}`).length);
        expect(report.byDay).toEqual(
          distinct(each => each.at.slice(0, 10))
            .sort()
            .map(day => ({ day, ...recount(alerts.filter(each => each.at.startsWith(day))) })),
        );
        expect(report.byCalibration).toEqual(
          distinct(each => each.calibration)
            .sort((a, b) => (a ?? 0) - (b ?? 0))
            .map(calibration => ({
              calibration,
              ...recount(alerts.filter(each => each.calibration === calibration)),
            })),
        );
      }),
    );
  });

  it('is the same whether alerts are counted as they come or at the end', () => {
    fc.assert(
      fc.property(anyAlerts, fc.array(fc.nat(), { minLength: 1 }), (alerts, order) => {
        const counter = openAlertCounter();
        const waiting: Alert[] = [];
        alerts.forEach((each, index) => {
          counter.raise({ ...each, closed: null });
          if (each.closed !== null) waiting.push(each);
          const at = (order[index % order.length] ?? 0) % (2 * waiting.length + 1);
          for (const closed of waiting.splice(at, 1)) counter.close(closed);
        });
        for (const closed of waiting) counter.close(closed);
        expect(toStored(counter.counts)).toEqual(toStored(counted(alerts)));
      }),
    );
  });
});

describe('counts', () => {
  it('of parts add up to those of the whole, in any order', () => {
    fc.assert(
      fc.property(anyAlerts, fc.nat(60), fc.nat(60), (alerts, one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const [a, b, c] = [alerts.slice(0, first), alerts.slice(first, second), alerts.slice(second)].map(counted);
        if (a === undefined || b === undefined || c === undefined) throw new Error('three parts');
        const whole = toStored(counted(alerts));
        expect(toStored(mergedCounts(mergedCounts(a, b), c))).toEqual(whole);
        expect(toStored(mergedCounts(c, mergedCounts(b, a)))).toEqual(whole);
        expect(toStored(mergedCounts(openAlertCounter().counts, counted(alerts)))).toEqual(whole);
      }),
    );
  });

  it('add up where an alert was raised in one part and closed in another', () => {
    const closed = alertWith({ closed: closedAs('confirmed') });
    const [raising, closing] = [openAlertCounter(), openAlertCounter()];
    raising.raise(alertWith({}));
    closing.close(closed);
    expect(toStored(mergedCounts(raising.counts, closing.counts))).toEqual(toStored(counted([closed])));
  });

  it('can be stored, read back and gone on from, without a change of the ones before', () => {
    fc.assert(
      fc.property(anyAlerts, anyAlerts, (before, after) => {
        const stored = storedCounts.parse(JSON.parse(JSON.stringify(toStored(counted(before)))));
        const start = fromStored(stored);
        const counter = openAlertCounter(start);
        for (const each of after) counter.raise(each);
        expect(toStored(counter.counts)).toEqual(toStored(counted([...before, ...after])));
        expect(toStored(start)).toEqual(toStored(counted(before)));
      }),
    );
  });
});
