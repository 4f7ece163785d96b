import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { FlowJob } from '../../jobs/flows/flow.ts';
import type { App } from '../../src/app/app.ts';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { runName } from '../../src/domain/run/run.ts';
import { aboutPath } from '../../src/operators/job-links.ts';
import type { AboutFlow, AboutLink } from '../http/flow-route.ts';

/** The board's links from a job to its run and its dataset, and the JSON documents that they lead to. */
export const aboutRun: AboutFlow = { pages, links };

/** The fields of a job's payload that name a run or a dataset. */
/** Versions that the page of a dataset lists, the newest. */
const shownVersions = 100;

const named = z.object({
  run: runName.optional().catch(undefined),
  dataset: datasetName.optional().catch(undefined),
});

async function links({ runs }: App, { id, payload }: FlowJob): Promise<readonly AboutLink[]> {
  const known = named.catch({}).parse(payload);
  const run = known.run ?? (await runs.ofRequest(id))?.run;
  const opened = run === undefined ? null : await runs.read(run).catch(() => null);
  const dataset = opened?.dataset ?? known.dataset;
  return [
    ...(run === undefined ? [] : [{ text: `run ${run}`, path: `runs/${run}/state` }]),
    ...(dataset === undefined ? [] : [{ text: `dataset ${dataset}`, path: `datasets/${dataset}/versions` }]),
  ];
}

function pages(scope: FastifyInstance, { runs, datasets }: App): void {
  scope.get<{ Params: { run: string } }>(`${aboutPath}/runs/:run/state`, async (request, reply) => {
    const run = runName.safeParse(request.params.run);
    if (!run.success) return await reply.status(404).send({ error: 'run not found' });
    const events = await runs.events(run.data).all();
    return await reply.send({ ...(await runs.read(run.data)), events: events.map(({ entry }) => entry) });
  });

  scope.get<{ Params: { dataset: string } }>(`${aboutPath}/datasets/:dataset/versions`, async (request, reply) => {
    const dataset = datasetName.safeParse(request.params.dataset);
    if (!dataset.success) return await reply.status(404).send({ error: 'dataset not found' });
    const versions = await datasets.lastVersions(dataset.data, await datasets.length(dataset.data), shownVersions);
    return await reply.send(
      versions.map(({ number, entry }) => ({
        version: number,
        ...entry.rows,
        watermark: entry.watermark,
        made: entry.made,
      })),
    );
  });
}
