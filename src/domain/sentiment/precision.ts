import { z } from 'zod';
import { rateInterval } from '../roc/rate-interval.ts';
import { roundTo } from '../roc/rounding.ts';
import type { AlertCounts, Counts, CountsBy } from './alert-counts.ts';

/** How many of the judged alerts were right. */
export interface Precision {
  readonly confirmed: number;
  readonly refuted: number;
  readonly open: number;
  /** confirmed / (confirmed + refuted), with 4 decimals; 0 where none was judged. */
  readonly precision: number;
  /** The exact 95 % interval (Clopper–Pearson) of the precision; [0, 1] where none was judged. */
  readonly interval: readonly [number, number];
}

/** The precision of alerts, as a whole and in groups; groups are sorted. */
export interface PrecisionReport extends Precision {
  readonly byTrigger: readonly ({ readonly emotion: string; readonly directive: string } & Precision)[];
  readonly byEmotion: readonly ({ readonly emotion: string } & Precision)[];
  readonly byDirective: readonly ({ readonly directive: string } & Precision)[];
  /** Of each UTC day on which alerts were raised, the oldest first. */
  readonly byDay: readonly ({ readonly day: string } & Precision)[];
  /** Of each version, the oldest first; `null`: raised by a calibration that is not one of ours. */
  readonly byCalibration: readonly ({ readonly calibration: number | null } & Precision)[];
}

export function precisionOf({ confirmed, refuted, open }: Counts): Precision {
  const judged = confirmed + refuted;
  return {
    confirmed,
    refuted,
    open,
    precision: judged === 0 ? 0 : roundTo(confirmed / judged, 4),
    interval: rateInterval(confirmed, judged),
  };
}

/** The cost depends on the number of groups, not on that of alerts. */
export function precisionReport({ total, by }: AlertCounts): PrecisionReport {
  return {
    ...precisionOf(total),
    byTrigger: sorted(by.trigger).map(([key, each]) => ({ ...triggerOf(key), ...precisionOf(each) })),
    byEmotion: sorted(by.emotion).map(([emotion, each]) => ({ emotion, ...precisionOf(each) })),
    byDirective: sorted(by.directive).map(([directive, each]) => ({ directive, ...precisionOf(each) })),
    byDay: sorted(by.day).map(([day, each]) => ({ day, ...precisionOf(each) })),
    byCalibration: [...by.calibration]
      .map(([key, each]) => ({ calibration: key === '' ? null : Number(key), ...precisionOf(each) }))
      .sort((a, b) => (a.calibration ?? 0) - (b.calibration ?? 0)),
  };
}

function sorted(groups: CountsBy): [string, Counts][] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function triggerOf(key: string): { emotion: string; directive: string } {
  const [emotion, directive]: unknown[] = JSON.parse(key);
  return { emotion: String(emotion), directive: String(directive) };
}

const share = z.number().min(0).max(1);
const shown = z.object({
  confirmed: z.int(),
  refuted: z.int(),
  open: z.int(),
  precision: share.describe('confirmed / (confirmed + refuted); 0 where none was judged'),
  interval: z.tuple([share, share]).describe('The exact 95 % interval; [0, 1] where none was judged'),
});

/** A report in JSON. */
export const shownPrecision = shown.extend({
  byTrigger: z.array(shown.extend({ emotion: z.string(), directive: z.string() })),
  byEmotion: z.array(shown.extend({ emotion: z.string() })),
  byDirective: z.array(shown.extend({ directive: z.string() })),
  byDay: z.array(shown.extend({ day: z.string() })),
  byCalibration: z.array(shown.extend({ calibration: z.int().nullable() })),
});
