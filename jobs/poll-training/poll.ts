import {
  type ComputeUnits,
  computeUnitsOf,
  type JobStatus,
  outcomeOf,
  reasonOf,
} from '../../src/domain/skill-training/job-status.ts';
import type { RequestEvent } from '../../src/domain/skill-training/request-event.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { pollInterval, throttledInterval } from '../../src/domain/skill-training/waits.ts';
import { withoutTexts } from '../../src/domain/skill-training/without-texts.ts';
import { isCoded, MlopsError, NotNow } from '../../src/errors.ts';
import { readTrainingJob } from '../../src/platform/endpoints.ts';
import type { Context } from './context.ts';
import { trainingFailed } from './errors.ts';
import { readProgress, show } from './progress.ts';

type Polling = Extract<RequestState, { name: 'polling' }>;

/** The result of a poll: wait `waitMs`, or the job is over by `event`; `completed`: evaluate it. */
export type Polled =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'over'; readonly event: RequestEvent }
  | { readonly kind: 'completed'; readonly units: ComputeUnits | null };

/** Consecutive errors after which a 404 counts as final. */
const notFoundInARow = 3;
/** The longest wait, even if the clock is changed in the meantime. */
const longestWaitMs = 60_000;

/**
 * Polls the platform once for the state of the training, unless it is too early: the interval counts from the answer, or
 * from the request if no answer came. If no request is known, the wait is the same.
 */
export async function poll(state: Polling, maxPolls: number, context: Context): Promise<Polled> {
  const { jobId } = state;
  const before = readProgress(context);
  const isKnown = before.jobId === jobId && before.dueAt !== null;
  const { polls: answers, refusals } = isKnown ? before : { polls: 0, refusals: 0 };
  if (isKnown && before.status === 'COMPLETED') return { kind: 'completed', units: before.computeUnits };
  const dueIn = (ms: number) => ({ stage: 'training' as const, jobId, dueAt: Date.now() + ms });
  if (!isKnown) await show(context, { ...dueIn(pollInterval(0)), polls: 0, refusals: 0, status: null });
  const early = (readProgress(context).dueAt ?? 0) - Date.now();
  if (early > 0) return wait(Math.min(early, longestWaitMs));

  let isSent = false;
  const beforeSend = async (): Promise<void> => {
    isSent = true;
    await show(context, dueIn(pollInterval(answers)));
  };
  const { cxone } = context.resources;
  const response = await cxone
    .ask(readTrainingJob, { path: { jobId }, beforeSend }, context.signal)
    .catch(async (error: unknown): Promise<Polled> => {
      if (isCoded(error, 'PLATFORM_NOT_FOUND')) {
        const message = `the platform answers 404 for its job ${jobId}`;
        // A host that lags behind the one that accepted the submission, or a restarting gateway, also answers 404.
        if (before.troubles < notFoundInARow) throw new MlopsError('PLATFORM_UNAVAILABLE', message, { status: 404 });
        return over({ kind: 'submission-unknown', at: now(), reason: { code: error.code, message } });
      }
      if (!(error instanceof NotNow && isSent)) throw error;
      const own = error.isTold ? pollInterval(0) : throttledInterval(refusals + 1, answers);
      const waitMs = Math.max(error.ms, own);
      await show(context, { ...dueIn(waitMs), refusals: refusals + 1 });
      return wait(waitMs);
    });
  if ('kind' in response) return response;

  const status = response.answer;
  const polls = answers + 1;
  const units = computeUnitsOf(status);
  const outcome = outcomeOf(status);
  await show(context, {
    ...dueIn(pollInterval(polls)),
    polls,
    refusals: 0,
    percent: status.progress,
    status: nameOf(status.status),
    ...(status.stage == null ? {} : { trainingStage: nameOf(status.stage) }),
    ...(units === null ? {} : { computeUnits: { ...units } }),
    // The steps after the training count their own errors.
    ...(outcome === 'running' ? { troubles: 0 } : {}),
  });
  switch (outcome) {
    case 'completed':
      return { kind: 'completed', units };
    case 'failed':
      return over({
        kind: 'failed',
        at: now(),
        reason: { code: trainingFailed.code, message: await reasonFor(state, status, context) },
      });
    case 'cancelled':
      return over({ kind: 'cancelled', at: now(), by: 'the platform' });
    case 'running':
      if (polls >= maxPolls) return over({ kind: 'timed-out', at: now(), polls });
      context.logger.info({ jobId, polls, percent: status.progress, stage: nameOf(status.stage ?? '') }, 'training');
      return wait(pollInterval(polls));
  }
}

/** The platform may quote the request: customer text must not reach the logs or the board. */
async function reasonFor(
  { opening }: Polling,
  status: JobStatus,
  { resources }: Pick<Context, 'resources'>,
): Promise<string> {
  const said = reasonOf(status);
  if (said === null) return 'the platform gives no reason';
  const { trainingData } = await resources.trainings.readPayload(opening.payload);
  return withoutTexts(
    said,
    trainingData.utterances.map(({ text }) => text),
  );
}

const over = (event: RequestEvent): Polled => ({ kind: 'over', event });
const wait = (waitMs: number): Polled => ({ kind: 'wait', waitMs });

/** The platform's name of a status or a stage; any other text is cut. */
function nameOf(word: string): string {
  return word.replaceAll(/[^\w-]+/g, '_').slice(0, 60);
}

const now = () => new Date().toISOString();
