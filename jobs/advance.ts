import { coverage, missingPages, type PageRequest } from '../src/domain/interaction/coverage.ts';
import type { Run } from '../src/domain/run/run.ts';
import { MlopsError } from '../src/errors.ts';
import { pageSize } from '../src/platform/endpoints.ts';
import type { JobSpec } from '../src/runtime/job-spec.ts';
import { answerOf, pageName } from '../src/store/runs/runs.ts';
import { embedAndDedup } from './embed-and-dedup/job.ts';
import { extractTurns } from './extract-turns/job.ts';
import { windowUnstable } from './fetch-page/errors.ts';
import { fetchPage } from './fetch-page/job.ts';
import { pageSpecs } from './fetch-page/page-jobs.ts';
import type { Resources } from './resources.ts';

/**
 * The jobs that a run still needs, derived from its artifacts alone, not from events. It can be called at any time and by
 * any process: re-enqueueing a job in progress is a no-op.
 * @throws MlopsError WINDOW_UNSTABLE
 */
export async function advance(run: Run, resources: Pick<Resources, 'runs' | 'tenant'>): Promise<JobSpec[]> {
  const { runs, tenant } = resources;
  const planned = await runs.plan(run.run);
  if (planned !== null) return await advancePlanned(run, planned.batches.length, resources);

  const answered = await runs.answered(run.run);
  if (answered.length === 0) return pageSpecs(run.run, tenant, 1, Math.max(1, run.total));
  const extracted = await runs.extracted(run.run);
  const pages = await Promise.all(
    extracted.map(async request => {
      const page = await runs.readTurns(run.run, request);
      return { request, answer: answerOf(page), hasTexts: page.interactions.some(({ turns }) => turns.length > 0) };
    }),
  );
  const answers = pages.map(({ answer }) => answer);

  const isExtracted = new Set(extracted.map(pageName));
  const toExtract = answered.filter(request => !isExtracted.has(pageName(request)));
  if (toExtract.length > 0) {
    const totals = await Promise.all(toExtract.map(async request => (await runs.readPage(run.run, request)).total));
    const total = Math.max(run.total, ...totals, ...answers.map(answer => answer.total));
    const isFirstPass = answered.every(request => request.pass === 0);
    const missing = isFirstPass ? missingPages(answered, total, pageSize) : [];
    return [
      ...toExtract.map(request => extractTurns.spec({ tenant, run: run.run, ...request })),
      ...missing.map(page => pageSpec(run, { pass: 0, page, attempt: 1 }, tenant)),
    ];
  }

  const state = coverage(answers, pageSize);
  switch (state.kind) {
    case 'complete': {
      const withTexts = pages.filter(({ hasTexts }) => hasTexts).map(({ request }) => request);
      const toEmbed = await unembedded(run, withTexts, resources);
      if (toEmbed.length > 0) return toEmbed;
      return [embedAndDedup.spec({ kind: 'plan', tenant, run: run.run, answers: answers.length })];
    }
    case 'incomplete':
      return state.requests.map(request => pageSpec(run, request, tenant));
    case 'unstable':
      throw new MlopsError(
        windowUnstable,
        `the window of ${run.run} was walked three times and never held the ${state.counted} rows that the platform counts (${state.found} found): rows come and go; run it again when it is quieter`,
      );
  }
}

function pageSpec(run: Run, request: PageRequest, tenant: string): JobSpec {
  return fetchPage.spec({ kind: 'page', tenant, run: run.run, ...request });
}

/** The jobs that embed those of `pages` that have no vectors. */
async function unembedded(
  run: Run,
  pages: readonly PageRequest[],
  { runs, tenant }: Pick<Resources, 'runs' | 'tenant'>,
): Promise<JobSpec[]> {
  const isEmbedded = new Set((await runs.embedded(run.run)).pages.map(pageName));
  return pages
    .filter(request => !isEmbedded.has(pageName(request)))
    .map(({ pass, page, attempt }) => embedAndDedup.spec({ kind: 'page', tenant, run: run.run, pass, page, attempt }));
}

async function advancePlanned(
  run: Run,
  batches: number,
  resources: Pick<Resources, 'runs' | 'tenant'>,
): Promise<JobSpec[]> {
  const { runs, tenant } = resources;
  const embedded = new Set((await runs.embedded(run.run)).batches);
  const missing = [
    ...(await unembedded(run, await runs.extracted(run.run), resources)),
    ...Array.from({ length: batches }, (_, batch) => batch)
      .filter(batch => !embedded.has(batch))
      .map(batch => embedAndDedup.spec({ kind: 'batch', tenant, run: run.run, batch })),
  ];
  return missing.length > 0 ? missing : [embedAndDedup.spec({ kind: 'commit', tenant, run: run.run })];
}
