import type { FastifyInstance } from 'fastify';
import type { FlowJob } from '../../jobs/flows/flow.ts';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { isCoded } from '../../src/errors.ts';
import { boardPath } from '../../src/operators/board.ts';
import { aboutPath } from '../../src/operators/job-links.ts';
import { type Html, html } from '../../src/reports/html.ts';
import { requestToken } from '../../src/store/requests/requests.ts';
import type { FlowRoute } from './flow-route.ts';
import { flowRoutes } from './flow-routes.ts';
import { reportHeaders } from './page-headers.ts';
import { prefixOf } from './public-address.ts';

interface Link {
  readonly text: string;
  /** A path of this server. */
  readonly href: string;
}

/** The page that the board links from a job: its request, the request's objects and its report. */
export function aboutPages(scope: FastifyInstance, app: App): void {
  scope.get<{ Params: { queue: string; id: string } }>(`${aboutPath}/:queue/:id`, async (request, reply) => {
    const { queue, id } = request.params;
    const job = queueNames.includes(queue) ? await app.queues.find({ queue, id }) : null;
    const prefix = prefixOf(request, app.config);
    const links = await linksOf(app, { queue, id, payload: job?.payload ?? null });
    return await reply.type('text/html; charset=utf-8').send(page(prefix, queue, id, links).toString());
  });

  for (const { flow, about } of flowRoutes) {
    about?.pages(scope, app);
    const { noun, prefix, report } = flow;
    if (report === null) continue;
    scope.get<{ Params: { token: string } }>(`${aboutPath}/${noun}/:token/report`, async (request, reply) => {
      const token = requestToken.safeParse(request.params.token);
      const content = token.success ? await reportIfThere(() => report(app, `${prefix}.${token.data}`)) : null;
      if (content === null) return await reply.status(404).send({ error: 'no report yet' });
      void reply.headers(reportHeaders);
      return await reply.type('text/html; charset=utf-8').send(content);
    });
  }
}

async function reportIfThere(read: () => Promise<Buffer>): Promise<Buffer | null> {
  return await read().catch((error: unknown) => {
    if (isCoded(error, 'ARTIFACT_MISSING')) return null;
    throw error;
  });
}

async function linksOf(app: App, job: FlowJob): Promise<Link[]> {
  return (await Promise.all(flowRoutes.map(route => linksOfFlow(app, route, job)))).flat();
}

async function linksOfFlow(app: App, { flow, about }: FlowRoute, job: FlowJob): Promise<Link[]> {
  const below = (path: string) => [boardPath + aboutPath, path].join('/');
  const isFirst = job.queue === flow.queue && job.id.startsWith(`${flow.prefix}.`);
  const request = isFirst ? job.id : await flow.requestOf(app, job);
  const links = ((await about?.links(app, job)) ?? []).map(({ text, path }) => ({ text, href: below(path) }));
  if (request === null) return links;
  const { state } = await flow.status(app, { id: request, payload: isFirst ? job.payload : null });
  const token = request.slice(flow.prefix.length + 1);
  const report = { text: `report of the ${flow.name}`, href: below(`${flow.noun}/${token}/report`) };
  return [
    { text: `request: ${state}`, href: `/v1/jobs/${request}` },
    ...links,
    ...(flow.report === null ? [] : [report]),
  ];
}

/** @param prefix the path in front of this server's own */
function page(prefix: string, queue: string, id: string, links: readonly Link[]): Html {
  const list = links.map(({ text, href }) => html`<li><a href="${prefix}${href}">${text}</a></li>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${id}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:42rem;padding:0 1rem}code{overflow-wrap:anywhere}</style>
</head><body><p><a href="${prefix}${boardPath}/queue/${queue}">${queue}</a></p><h1><code>${id}</code></h1>
${links.length === 0 ? html`<p>No request, run or report found for this job.</p>` : html`<ul>${list}</ul>`}
</body></html>
`;
}
