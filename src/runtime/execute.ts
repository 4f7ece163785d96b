import { type Job as BullJob, DelayedError, RateLimitError, UnrecoverableError, WaitingError } from 'bullmq';
import type { Logger } from 'pino';
import { Cancelled, MlopsError, NotNow } from '../errors.ts';
import { classify } from './classify.ts';
import { cancelledCode, writeReason } from './failure-reason.ts';
import type { Handler, RawContext } from './handler.ts';
import type { Policy } from './job-spec.ts';
import type { Meter } from './meter.ts';
import type { Outcome } from './outcome.ts';
import type { Queues } from './queues.ts';
import { shownId, shownName } from './shown-name.ts';
import type { Stop } from './stop.ts';

/** What one try of a job needs beside the job. */
export interface Execution<Resources> {
  readonly handler: Handler<Resources>;
  readonly resources: Resources;
  readonly policy: Policy;
  readonly queues: Queues;
  readonly logger: Logger;
  /** Payloads that name another tenant are refused. */
  readonly tenant: string;
  /** Aborts this try: here when it takes too long, by the worker when the lock is lost or the grace period is over. */
  readonly stop: Stop;
  /** Whether the worker is going: then an aborted job is handed back, not failed. */
  readonly isLeaving: () => boolean;
  readonly meter: Meter;
}

/** Crashes of a job's workers after which the job itself is the suspect. */
export const crashLimit = 25;

/** One try of a job: run the handler, then make its outcome true in the queue. */
export async function execute<Resources>(
  job: BullJob,
  token: string,
  execution: Execution<Resources>,
): Promise<unknown> {
  const { policy, stop, isLeaving } = execution;
  const timeout = setTimeout(() => stop.abort(timedOut(policy)), policy.timeoutMs);
  const context = contextOf(job, execution);
  try {
    refuseSuspect(job);
    refuseForeign(job, execution.tenant);
    const outcome = await stop.orStopped(execution.handler.run(job.data, context));
    return await settle(job, token, outcome, execution);
  } catch (thrown) {
    if (isQueueSignal(thrown)) throw thrown;
    if (thrown instanceof Cancelled) throw cancelled(thrown.message);
    if (thrown instanceof NotNow) return await wait(job, token, thrown, execution.queues);
    const isAborted = stop.reason?.code === 'ABORTED';
    if (isLeaving() && isAborted) return await handBack(job, token);
    const error = classify(thrown, stop.reason);
    // The lock is lost: the job is another worker's now, and its end is that one's to record.
    if (isAborted) throw new Error(writeReason(error));
    return await fail(job, error, execution, context);
  } finally {
    clearTimeout(timeout);
  }
}

function contextOf<Resources>(job: BullJob, execution: Execution<Resources>): RawContext<Resources> {
  const { resources, logger, handler, stop } = execution;
  let bound: Logger | undefined;
  return {
    resources,
    jobId: job.id ?? '',
    attempt: job.attemptsMade + 1,
    // Most jobs log nothing, and binding costs more than a small job does.
    get logger() {
      bound ??= logger.child({ queue: handler.queue, job: shownId(job.id) });
      return bound;
    },
    get signal() {
      return stop.signal;
    },
    get lastProgress() {
      return job.progress;
    },
    // Progress is only shown to people: a job does not fail because of it.
    progress: progress =>
      job.updateProgress(isObject(progress) ? progress : 0).catch((error: unknown) => {
        logger.debug({ queue: handler.queue, job: shownId(job.id), reason: String(error) }, 'progress not shown');
      }),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function refuseSuspect(job: BullJob): void {
  if (job.stalledCounter < crashLimit) return;
  throw new MlopsError(
    'WORKER_CRASHED_REPEATEDLY',
    `${job.stalledCounter} workers died or lost this job while they had it: check their logs (out of memory?), then run it again`,
  );
}

function refuseForeign(job: BullJob, tenant: string): void {
  const named: unknown = job.data?.tenant;
  if (named === undefined || named === tenant) return;
  throw new MlopsError(
    'TENANT_MISMATCH',
    `this job belongs to the tenant ${shownName(named)}, this worker to ${tenant}: it was not touched. Give workers and producers the same settings of the platform`,
  );
}

async function settle<Resources>(
  job: BullJob,
  token: string,
  outcome: Outcome<unknown>,
  execution: Execution<Resources>,
): Promise<unknown> {
  switch (outcome.kind) {
    case 'done':
      if (outcome.next.length > 0) await execution.queues.enqueue(outcome.next, { restart: outcome.restart });
      return outcome.result;
    case 'snooze':
      await execution.queues.enqueue(outcome.next, { restart: outcome.restart });
      await job.moveToDelayed(Date.now() + outcome.ms, token);
      throw new DelayedError();
    case 'cancel':
      throw cancelled(outcome.reason);
    default:
      throw new MlopsError(
        'UNKNOWN_OUTCOME',
        `the handler of ${execution.handler.queue} returned an unknown outcome: a bug in this system, please report it`,
      );
  }
}

function cancelled(reason: string): UnrecoverableError {
  return new UnrecoverableError(writeReason({ code: cancelledCode, message: reason }));
}

function isQueueSignal(thrown: unknown): boolean {
  return thrown instanceof DelayedError || thrown instanceof WaitingError || thrown instanceof UnrecoverableError;
}

async function wait(job: BullJob, token: string, notNow: NotNow, queues: Queues): Promise<never> {
  if (notNow.who === 'queue') {
    await queues.pauseFor(job.queueName, notNow.ms);
    throw new RateLimitError();
  }
  await job.moveToDelayed(Date.now() + Math.ceil(notNow.ms), token);
  throw new DelayedError();
}

async function handBack(job: BullJob, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

function timedOut(policy: Policy): MlopsError {
  return new MlopsError('TIMED_OUT', `not done after ${policy.timeoutMs / 1000} s`);
}

/** BullMQ keeps the thrown error's message as the job's reason. */
async function fail<Resources>(
  job: BullJob,
  error: MlopsError,
  execution: Execution<Resources>,
  context: RawContext<Resources>,
): Promise<never> {
  const isFinal = error.verdict === 'final' || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  const reason = writeReason(error);
  execution.meter.failed(execution.handler.queue, error.code, isFinal);
  context.logger[isFinal ? 'error' : 'warn'](
    { code: error.code, where: error.where, attempt: context.attempt, err: causeOf(error) },
    reason,
  );
  // What a foreign job names is another tenant's; ours of the same name has not failed.
  if (isFinal && error.code !== 'TENANT_MISMATCH')
    await execution.handler.failed(job.data, error, context).catch((also: unknown) => {
      const { code, message } = classify(also, undefined);
      context.logger.error({ code }, `the failure could not be recorded: ${message}`);
    });
  throw isFinal ? new UnrecoverableError(reason) : new Error(reason);
}

/** For an unexpected error the location matters; `reason` already contains its message where that is allowed. */
function causeOf(error: MlopsError): { stack: string } | undefined {
  if (error.code !== 'INTERNAL' || !(error.cause instanceof Error)) return undefined;
  const frames = error.cause.stack?.split('\n').filter(line => line.startsWith('    at ')) ?? [];
  return { stack: frames.slice(0, 8).join('\n') };
}
