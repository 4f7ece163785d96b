import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { newestTimestamp } from '../../src/domain/interaction/page.ts';
import { refuseFutureWatermark, refuseSkewedBound } from '../../src/domain/run/clock.ts';
import { resolveParameters } from '../../src/domain/run/parameters.ts';
import { refuseMismatch } from '../../src/domain/run/refuse-mismatch.ts';
import { type Run, type RunEvent, type RunParameters, runId, runNumber } from '../../src/domain/run/run.ts';
import { isOvertaken } from '../../src/domain/run/superseded.ts';
import { windowStart, windowUpper } from '../../src/domain/run/window.ts';
import { isCoded } from '../../src/errors.ts';
import { pageSize } from '../../src/platform/endpoints.ts';
import { done, snooze } from '../../src/runtime/outcome.ts';
import { advance } from '../advance.ts';
import { runClosed } from '../embed-and-dedup/errors.ts';
import { extractTurns } from '../extract-turns/job.ts';
import { again } from '../repair.ts';
import { noteFailure } from '../run-state.ts';
import type { Context, Needs, Outcome } from './context.ts';
import type { OpenPayload } from './job.ts';
import { pageSpecs } from './page-jobs.ts';
import { requestPage, stored } from './request-page.ts';

/** How long a request waits before it checks again whether the run that blocks it is over. */
const inTheWayMs = 5_000;
const firstAsk = { pass: 0, page: 1, attempt: 1 } as const;

/**
 * Opens a run of a dataset, or joins the open one: a run with equal parameters is resumed; a run with other parameters is
 * waited for, or closed if it has failed. A request whose run is already over does not open a second one.
 */
export async function openRun(payload: OpenPayload, context: Context): Promise<Outcome> {
  const { resources, jobId } = context;
  const { runs, datasets } = resources;
  const { dataset } = payload;
  await resources.cancellations.proveWanted(jobId);
  const head = (await datasets.head(dataset))?.entry ?? null;
  const own = await runs.ofRequest(jobId);
  if (own !== null) return await takeUp(own, context);

  const parameters = resolveParameters(payload.parameters, head, resources.tenant, resources.embedder.modelHash);
  const last = await runs.newest(dataset);
  const newest = last?.run ?? null;
  if (newest?.openedBy === jobId) return await takeUp(newest, context);
  refuseMismatch(dataset, head, parameters);
  refuseFutureWatermark(dataset, head, Date.now());

  const state = newest === null ? null : await stateOf(newest, resources);
  if (newest === null || state === 'committed' || state === 'closed') {
    const number = last === null ? 1 : runNumber(last.id) + 1;
    return await create(runId(dataset, number), payload, head, parameters, context);
  }
  if (isOvertaken(newest, head))
    return await closeFirst(newest, 'the dataset was set back to before its window', resources);
  if (JSON.stringify(newest.parameters) === JSON.stringify(parameters)) return await join(newest, context);
  if (state === 'failed')
    return await closeFirst(newest, 'it had failed, and a run with other parameters was requested', resources);
  return await waitFor(newest, context);
}

async function stateOf(run: Run, { runs }: Needs): Promise<RunEvent['kind']> {
  return (await runs.events(run.run).head())?.entry.kind ?? 'opened';
}

/** Joins the run for this request; if it was closed just now, opens another one. */
async function join(run: Run, context: Context): Promise<Outcome> {
  const { resources, jobId } = context;
  await resources.runs.note(run.run, { kind: 'joined', request: jobId });
  if ((await stateOf(run, resources)) === 'closed') return snooze(1);
  return await takeUp(run, context);
}

/** Enqueues the jobs that the run still needs and retries its failed ones. */
async function takeUp(run: Run, { resources, logger, jobId }: Context): Promise<Outcome> {
  const { runs } = resources;
  const state = await stateOf(run, resources);
  // Callers find the run by the request: its log must not end with the failure by then.
  if (state === 'failed') await runs.note(run.run, { kind: 'resumed' });
  await runs.noteRequest(jobId, run.run);
  if (state === 'committed' || state === 'closed') return done({ run: run.run, state });
  logger.info({ run: run.run }, 'a run with these parameters is open: resuming it');
  return done({ run: run.run, joined: true }, { next: await advance(run, resources), restart: 'always' });
}

async function closeFirst(run: Run, message: string, { runs }: Needs): Promise<Outcome> {
  await runs.note(run.run, { kind: 'closed', code: runClosed.code, message });
  return snooze(1);
}

/** Keeps the blocking run going while it waits: a run whose failure could not be recorded would otherwise block forever. */
async function waitFor(run: Run, context: Context): Promise<Outcome> {
  const { resources, logger } = context;
  logger.info({ run: run.run }, 'a run with other parameters is open: waiting for it');
  await context.progress({ waitingFor: run.run });
  try {
    return snooze(inTheWayMs, again(await advance(run, resources)));
  } catch (error) {
    if (!isCoded(error) || isCoded(error, 'RUN_FILE_DAMAGED')) throw error;
    await noteFailure(run.run, error, context);
    return snooze(inTheWayMs);
  }
}

async function create(
  id: string,
  payload: OpenPayload,
  head: Manifest | null,
  parameters: RunParameters,
  context: Context,
): Promise<Outcome> {
  const { resources, signal, logger, jobId } = context;
  const { runs, cxone, tenant } = resources;
  const start = windowStart(head, parameters, Date.now());
  const response = await requestPage(cxone, 1, start.after, signal);
  const { sentAt, answeredAt } = response;
  const newestRow = newestTimestamp(response.answer.interactions);
  const upper = windowUpper({ sentAt, answeredAt, newestRow }, start);
  refuseSkewedBound(upper, sentAt, answeredAt);
  const total = response.answer.totalCount;
  const run: Run = {
    run: id,
    dataset: payload.dataset,
    openedBy: jobId,
    parameters,
    window: { ...start, upper },
    total,
  };
  await resources.cancellations.proveWanted(jobId);
  // Another process opened it in the meantime: read the state again.
  if (!(await runs.create(run))) return snooze(1);
  await runs.noteRequest(jobId, id);
  await runs.note(id, { kind: 'opened' });
  await runs.writePage(id, firstAsk, stored(response));
  // While more pages are fetched, the model can be loaded; a later run may hold nothing new.
  if (head === null && total > pageSize) resources.embedder.warm();
  logger.info({ run: id, total, ...run.window }, 'run opened');
  return done(
    { run: id, total },
    {
      next: [extractTurns.spec({ tenant, run: id, ...firstAsk }), ...pageSpecs(id, tenant, 2, total)],
    },
  );
}
