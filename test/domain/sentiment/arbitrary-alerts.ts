import fc from 'fast-check';
import type { Alert, Outcome } from '../../../src/domain/sentiment/alert.ts';

const start = Date.parse('2024-05-15T00:00:00.000Z');

export const closedAs = (outcome: Outcome): Alert['closed'] => ({
  outcome,
  at: '2024-06-01T00:00:00.000Z',
  by: 'alice',
  reason: null,
});

const details = fc.record({
  hours: fc.nat(80),
  emotion: fc.constantFrom('anger', 'frustration', '__proto__'),
  directive: fc.constantFrom('block', 'notify'),
  /** In hundredths. */
  score: fc.option(fc.nat(100)),
  calibration: fc.option(fc.integer({ min: 1, max: 12 })),
  outcome: fc.constantFrom('open', 'confirmed', 'refuted'),
});

/** Alerts with ids of their own, in no particular order. */
export const anyAlerts: fc.Arbitrary<Alert[]> = fc.array(details, { maxLength: 60, size: 'max' }).map(all =>
  all.map(({ hours, emotion, directive, score, calibration, outcome }, index) => ({
    id: `alert-${index}`,
    at: new Date(start + hours * 3_600_000).toISOString(),
    interactionId: `conv-${index}`,
    emotion,
    directive,
    score: score === null ? null : score / 100,
    threshold: null,
    calibrationJobId: null,
    calibration,
    closed: outcome === 'open' ? null : closedAs(outcome === 'confirmed' ? 'confirmed' : 'refuted'),
  })),
);

/** One alert, with what matters to a test. */
export function alertWith(about: Partial<Alert>): Alert {
  return {
    id: 'alert',
    at: '2024-05-15T12:00:00.000Z',
    interactionId: 'conv',
    emotion: 'anger',
    directive: 'notify',
    score: null,
    threshold: null,
    calibrationJobId: null,
    calibration: null,
    closed: null,
    ...about,
  };
}
