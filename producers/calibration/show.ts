import type { CalibrationProgress } from '../../jobs/flows/calibration/status.ts';
import type { CalibrationDifference } from '../../src/domain/sentiment/calibration-difference.ts';
import { type Calibrated, type CalibrationLog, lastApplied } from '../../src/domain/sentiment/calibration-log.ts';
import { grid, table } from '../cli/terminal.ts';

/** A version, as `calibrate history --json` lists it. */
export function versionSummary(calibration: Calibrated) {
  const { version, request, at, by, source, state, since, timesSent, accepted, reason, supersededBy, body } =
    calibration;
  return {
    version,
    request,
    at,
    by,
    source,
    state,
    since,
    timesSent,
    ...(accepted === null ? {} : { calibrationJobId: accepted.jobId, calibration_latency_ms: accepted.latencyMs }),
    ...(reason === null ? {} : { reason: reason.message }),
    ...(supersededBy === null ? {} : { supersededBy }),
    interactions: body.interaction_ids.length,
    triggers: body.alert_triggers,
    sensitivity: body.sensitivity_level,
    reweight: body.trigger_model_reweight,
  };
}

export function history(log: CalibrationLog): string {
  const applied = lastApplied(log);
  return grid(
    ['version', 'requested', 'by', 'from', 'state', 'interactions', 'triggers', 'sensitivity', 'reweight'],
    log.calibrations.map(each => [
      each.version,
      each.at,
      each.by,
      sourceOf(each),
      each === applied ? 'in force' : (each.reason?.message ?? each.state),
      each.body.interaction_ids.length,
      each.body.alert_triggers.length,
      each.body.sensitivity_level.toFixed(2),
      each.body.trigger_model_reweight ? 'yes' : 'no',
    ]),
  );
}

function sourceOf({ source, request }: Calibrated): string {
  return source.kind === 'request' ? `request ${request}` : `version ${source.version}`;
}

export function describeProgress({ stage, ahead, jobId }: CalibrationProgress): string {
  switch (stage) {
    case 'waiting':
      return 'waiting for a worker';
    case 'queued':
      return ahead === undefined || ahead === 0 ? 'waiting for its turn' : `waiting for ${ahead} earlier calibrations`;
    case 'sending':
      return 'sending the calibration';
    case 'busy':
      return jobId === undefined
        ? 'waiting for a reweight on the platform'
        : `waiting for the calibration job ${jobId}`;
    case 'applying':
      return `accepted: following the calibration job ${jobId}`;
  }
}

export function describeDifference(difference: CalibrationDifference): string {
  const { since, interactions, polarity, sensitivity, triggers, reweight } = difference;
  const rows: [string, string][] = [
    [
      'compared with',
      since === null ? 'nothing: no calibration was applied yet' : `version ${since.version} of ${since.at}`,
    ],
    [
      'interactions',
      `${interactions.added.length} added, ${interactions.removed.length} removed, ${interactions.kept} kept`,
    ],
    ...changeRow('negative', polarity.negative),
    ...changeRow('neutral', polarity.neutral),
    ...changeRow('positive', polarity.positive),
    ...changeRow('sensitivity', sensitivity),
    ...triggers.added.map(({ emotion, directive, after }): [string, string] => [
      `${emotion}, ${directive}`,
      `new, ${after}`,
    ]),
    ...triggers.changed.map(({ emotion, directive, before, after }): [string, string] => [
      `${emotion}, ${directive}`,
      `${before} → ${after}`,
    ]),
    ...triggers.removed.map(({ emotion, directive, before }): [string, string] => [
      `${emotion}, ${directive}`,
      `removed, was ${before}`,
    ]),
    ['unchanged triggers', String(triggers.unchanged)],
    ['reweight', reweight ? 'yes' : 'no'],
  ];
  return table(rows);
}

function changeRow(name: string, change: { readonly before: number | null; readonly after: number } | null) {
  const row: [string, string][] = [];
  if (change !== null)
    row.push([name, change.before === null ? `${change.after}` : `${change.before} → ${change.after}`]);
  return row;
}
