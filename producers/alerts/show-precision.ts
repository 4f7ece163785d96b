import type { Precision, PrecisionReport } from '../../src/domain/sentiment/precision.ts';
import { grid, table } from '../cli/terminal.ts';

const newestDays = 14;

export function describePrecision(report: PrecisionReport): string {
  const { byTrigger, byDay, byCalibration } = report;
  const totals = table([
    ['confirmed', report.confirmed],
    ['refuted', report.refuted],
    ['open', report.open],
    ['precision', isJudged(report) ? report.precision.toFixed(4) : '0.0000 (no alert was judged yet)'],
    ['95 % interval', intervalText(report)],
  ]);
  const parts = [
    totals,
    precisionGrid(['emotion', 'directive'], byTrigger, ({ emotion, directive }) => [emotion, directive]),
    precisionGrid(['calibration'], byCalibration, each => [
      each.calibration === null ? 'unknown' : `version ${each.calibration}`,
    ]),
    precisionGrid(['day'], byDay.slice(-newestDays), ({ day }) => [day]),
  ];
  const omitted = byDay.length - newestDays;
  if (omitted > 0) parts.push(`${omitted} earlier days: see --json`);
  return parts.filter(part => part !== '').join('\n\n');
}

function precisionGrid<Group extends Precision>(
  columns: readonly string[],
  groups: readonly Group[],
  names: (group: Group) => readonly string[],
): string {
  if (groups.length === 0) return '';
  return grid(
    [...columns, 'confirmed', 'refuted', 'open', 'precision', '95 % interval'],
    groups.map(group => [
      ...names(group),
      group.confirmed,
      group.refuted,
      group.open,
      isJudged(group) ? group.precision.toFixed(4) : '-',
      intervalText(group),
    ]),
  );
}

function isJudged({ confirmed, refuted }: Precision): boolean {
  return confirmed + refuted > 0;
}

function intervalText(precision: Precision): string {
  const [low, high] = precision.interval;
  return isJudged(precision) ? `${low.toFixed(4)} to ${high.toFixed(4)}` : '-';
}
