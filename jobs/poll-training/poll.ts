import { z } from 'zod';
import { computeUnitsOf, outcomeOf, reasonOf } from '../../src/domain/skill-training/job-status.ts';
import type { RequestEvent } from '../../src/domain/skill-training/request-event.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { pollInterval } from '../../src/domain/skill-training/waits.ts';
import { readTrainingJob } from '../../src/edges/cxone/endpoints.ts';
import { isCoded } from '../../src/errors.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { JsonObject } from '../../src/runtime/outcome.ts';
import type { Edges } from '../edges.ts';

/** What the job has shown of its waiting. It is all that a poll has to know of those before it. */
const shown = z.object({
  jobId: z.string(),
  /** Answers with a status so far. */
  polls: z.number().int(),
  /** When the last question left, in ms. */
  polledAt: z.number(),
});

type Polling = Extract<RequestState, { name: 'polling' }>;

/** What a poll says: come back in `waitMs`, or the job is over and `event` is how; `completed`: it is to be evaluated. */
export type Polled =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'over'; readonly event: RequestEvent }
  | { readonly kind: 'completed'; readonly units: ReturnType<typeof computeUnitsOf> };

/** Asks the platform once how the training is, unless it is too early. */
export async function poll(state: Polling, maxPolls: number, context: Context<Edges>): Promise<Polled> {
  const { cxone } = context.edges;
  const { jobId } = state;
  const before = shown.safeParse(context.shown).data;
  const known = before?.jobId === jobId ? before : { polls: 0, polledAt: Date.parse(state.since) };
  const early = known.polledAt + pollInterval(known.polls) - Date.now();
  if (early > 0) return { kind: 'wait', waitMs: early };

  const polledAt = Date.now();
  const answered = await cxone.ask(readTrainingJob, { path: { jobId } }, context.signal).catch((error: unknown) => {
    if (isCoded(error, 'PLATFORM_NOT_FOUND')) return { unknown: { code: error.code, message: error.message } };
    throw error;
  });
  if ('unknown' in answered) return over({ kind: 'submission-unknown', at: now(), reason: answered.unknown });

  const status = answered.answer;
  const polls = known.polls + 1;
  const units = computeUnitsOf(status);
  await context.progress({
    ...{ stage: 'training', jobId, polls, polledAt, percent: status.progress, status: nameOf(status.status) },
    ...(status.stage == null ? {} : { trainingStage: nameOf(status.stage) }),
    ...(units === null ? {} : { computeUnits: { ...units } }),
  } satisfies JsonObject);
  switch (outcomeOf(status)) {
    case 'completed':
      return { kind: 'completed', units };
    case 'failed':
      return over({
        ...{ kind: 'failed', at: now() },
        reason: { code: 'TRAINING_FAILED', message: reasonOf(status) ?? 'the platform gives no reason' },
      });
    case 'cancelled':
      return over({ kind: 'cancelled', at: now(), by: 'the platform' });
    case 'running':
      if (polls >= maxPolls) return over({ kind: 'timed-out', at: now(), polls });
      context.logger.info({ jobId, polls, percent: status.progress, stage: status.stage }, 'training');
      return { kind: 'wait', waitMs: pollInterval(polls) };
  }
}

const over = (event: RequestEvent): Polled => ({ kind: 'over', event });

/** What the platform calls a status or a stage; whatever else it may say there is cut. */
function nameOf(word: string): string {
  return word.replaceAll(/[^\w-]+/g, '_').slice(0, 60);
}

const now = () => new Date().toISOString();
