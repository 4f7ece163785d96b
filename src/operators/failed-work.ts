import { failureCodes } from '../../jobs/errors.ts';
import type { FlowResources } from '../../jobs/flows/flow.ts';
import { reopenRequest } from '../../jobs/flows/reopen-request.ts';
import { queueNames, registry } from '../../jobs/registry.ts';
import type { App } from '../app/app.ts';
import type { EntryDraft } from '../domain/audit/entry.ts';
import { discard, type FailedJob, failedJobs, respecify } from '../runtime/failed-jobs.ts';
import { cancelledCode, otherCode } from '../runtime/failure-reason.ts';

/** Selects the failed jobs that match all given fields. */
export interface Selection {
  readonly queue?: string | undefined;
  readonly code?: string | undefined;
  readonly id?: string | undefined;
}

type Part = FlowResources & Pick<App, 'audit'>;

/** Jobs per batch: a batch is recorded in the audit log, then carried out. */
const chunk = 500;

/** The failed jobs of a selection, by queue, newest first. Cancelled jobs only if their id or code is given. */
export async function selectFailed({ queues }: Pick<App, 'queues'>, wanted: Selection): Promise<FailedJob[]> {
  const names = queueNames.filter(name => wanted.queue === undefined || name === wanted.queue);
  const all = (await Promise.all(names.map(name => failedJobs(queues, name)))).flat().map(withKnownCode);
  return all.filter(
    ({ id, code }) =>
      (wanted.id === undefined || id === wanted.id) &&
      (wanted.code === undefined ? wanted.id !== undefined || code !== cancelledCode : code === wanted.code),
  );
}

/** A code that is unknown to this version counts as none. */
function withKnownCode(job: FailedJob): FailedJob {
  return failureCodes.includes(job.code) ? job : { ...job, code: otherCode };
}

/** Retries the jobs with a fresh set of attempts. Recorded in the audit log beforehand. */
export async function retryFailed(app: Part, jobs: readonly FailedJob[], by: string): Promise<void> {
  for (const some of chunks(jobs)) {
    await app.audit.append(some.map(job => deed('jobs.retry', job, by)));
    await app.queues.enqueue(
      some.flatMap(job => policyOf(job.queue).map(policy => respecify(job, policy))),
      { restart: 'failed' },
    );
    for (const job of some) await reopenRequest(app, job);
  }
}

/** Deletes the jobs. Recorded in the audit log beforehand. @returns how many still existed as failed jobs */
export async function discardFailed(
  app: Pick<App, 'queues' | 'audit'>,
  jobs: readonly FailedJob[],
  by: string,
): Promise<number> {
  let discarded = 0;
  for (const some of chunks(jobs)) {
    await app.audit.append(some.map(job => deed('jobs.discard', job, by)));
    const gone = await Promise.all(some.map(job => discard(app.queues, job)));
    discarded += gone.filter(Boolean).length;
  }
  return discarded;
}

function deed(what: string, { queue, id, code }: FailedJob, by: string): EntryDraft {
  return { id, kind: 'action', what, by, details: { queue, id, code } };
}

function policyOf(queue: string) {
  return registry.filter(({ name }) => name === queue).map(({ policy }) => policy);
}

function* chunks(jobs: readonly FailedJob[]): Generator<readonly FailedJob[]> {
  for (let start = 0; start < jobs.length; start += chunk) yield jobs.slice(start, start + chunk);
}
