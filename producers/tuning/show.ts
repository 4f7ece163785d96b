import { type Difference, distance } from '../../src/domain/push/difference.ts';
import { lookAlikeIds, withCodePoints } from '../../src/domain/roc/look-alike-ids.ts';
import { flags, type IntentTuning, warnings } from '../../src/domain/roc/result.ts';
import type { Tuning } from '../../src/domain/roc/tuning.ts';
import { grid, table } from '../cli/terminal.ts';

/** Rows shown on a terminal; the report and --json contain all. */
const mostLines = 100;

/** The thresholds of a tuning for a terminal, those with flags first. */
export function describeTuning(tuning: Tuning): string {
  const { intents, skipped, globalThreshold, csv } = tuning;
  const ordered = [...intents.filter(wantsLook), ...intents.filter(intent => !wantsLook(intent))];
  const left = Math.max(0, ordered.length - mostLines);
  return [
    `${csv.rows.toLocaleString('en-US')} rows of ${csv.name}`,
    ...(intents.length === 0
      ? []
      : [grid(['intent', 'threshold', 'J', 'AUC', 'samples', 'TPR', 'FPR', ''], rows(ordered))]),
    ...(left === 0 ? [] : [`and ${left.toLocaleString('en-US')} more: see --report or --json`]),
    ...legend(intents),
    table([
      ['global threshold', globalThreshold === null ? 'none' : globalThreshold.toFixed(3)],
      ['intents not in tenant', skipped.length === 0 ? '0' : few(skipped)],
    ]),
  ].join('\n');
}

function rows(intents: Tuning['intents']): (string | number)[][] {
  return intents
    .slice(0, mostLines)
    .map(intent => [
      intent.name,
      intent.threshold === null ? 'infinite' : intent.threshold.toFixed(3),
      intent.jScore.toFixed(3),
      intent.rocAuc.toFixed(3),
      intent.sampleCount,
      rate(intent.rounded?.tpr),
      rate(intent.rounded?.fpr),
      [...intent.flags, ...intent.warnings.map(warning => `(${warning})`)].join(' '),
    ]);
}

const rate = (value: number | undefined) => (value === undefined ? '' : value.toFixed(3));

function wantsLook(intent: IntentTuning): boolean {
  return intent.flags.length + intent.warnings.length > 0;
}

/** What the flags and warnings that occur mean. */
function legend(intents: readonly IntentTuning[]): string[] {
  const flagged = Object.entries(flags).filter(([name]) =>
    intents.some(intent => intent.flags.some(flag => flag === name)),
  );
  const warned = Object.entries(warnings).filter(([name]) =>
    intents.some(intent => intent.warnings.some(warning => warning === name)),
  );
  return [
    ...flagged.map(([name, meaning]) => `  ${name}: ${meaning}`),
    ...warned.map(([name, meaning]) => `  (${name}): ${meaning}`),
  ];
}

/** What a push would change compared with the version in force. */
export function describeDifference(difference: Difference): string {
  const { since, global, added, removed, changed, carried, unchanged } = difference;
  const farthestFirst = [...changed].sort((a, b) => distance(b) - distance(a));
  return [
    since === null ? 'no previous push' : `against version ${since.version} of ${since.at}:`,
    table([
      ['added', added.length],
      ['changed', changed.length],
      ['unchanged', unchanged],
      [
        'kept from last push',
        carried.length === 0
          ? 0
          : `${carried.length}: ${few(carried.map(({ name, reason }) => `${name} (${reason})`))}`,
      ],
      ['removed', removed.length === 0 ? 0 : `${removed.length}: ${few(removed.map(({ name }) => name))}`],
      ['global threshold', `${global.before ?? 'none'} → ${global.after}`],
    ]),
    ...farthestFirst
      .slice(0, mostLines)
      .map(
        ({ name, before, after }) =>
          `  ${name}: ${before} → ${after} (${after > before ? '+' : '−'}${distance({ before, after })})`,
      ),
  ].join('\n');
}

/** Ids of the export that the tenant does not have, and that look like one that it has. */
export function lookAlikeWarnings({ skipped, tenantIntents, intents }: Tuning): string[] {
  const others = [...intents.map(({ intentId }) => intentId), ...skipped];
  const found = lookAlikeIds(
    skipped,
    tenantIntents.map(({ id }) => id),
    others,
  );
  const lines = found.slice(0, mostLookAlikes).map(({ intentId, like, isInTenant }) => {
    const other = isInTenant ? 'the tenant has' : 'the export also has';
    return `warning: the intent ${withCodePoints(intentId)} of the export is not in the tenant; ${other} ${withCodePoints(like)}, which looks the same`;
  });
  const more = found.length - lines.length;
  return more > 0 ? [...lines, `warning: ${more} more intents of the export look like others`] : lines;
}

const mostLookAlikes = 10;
const named = 5;

function few(names: readonly string[]): string {
  const more = names.length - named;
  return `${names.slice(0, named).join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`;
}
