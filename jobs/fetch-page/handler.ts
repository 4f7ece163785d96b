import { pageSize } from '../../src/platform/endpoints.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done } from '../../src/runtime/outcome.ts';
import { advance } from '../advance.ts';
import { extractTurns } from '../extract-turns/job.ts';
import { isOver, noteFailure, noteUnopened } from '../run-state.ts';
import { askPage, stored } from './ask-page.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { fetchPage, type PagePayload } from './job.ts';
import { openRun } from './open-run.ts';
import { pageSpecs } from './page-jobs.ts';

export const handler: Handler<Needs> = handle(
  fetchPage,
  (payload, context) => (payload.kind === 'open' ? openRun(payload, context) : fetch(payload, context)),
  async (payload, error, context) => {
    const run = payload.kind === 'page' ? payload.run : (await context.resources.runs.ofRequest(context.jobId))?.run;
    if (run !== undefined) await noteFailure(run, error, context);
    else if (payload.kind === 'open') await noteUnopened(payload.dataset, error, context);
  },
);

async function fetch(payload: PagePayload, { resources, signal }: Context): Promise<Outcome> {
  const { runs, cxone } = resources;
  const { run: id, pass, page, attempt, tenant } = payload;
  if (await isOver(id, resources)) return cancel(`the run ${id} is over`);
  const run = await runs.read(id);
  const extract = extractTurns.spec({ tenant, run: id, pass, page, attempt });
  if (await runs.isAnswered(id, payload)) return done({ page, asked: false }, { next: await advance(run, resources) });

  const asked = await askPage(cxone, page, run.window.after, signal);
  await runs.writePage(id, payload, stored(asked));
  const total = asked.answer.totalCount;
  // Rows that arrived meanwhile push the oldest ones to pages that nobody knew of when the run was opened.
  const more = pass === 0 ? pageSpecs(id, tenant, Math.ceil(run.total / pageSize) + 1, total) : [];
  return done({ page, asked: true, total }, { next: [extract, ...more] });
}
