import type { Recommendation } from '../../src/domain/sentiment/recommendation.ts';
import { grid } from '../cli/terminal.ts';

export function describeRecommendations(recommendations: readonly Recommendation[], target: number): string {
  if (recommendations.length === 0) return 'the calibration has no triggers';
  return grid(
    ['emotion', 'directive', 'in force', 'proposed', 'outcomes', 'precision', ''],
    recommendations.map(each => [
      each.emotion,
      each.directive,
      String(each.current),
      each.kind === 'raise' ? String(each.threshold) : '-',
      each.outcomes,
      each.outcomes === 0 ? '-' : each.before.precision.toFixed(4),
      noteOf(each, target),
    ]),
  );
}

function noteOf(each: Recommendation, target: number): string {
  const unscored = each.withoutScore === 0 ? '' : `; ${each.withoutScore} alerts without a score were not used`;
  return noteOfKind(each, target) + unscored;
}

function noteOfKind(each: Recommendation, target: number): string {
  switch (each.kind) {
    case 'too-few-outcomes':
      return `too few outcomes: at least ${each.needed} are required`;
    case 'unreachable':
      return `no threshold reaches ${target}: the best lower bound is ${each.best.lowerBound.toFixed(4)}, at ${each.best.threshold}`;
    case 'keep':
      return `reaches ${target}`;
    case 'raise':
      return `precision ${each.after.precision.toFixed(4)}; would have suppressed ${each.suppressed} alerts, ${each.confirmedLost} of them confirmed`;
  }
}
