import type { AuditEntry } from '../../domain/audit/entry.ts';
import type { AuditFinding } from '../../domain/audit/segment.ts';
import { auditIdOf, isSettled, type Push } from '../../domain/push/push.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { LogFinding } from '../artifacts/log.ts';
import type { Calibrations } from '../calibrations/calibrations.ts';
import type { Models } from '../models/models.ts';
import type { Pushes } from '../pushes/pushes.ts';
import type { Schedules } from '../schedules/schedules.ts';
import type { Trainings } from '../trainings/trainings.ts';
import type { Audit } from './audit.ts';
import type { AuditReport } from './verify.ts';

/** The logs that hold the changes which the audit log names. */
export interface ChangeLogs {
  readonly audit: Pick<Audit, 'verify'>;
  readonly pushes: Pick<Pushes, 'read' | 'verify'>;
  readonly models: Pick<Models, 'verify'>;
  readonly calibrations: Pick<Calibrations, 'verify'>;
  readonly schedules: Pick<Schedules, 'verify'>;
  readonly trainings: Pick<Trainings, 'list' | 'verify'>;
  readonly alerts: Pick<Alerts, 'verify'>;
}

/**
 * Checks the audit log and the logs of the changes that it names: the pushes, which must have the thresholds that were
 * audited, trainings, models, schedules, and the outcomes of alerts.
 * @param expected a head of the audit log from an earlier check
 */
export async function verifyChanges(logs: ChangeLogs, expected?: Parameters<Audit['verify']>[0]): Promise<AuditReport> {
  const others = await verifyOthers(logs);
  // Unreadable entries are already reported.
  const pushes = others.pushes.length > 0 ? null : (await logs.pushes.read()).pushes;
  const outcomes: string[] = [];
  const compare = pushes === null ? undefined : auditedPushes(pushes);
  const report = await logs.audit.verify(expected, entry => {
    const { kind, what, details } = entry;
    if (kind === 'outcome' && what === 'config.push' && details.state !== undefined) outcomes.push(entry.id);
    return compare?.(entry) ?? [];
  });
  const lost = pushes === null ? [] : await lostOutcomes(outcomes, logs);
  return { ...report, findings: [...report.findings, ...[...others.pushes, ...others.rest, ...lost].map(findingOf)] };
}

/**
 * Pushes whose outcome was audited, although their log does not have it: its end was cut off. Read after the audit log,
 * which gets an outcome last.
 */
async function lostOutcomes(audited: readonly string[], { pushes }: Pick<ChangeLogs, 'pushes'>): Promise<LogFinding[]> {
  const settled = new Set((await pushes.read()).pushes.filter(isSettled).map(auditIdOf));
  return audited
    .filter(id => !settled.has(id))
    .map(id => ({ where: 'config/log', what: `the outcome of the push ${id} was audited, but the log has lost it` }));
}

async function verifyOthers({ pushes, models, schedules, calibrations, alerts, trainings }: ChangeLogs) {
  const logs = [models, schedules, calibrations, alerts];
  const rest: LogFinding[] = [];
  for (const log of logs) rest.push(...(await log.verify()));
  for (const request of await trainings.list()) rest.push(...(await trainings.verify(request)));
  return { pushes: await pushes.verify(), rest };
}

/** Compares an audited push with the log of pushes. */
function auditedPushes(pushes: readonly Push[]): (entry: AuditEntry) => string[] {
  const byId = new Map(pushes.map(push => [auditIdOf(push), push]));
  return ({ id, kind, what, details }) => {
    if (kind !== 'intent' || what !== 'config.push' || details.sha256 === undefined) return [];
    const push = byId.get(id);
    if (push === undefined) return [`it names the push ${id}, which the log of pushes does not hold`];
    if (push.sha256 === details.sha256) return [];
    return [`the thresholds of the push ${id} are not those that were audited`];
  };
}

function findingOf({ where, what }: LogFinding): AuditFinding {
  return { segment: null, what: `${where}: ${what}` };
}
