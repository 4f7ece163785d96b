import { expect, it } from 'vitest';
import { z } from 'zod';
import { fetchPage } from '../../jobs/fetch-page/job.ts';
import { curationSpec } from '../../jobs/flows/curation/request.ts';
import { startHttp } from '../../producers/http/server.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { eventually } from '../eventually.ts';
import { openSite, type Site } from './site.ts';

const variables = {
  BOARD_USER: 'operator',
  BOARD_PASSWORD: 'right',
  BOARD_VIEWER_USER: 'client',
  BOARD_VIEWER_PASSWORD: 'looks',
  HTTP_PORT: '0',
};
const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` });
const operator = basic('operator:right');
const viewer = basic('client:looks');

/** A app in which `count` curations have failed for good: the platform refuses its credentials. */
async function withFailures(count: number, site: Site) {
  const app = await site.workingHouse({ ...variables, CXONE_CLIENT_SECRET: 'wrong' });
  const specs = Array.from({ length: count }, (_, index) =>
    curationSpec(app.config.tenant.key, `set-${index}`, {}, `request-${index}`),
  );
  await app.queues.enqueue(specs, { restart: 'failed' });
  const queue = bullQueue(app.queues, fetchPage.name);
  await eventually(async () => (await queue.getFailedCount()) === count);
  return { app, queue, ids: specs.map(({ id }) => id) };
}

const listed = z.object({
  groups: z.array(z.object({ queue: z.string(), code: z.string(), jobs: z.number(), remedy: z.string() })),
  jobs: z.array(z.object({ queue: z.string(), id: z.string(), code: z.string(), reason: z.string() })),
});

it('lists failed work with its remedy, does it anew, discards it, and the audit log says who', async () => {
  const site = await openSite();
  const { app, queue, ids } = await withFailures(3, site);
  await app.close();
  const idle = await site.app();

  const shown = await site.cli(['jobs', 'failed', '--json']);
  const { groups, jobs } = listed.parse(JSON.parse(shown.stdout));
  expect(groups).toMatchObject([{ queue: 'fetch-page', code: 'CREDENTIALS_REFUSED', jobs: 3 }]);
  expect(groups[0]?.remedy).toContain('jobs retry');
  expect(jobs.map(({ id }) => id).sort()).toEqual(ids);
  expect((await site.cli(['jobs', 'failed', '--queue', 'fetch-page'])).stdout).toContain(ids[0]);

  expect((await site.cli(['jobs', 'retry', '--code', 'STORE_TROUBLE'])).stdout).toBe('no failed jobs match\n');
  expect((await site.cli(['jobs', 'discard', '--id', ids[0] ?? ''])).stdout).toBe('discarded: 1\n');
  const retried = await site.cli(['jobs', 'retry', '--queue', 'fetch-page', '--code', 'CREDENTIALS_REFUSED', '--json']);
  expect(JSON.parse(retried.stdout)).toMatchObject({ retried: 2 });
  const again = bullQueue(idle.queues, queue.name);
  expect(await again.getFailedCount()).toBe(0);
  expect(await again.getWaitingCount()).toBe(2);
  expect((await again.getJob(ids[1] ?? ''))?.attemptsMade).toBe(0);

  const { entries } = await idle.audit.tail(10);
  expect(entries.map(({ what, details }) => [what, details.id, details.queue, details.code])).toEqual([
    ['jobs.discard', ids[0], 'fetch-page', 'CREDENTIALS_REFUSED'],
    ['jobs.retry', expect.any(String), 'fetch-page', 'CREDENTIALS_REFUSED'],
    ['jobs.retry', expect.any(String), 'fetch-page', 'CREDENTIALS_REFUSED'],
  ]);
  expect((await idle.audit.verify()).findings).toEqual([]);
}, 120_000);

it('wants to be told which, and refuses what there is not', async () => {
  const site = await openSite();
  const wrong = [
    ['retry'],
    ['discard', '--all', '--queue', 'fetch-page'],
    ['retry', '--id', 'nothing'],
    ['retry', '--queue', 'no-queue'],
    ['failed', '--code', 'NO_CODE'],
  ];
  const ends = await Promise.all(wrong.map(words => site.cli(['jobs', ...words])));
  expect(ends.map(({ code }) => code)).toEqual(wrong.map(() => 2));
  for (const { stderr } of ends) expect(stderr).not.toBe('');
}, 120_000);

it('writes what is done with the board’s buttons into the audit log; who only looks can do nothing', async () => {
  const site = await openSite();
  const { app, ids } = await withFailures(2, site);
  const http = await startHttp(app);
  const put = async (path: string, headers: Record<string, string>) =>
    (await fetch(`${http.url}/board/api${path}`, { method: 'PUT', headers })).status;
  try {
    const clean = `/queues/fetch-page/${ids[0]}/clean`;
    expect(await put(clean, {})).toBe(401);
    expect(await put(clean, viewer)).toBe(403);
    expect(await put('/queues/pause', viewer)).toBe(403);
    expect((await app.audit.tail(10)).entries).toEqual([]);
    expect(await put(clean, operator)).toBe(204);
    expect(await put('/queues/fetch-page/no-such-job/retry', operator)).toBe(404);
    expect(await put('/queues/fetch-page/pause', operator)).toBe(200);
    const entries = (await app.audit.tail(10)).entries.map(({ kind, what, by, details }) => ({
      kind,
      what,
      by,
      ...details,
    }));
    const about = { by: 'operator', queue: 'fetch-page' };
    expect(entries).toEqual([
      { kind: 'intent', what: 'board.clean', ...about, id: ids[0] },
      { kind: 'outcome', what: 'board.clean', ...about, id: ids[0], status: 204 },
      { kind: 'intent', what: 'board.retry', ...about, id: 'no-such-job' },
      { kind: 'outcome', what: 'board.retry', ...about, id: 'no-such-job', status: 404 },
      { kind: 'intent', what: 'board.pause', ...about },
      { kind: 'outcome', what: 'board.pause', ...about, status: 200 },
    ]);
    expect((await app.audit.verify()).openIntents).toEqual([]);
  } finally {
    await http.close();
  }
});

const queues = z.object({
  queues: z.array(z.object({ name: z.string(), displayName: z.string(), readOnlyMode: z.boolean() })),
});
const job = z.object({ job: z.object({ externalUrl: z.object({ href: z.string() }) }) });

it('shows queues by system, no buttons to who only looks, and where a job leads', async () => {
  const site = await openSite();
  const { app, ids } = await withFailures(1, site);
  const http = await startHttp(app);
  const get = async (path: string, headers = viewer) => await fetch(http.url + path, { headers });
  try {
    const seen = queues.parse(await (await get('/board/api/queues')).json()).queues;
    expect(seen.map(each => each.displayName)).toContain('curation / fetch-page');
    expect(seen.every(each => each.readOnlyMode)).toBe(true);
    const own = queues.parse(await (await get('/board/api/queues', operator)).json()).queues;
    expect(own.every(each => !each.readOnlyMode)).toBe(true);

    const shown = job.parse(await (await get(`/board/api/queues/fetch-page/${ids[0]}`)).json());
    expect(shown.job.externalUrl.href).toBe(`about/fetch-page/${ids[0]}`);
    const page = await (await get(`/board/${shown.job.externalUrl.href}`)).text();
    expect(page).toContain(`href="/v1/jobs/${ids[0]}"`);
    expect(page).toContain('href="/board/about/datasets/set-0/versions"');
    expect(await (await get('/board/about/datasets/set-0/versions')).json()).toEqual([]);
    expect((await get('/board/about/tunings/none/report')).status).toBe(404);
    expect((await get('/board/about/datasets/..%2f/versions')).status).toBe(404);
  } finally {
    await http.close();
  }
});
