import { expect, test, vi } from 'vitest';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { conversations } from './conversations.ts';
import { contentOf, takenRows, wantedRows } from './dataset-content.ts';
import { curate, frozenTenant, openSite, pagesAsked, timeouts } from './site.ts';

async function jobsIn({ queues }: App, ...states: ('active' | 'failed')[]): Promise<number> {
  const counts = await Promise.all(queueNames.map(name => bullQueue(queues, name).getJobCountByTypes(...states)));
  return counts.reduce((sum, count) => sum + count, 0);
}

test.each([
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGINT', code: 130 },
] as const)(
  'curate --wait that gets $signal exits $code and leaves its job; run again, it ends right',
  async ({ signal, code }) => {
    const site = await openSite(frozenTenant({ interactions: conversations(650) }));
    const run = site.startCli(['curate', '--dataset', 'demo', '--wait', '--json']);
    const stop = site.sandbox.onRequest(({ page }) => {
      if (page === 2) run.child.kill(signal);
    });
    expect(await run.ended).toMatchObject({ code, signal: null, stdout: '' });
    stop();
    const app = await site.app();
    expect(await jobsIn(app, 'active', 'failed')).toBe(0);
    expect(await app.datasets.head('demo')).toBeNull();

    const again = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json']);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ runId: 'demo.00000001', dataset: 'demo', interactions: 650 });
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  },
);

test.each(['worker', 'up'])(
  '%s that gets SIGTERM while the platform does not answer hands its jobs back and exits 0',
  async command => {
    const site = await openSite(frozenTenant({ interactions: conversations(650) }));
    const app = await site.app();
    site.sandbox.failNext({ kind: 'hang', match: request => request.query.get('page') === '3' });
    const worker = site.startCli([command], { LOG_LEVEL: 'warn', HTTP_PORT: '0' });
    const curating = curate(app, 'demo');
    curating.catch(() => undefined);
    await vi.waitUntil(async () => (await app.runs.extracted('demo.00000001')).length === 3, timeouts);
    await vi.waitUntil(async () => (await jobsIn(app, 'active')) === 1, timeouts);

    worker.child.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
    expect(await jobsIn(app, 'active', 'failed')).toBe(0);
    const [waiting] = await bullQueue(app.queues, 'fetch-page').getJobs(['waiting', 'delayed', 'prioritized']);
    expect(waiting).toMatchObject({ id: 'page.demo.00000001.0.0000003.1', attemptsMade: 0 });

    const asked = site.sandbox.requests.length;
    await app.startWorkers();
    expect(await curating).toMatchObject({ runId: 'demo.00000001', interactions: 650 });
    expect(pagesAsked(site.sandbox, asked)).toEqual([3]);
    expect(takenRows(await contentOf(app.datasets, 'demo'))).toEqual(wantedRows(site.sandbox.records()));
  },
);
