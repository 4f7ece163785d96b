import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import { resolveParameters } from '../../src/domain/run/parameters.ts';
import { refuseMismatch } from '../../src/domain/run/refuse-mismatch.ts';
import { type Run, type RunEvent, type RunParameters, runId, runNumber } from '../../src/domain/run/run.ts';
import { windowStart, windowUpper } from '../../src/domain/run/window.ts';
import { pageSize } from '../../src/edges/cxone/endpoints.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { Order } from '../../src/runtime/job.ts';
import { done, type Outcome, resumed, snooze } from '../../src/runtime/outcome.ts';
import { advance } from '../advance.ts';
import type { Edges } from '../edges.ts';
import { extractTurns } from '../extract-turns/job.ts';
import { askPage } from './ask-page.ts';
import { fetchPage, type OpenPayload } from './job.ts';
import { pageText } from './stored-page.ts';

/** How long a request waits before it looks again whether the run in its way is over. */
const inTheWayMs = 2_000;
const firstAsk = { pass: 0, page: 1, time: 1 } as const;

/**
 * Opens a run of a dataset, or joins the one that is open: a run with equal parameters is taken up where it stands;
 * one with others is waited for, or closed if it has failed. A request whose run is over already opens no second one.
 */
export async function openRun(payload: OpenPayload, context: Context<Edges>): Promise<Outcome> {
  const { edges, logger, jobId } = context;
  const { runs, datasets } = edges;
  const { dataset } = payload;
  const own = await runs.ofRequest(jobId);
  if (own !== null) return await takeUp(own, edges);

  const head = (await datasets.head(dataset))?.entry ?? null;
  const parameters = resolveParameters(payload.parameters, head, edges.tenant, edges.embedder.modelHash);
  const newest = await runs.newest(dataset);
  if (newest?.openedBy === jobId) return await join(newest, context);
  refuseMismatch(dataset, head, parameters);

  const state = newest === null ? null : await stateOf(newest, edges);
  if (newest === null || state === 'committed' || state === 'closed') {
    const number = newest === null ? 1 : runNumber(newest.run) + 1;
    return await create(runId(dataset, number), payload, head, parameters, context);
  }
  if (JSON.stringify(newest.parameters) === JSON.stringify(parameters)) return await join(newest, context);
  if (state === 'failed') {
    await runs.note(newest.run, {
      kind: 'closed',
      code: 'RUN_CLOSED',
      message: 'it had failed, and a run with other parameters was asked for',
    });
    return snooze(1);
  }
  logger.info({ run: newest.run }, 'a run with other parameters is open: waiting for it');
  await context.progress({ waitingFor: newest.run });
  return snooze(inTheWayMs, await advance(newest, edges));
}

async function stateOf(run: Run, { runs }: Edges): Promise<RunEvent['kind']> {
  return (await runs.events(run.run).head())?.entry.kind ?? 'opened';
}

async function join(run: Run, { edges, logger, jobId }: Context<Edges>): Promise<Outcome> {
  logger.info({ run: run.run }, 'a run with these parameters is open: taking it up');
  await edges.runs.noteRequest(jobId, run.run);
  return await takeUp(run, edges);
}

/** Whatever is missing of the run is ordered, and what has failed tried again. */
async function takeUp(run: Run, edges: Edges): Promise<Outcome> {
  const state = await stateOf(run, edges);
  if (state === 'committed' || state === 'closed') return done({ run: run.run, state });
  if (state === 'failed') await edges.runs.note(run.run, { kind: 'resumed' });
  return resumed({ run: run.run, joined: true }, await advance(run, edges));
}

async function create(
  id: string,
  payload: OpenPayload,
  head: Manifest | null,
  parameters: RunParameters,
  context: Context<Edges>,
): Promise<Outcome> {
  const { edges, signal, logger, jobId } = context;
  const { runs, cxone, tenant } = edges;
  const start = windowStart(head, parameters, Date.now());
  const asked = await askPage(cxone, 1, start.after, signal);
  const upper = windowUpper(asked.askedAt, asked.answeredAt, start.watermark);
  const run: Run = { run: id, dataset: payload.dataset, openedBy: jobId, parameters, window: { ...start, upper } };
  // Somebody else opened it while we asked: look again at what there is now.
  if (!(await runs.create(run))) return snooze(1);
  await runs.noteRequest(jobId, id);
  await runs.note(id, { kind: 'opened' });
  await runs.writePage(id, firstAsk, pageText(asked));
  const total = asked.answer.totalCount;
  logger.info({ run: id, total, ...run.window }, 'run opened');
  return done({ run: id, total }, [
    extractTurns.order({ tenant, run: id, ...firstAsk }),
    ...otherPages(id, total, tenant),
  ]);
}

function otherPages(run: string, total: number, tenant: string): Order[] {
  const pages = Math.ceil(total / pageSize);
  return Array.from({ length: Math.max(0, pages - 1) }, (_, index) =>
    fetchPage.order({ kind: 'page', tenant, run, pass: 0, page: index + 2, time: 1 }),
  );
}
