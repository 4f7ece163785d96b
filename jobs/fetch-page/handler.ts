import { pageSize } from '../../src/platform/endpoints.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { cancel, done } from '../../src/runtime/outcome.ts';
import { extractTurns } from '../extract-turns/job.ts';
import { again, orRepair, whatIsMissing } from '../repair.ts';
import { isOver, noteFailure, noteUnopened } from '../run-state.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { fetchPage, type PagePayload } from './job.ts';
import { openRun } from './open-run.ts';
import { pageSpecs } from './page-jobs.ts';
import { requestPage, stored } from './request-page.ts';

export const handler: Handler<Needs> = handle(
  fetchPage,
  (payload, context) =>
    payload.kind === 'open'
      ? orRepair(null, context, () => openRun(payload, context))
      : orRepair(jobOf(payload), context, () => fetch(payload, context)),
  async (payload, error, context) => {
    const run = payload.kind === 'page' ? payload.run : (await context.resources.runs.ofRequest(context.jobId))?.run;
    if (run !== undefined) await noteFailure(run, error, context);
    else if (payload.kind === 'open') await noteUnopened(payload.dataset, error, context);
  },
);

const jobOf = ({ run, page }: PagePayload) => ({ run, undone: { page, requested: false } });

async function fetch(payload: PagePayload, { resources, signal }: Context): Promise<Outcome> {
  const { runs, cxone } = resources;
  const { run: id, pass, page, attempt, tenant } = payload;
  if (await isOver(id, resources)) return cancel(`the run ${id} is over`);
  const run = await runs.read(id);
  const extract = extractTurns.spec({ tenant, run: id, pass, page, attempt });
  if (await runs.isAnswered(id, payload)) return done({ page, requested: false }, await whatIsMissing(id, resources));

  const response = await requestPage(cxone, page, run.window.after, signal);
  await runs.writePage(id, payload, stored(response));
  const total = response.answer.totalCount;
  // Rows that arrived in the meantime push the oldest ones to pages that did not exist when the run was opened.
  const more = pass === 0 ? await unanswered(id, tenant, Math.ceil(run.total / pageSize) + 1, total, resources) : [];
  return done({ page, requested: true, total }, again([extract, ...more]));
}

/** First requests for the pages from `first` on that have no answer yet. */
async function unanswered(
  run: string,
  tenant: string,
  first: number,
  total: number,
  { runs }: Pick<Needs, 'runs'>,
): Promise<JobSpec[]> {
  const specs = pageSpecs(run, tenant, first, total);
  const answered = await Promise.all(
    specs.map((_, index) => runs.isAnswered(run, { pass: 0, page: first + index, attempt: 1 })),
  );
  return specs.filter((_, index) => answered[index] === false);
}
