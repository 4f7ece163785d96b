import type { Alert } from '../../src/domain/sentiment/alert.ts';
import { openAlertCounter } from '../../src/domain/sentiment/alert-counts.ts';
import { triggerKey } from '../../src/domain/sentiment/calibration.ts';
import { precisionReport } from '../../src/domain/sentiment/precision.ts';
import { countScores } from '../../src/domain/sentiment/score-counts.ts';
import type { PrecisionFigures } from '../../src/reports/precision-input.ts';
import { alertWith, closedAs } from '../domain/sentiment/arbitrary-alerts.ts';

/** Alerts of 30 days, whose precision grows with their score; every fifth is open. */
export function alertsOf(count: number, emotion = 'anger'): Alert[] {
  return Array.from({ length: count }, (_, number) => {
    const score = 0.5 + ((number * 37) % 45) / 100;
    const isRight = (number * 13) % 100 < score * 100;
    return alertWith({
      id: `alert-${number}`,
      at: new Date(Date.parse('2026-03-01T00:00:00Z') + number * 3_600_000 * 7).toISOString(),
      emotion,
      directive: number % 4 === 0 ? 'block' : 'notify',
      score: number % 11 === 0 ? null : score,
      calibration: number % 3 === 0 ? null : 1 + (number % 2),
      closed: number % 5 === 0 ? null : closedAs(isRight ? 'confirmed' : 'refuted'),
    });
  });
}

export function figuresOf(alerts: readonly Alert[], about: Partial<PrecisionFigures> = {}): PrecisionFigures {
  const counter = openAlertCounter();
  for (const alert of alerts) counter.raise(alert);
  return {
    tenant: 'acme',
    at: '2026-04-01T14:05:00.000Z',
    precision: precisionReport(counter.counts),
    scores: countScores(alerts),
    thresholds: new Map([[triggerKey({ emotion: 'anger', directive: 'notify' }), 0.6]]),
    ...about,
  };
}
