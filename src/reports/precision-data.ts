import { rateInterval } from '../domain/roc/rate-interval.ts';
import { bounds, triggerKey } from '../domain/sentiment/calibration.ts';
import { precisionOf } from '../domain/sentiment/precision.ts';
import { type CurvePoint, thresholdCurve } from '../domain/sentiment/threshold-curve.ts';
import type { PrecisionFigures } from './precision-input.ts';

/** What the page's script draws. */
export interface PrecisionData {
  /** Of each trigger with an alert that has a score, in the order of the page's sections. */
  readonly triggers: readonly TriggerData[];
  /** Alerts of each UTC day from the first to the last, days without alerts included. */
  readonly days: readonly DayData[];
}

export interface TriggerData {
  readonly emotion: string;
  readonly directive: string;
  readonly threshold: number | null;
  readonly points: readonly PointData[];
}

/** The alerts whose score is at least `threshold`. */
export interface PointData {
  readonly threshold: number;
  readonly confirmed: number;
  readonly refuted: number;
  readonly open: number;
  /** `null` where none of them was judged. */
  readonly precision: number | null;
  readonly interval: readonly [number, number];
}

export interface DayData {
  readonly day: string;
  readonly confirmed: number;
  readonly refuted: number;
  readonly open: number;
}

/** Points of one curve: more could not be told apart on a screen. */
const mostPoints = 200;
/** Columns of the chart of days; more days are added up. */
const mostColumns = 120;
const dayMs = 86_400_000;

export function precisionData({ precision, scores, thresholds }: PrecisionFigures): PrecisionData {
  return {
    triggers: precision.byTrigger.flatMap(({ emotion, directive }) => {
      const key = triggerKey({ emotion, directive });
      const byScore = scores.get(key)?.byScore ?? new Map();
      if (byScore.size === 0) return [];
      const { most } = bounds.threshold;
      const least = [...byScore.keys()].reduce((lowest, score) => Math.min(lowest, score), most);
      const points = thinned(thresholdCurve(byScore, least, most)).map(pointData);
      return [{ emotion, directive, threshold: thresholds.get(key) ?? null, points }];
    }),
    days: everyDay(precision.byDay),
  };
}

function pointData({ threshold, confirmed, refuted, open }: CurvePoint): PointData {
  const judged = confirmed + refuted;
  return {
    threshold,
    confirmed,
    refuted,
    open,
    precision: judged === 0 ? null : precisionOf({ confirmed, refuted, open }).precision,
    interval: rateInterval(confirmed, judged),
  };
}

/** The first, the last, and evenly many between. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (points.length <= mostPoints) return points;
  const step = (points.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, index) => points[Math.round(index * step)]).filter(
    point => point !== undefined,
  );
}

function everyDay(byDay: readonly DayData[]): DayData[] {
  const [first, last] = [byDay[0], byDay.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [start, end] = [Date.parse(first.day), Date.parse(last.day)];
  const width = Math.ceil(((end - start) / dayMs + 1) / mostColumns) * dayMs;
  const columns = Array.from({ length: Math.floor((end - start) / width) + 1 }, (_, index) => ({
    day: new Date(start + index * width).toISOString().slice(0, first.day.length),
    confirmed: 0,
    refuted: 0,
    open: 0,
  }));
  for (const { day, confirmed, refuted, open } of byDay) {
    const column = columns[Math.floor((Date.parse(day) - start) / width)];
    if (column === undefined) continue;
    column.confirmed += confirmed;
    column.refuted += refuted;
    column.open += open;
  }
  return columns;
}
