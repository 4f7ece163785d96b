import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { rowCounts } from '../../src/domain/dataset/manifest.ts';
import { runName } from '../../src/domain/run/run.ts';
import { isCoded } from '../../src/errors.ts';
import { boardPath } from '../../src/operators/board.ts';
import { aboutPath } from '../../src/operators/job-links.ts';
import { type Html, html } from '../../src/reports/html.ts';
import { tuningId } from '../../src/store/tunings/tunings.ts';

/** What of a job's payload leads to something that can be looked at. */
const lead = z.object({
  run: runName.optional().catch(undefined),
  dataset: datasetName.optional().catch(undefined),
  tuning: tuningId.optional().catch(undefined),
  request: tuningId.optional().catch(undefined),
});

/** Jobs that a request begins with: its id is the request's. */
const requestKinds = /^(open|tuning|push|rollback|train|recovery|extract|calibrate)\./;

interface Link {
  readonly text: string;
  readonly href: string;
}

/** Where the board's link of a job leads: its request, run, dataset and report, each a page or a JSON document. */
export function aboutPages(scope: FastifyInstance, app: App): void {
  const { runs, datasets, tunings, trainings, queues } = app;

  scope.get<{ Params: { queue: string; id: string } }>(`${aboutPath}/:queue/:id`, async (request, reply) => {
    const { queue, id } = request.params;
    const job = queueNames.includes(queue) ? await queues.queue(queue).getJob(id) : undefined;
    const links = await linksOf(app, queue, id, lead.catch({}).parse(job?.data ?? {}));
    return await reply.type('text/html; charset=utf-8').send(page(queue, id, links).toString());
  });

  scope.get<{ Params: { run: string } }>(`${aboutPath}/runs/:run/state`, async (request, reply) => {
    const run = runName.safeParse(request.params.run);
    if (!run.success) return await reply.status(404).send({ error: 'there is no such run' });
    const events = await runs.events(run.data).all();
    return await reply.send({ ...(await runs.read(run.data)), events: events.map(({ entry }) => entry) });
  });

  scope.get<{ Params: { dataset: string } }>(`${aboutPath}/datasets/:dataset/versions`, async (request, reply) => {
    const dataset = datasetName.safeParse(request.params.dataset);
    if (!dataset.success) return await reply.status(404).send({ error: 'there is no such dataset' });
    const versions = await datasets.versions(dataset.data);
    return await reply.send(
      versions.map(({ number, entry }) => ({
        version: number,
        ...rowCounts(entry),
        watermark: entry.watermark,
        made: entry.made,
      })),
    );
  });

  for (const [kind, read] of [
    ['tunings', tunings.report],
    ['trainings', trainings.report],
  ] as const)
    scope.get<{ Params: { id: string } }>(`${aboutPath}/${kind}/:id/report`, async (request, reply) => {
      const id = tuningId.safeParse(request.params.id);
      const report = id.success ? await reportIfThere(() => read(id.data)) : null;
      if (report === null) return await reply.status(404).send({ error: 'there is no report yet' });
      return await reply.type('text/html; charset=utf-8').send(report);
    });
}

async function reportIfThere(read: () => Promise<Buffer>): Promise<Buffer | null> {
  return await read().catch((error: unknown) => {
    if (isCoded(error, 'ARTIFACT_MISSING')) return null;
    throw error;
  });
}

async function linksOf(app: App, queue: string, id: string, data: z.infer<typeof lead>): Promise<Link[]> {
  const about = (text: string, ...path: string[]): Link => ({ text, href: [boardPath + aboutPath, ...path].join('/') });
  const asked = (request: string): Link => ({ text: 'request', href: `/v1/jobs/${request}` });
  const run = data.run ?? (await app.runs.ofRequest(id))?.run;
  const opened = run === undefined ? null : await app.runs.read(run).catch(() => null);
  const request = requestKinds.test(id) ? id : opened?.openedBy;
  const dataset = opened?.dataset ?? data.dataset;
  return [
    ...(request === undefined ? [] : [asked(request)]),
    ...(run === undefined ? [] : [about(`run ${run}`, 'runs', run, 'state')]),
    ...(dataset === undefined ? [] : [about(`dataset ${dataset}`, 'datasets', dataset, 'versions')]),
    ...(data.tuning === undefined ? [] : [about('report of the tuning', 'tunings', data.tuning, 'report')]),
    ...(queue === 'poll-training' && data.request !== undefined
      ? [about('report of the training', 'trainings', data.request, 'report')]
      : []),
  ];
}

function page(queue: string, id: string, links: readonly Link[]): Html {
  const list = links.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${id}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:42rem;padding:0 1rem}code{overflow-wrap:anywhere}</style>
</head><body><p><a href="${boardPath}/queue/${queue}">${queue}</a></p><h1><code>${id}</code></h1>
${links.length === 0 ? html`<p>Nothing is known that belongs to this job.</p>` : html`<ul>${list}</ul>`}
</body></html>
`;
}
