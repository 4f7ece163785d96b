import { canonicalBody, idempotencyInput } from '../../src/domain/sentiment/calibration-body.ts';
import { type Calibrated, type CalibrationLog, isEnded } from '../../src/domain/sentiment/calibration-log.ts';
import { sha256Of } from '../../src/store/artifacts/sealed.ts';
import type { Context } from './context.ts';

type Within = Pick<Context, 'resources'>;

/** What makes the repetitions of a calibration one calibration on the platform. */
export function idempotencyKey({ request, body }: Pick<Calibrated, 'request' | 'body'>): string {
  return sha256Of(idempotencyInput(request, body));
}

/** The id of a calibration in the audit log. */
export const auditIdOf = ({ version }: Pick<Calibrated, 'version'>) => `calibration-${version}`;

/** Written to the audit log before anything is sent. */
export async function auditIntent(calibration: Calibrated, { resources }: Within): Promise<void> {
  const { by, body } = calibration;
  await resources.audit.intent({
    ...changeOf(calibration),
    by,
    details: {
      ...about(calibration),
      interactions: body.interaction_ids.length,
      triggers: body.alert_triggers.length,
      reweight: body.trigger_model_reweight,
      sha256: sha256Of(canonicalBody(body)),
      idempotencyKey: idempotencyKey(calibration),
    },
  });
}

/**
 * Ensures that the audit log has the outcome of `version`, and of those that it superseded, once they have ended. The
 * outcome of one that is unknown is missing: `audit verify` reports it.
 */
export async function auditOutcomes(version: number, { calibrations }: CalibrationLog, within: Within): Promise<void> {
  for (const each of calibrations)
    if (isEnded(each) && (each.version === version || each.supersededBy === version)) await auditOutcome(each, within);
}

async function auditOutcome(calibration: Calibrated, within: Within): Promise<void> {
  const { state, accepted, reason, supersededBy, by } = calibration;
  // One that was never sent has no entry yet.
  await auditIntent(calibration, within);
  await within.resources.audit.outcome({
    ...changeOf(calibration),
    by,
    details: {
      ...about(calibration),
      state,
      ...(accepted === null ? {} : { calibrationJobId: accepted.jobId }),
      ...(reason === null ? {} : { reason: { ...reason } }),
      ...(supersededBy === null ? {} : { supersededBy }),
    },
  });
}

function changeOf(calibration: Calibrated) {
  return { id: auditIdOf(calibration), what: 'sentiment.calibrate' };
}

function about({ version, request, source }: Calibrated) {
  return { version, request, ...(source.kind === 'request' ? {} : { [source.kind]: source.version }) };
}
