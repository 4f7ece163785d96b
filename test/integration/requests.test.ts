import { expect, test } from 'vitest';
import { settleRequests } from '../../jobs/flows/settle-requests.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { apiSite, openApi } from './api-site.ts';
import { commands } from './commands.ts';
import { idle } from './site.ts';

const never = new AbortController().signal;

test('a request is listed, shown, watched and cancelled, whoever started it', async () => {
  const site = await apiSite();
  const idleApi = await openApi(site);
  const [enqueued, tuned] = await commands(site, [
    ['curate', '--dataset', 'support', '--json'],
    ['requests', 'list', '--json'],
  ]);
  const { id } = JSON.parse(enqueued?.stdout ?? '');
  const listed = JSON.parse(tuned?.stdout ?? '');
  expect(listed).toMatchObject({
    requests: [{ id, kind: 'curation', state: 'waiting', subject: 'support' }],
    next: null,
  });

  const { body } = await idleApi.ask('POST', '/v1/curations', { json: { dataset: 'other' } });
  const page = await idleApi.ask('GET', '/v1/requests?limit=1');
  expect(page.body).toMatchObject({ requests: [{ id: body.id, subject: 'other' }], next: expect.any(String) });
  const second = await idleApi.ask('GET', `/v1/requests?limit=1&cursor=${page.body.next}`);
  expect(second.body).toMatchObject({ requests: [{ id }] });
  expect(await idleApi.ask('GET', `/v1/requests?kind=tuning&cursor=${page.body.next}`)).toMatchObject({ status: 422 });
  expect((await idleApi.ask('GET', '/v1/requests?dataset=support')).body).toMatchObject({ requests: [{ id }] });
  expect(await idleApi.ask('GET', '/v1/requests?state=lost')).toMatchObject({ status: 400 });

  const [shown, cancelled, again, unknown, watched] = await commands(site, [
    ['requests', 'show', id, '--json'],
    ['requests', 'cancel', id, '--json'],
    ['requests', 'cancel', id],
    ['requests', 'show', 'open.support.unknown'],
    ['requests', 'watch', id],
  ]);
  expect(JSON.parse(shown?.stdout ?? '')).toMatchObject({
    id,
    state: 'waiting',
    waitsFor: expect.stringContaining('worker'),
  });
  expect(JSON.parse(cancelled?.stdout ?? '')).toMatchObject({ id, state: 'cancelled' });
  expect(again?.code).toBe(0);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('was not found') });
  expect(watched).toMatchObject({ code: 1, stderr: expect.stringContaining('cancelled') });

  const working = await openApi(site, { works: true });
  await working.reach(String(body.id));
  await idle(working.app);
  await settleRequests(working.app, never);
  const ended = await working.ask('GET', '/v1/requests');
  expect(ended.body).toMatchObject({
    requests: [
      { id: body.id, state: 'succeeded', finished: expect.any(String) },
      { id, state: 'cancelled' },
    ],
  });
  expect((await working.app.requestList.page({ state: 'open' }, 10, null)).entries).toEqual([]);
  const [end] = await commands(site, [['requests', 'watch', String(body.id), '--json']]);
  expect(JSON.parse(end?.stdout ?? '')).toMatchObject({ state: 'succeeded', result: { dataset: 'other' } });
  expect((await commands(site, [['requests', 'cancel', String(body.id)]]))[0]).toMatchObject({ code: 2 });
});

test('a request whose job Redis has lost is started again by the workers', async () => {
  const site = await apiSite();
  const api = await openApi(site);
  const { body } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  await site.client().flushall();
  const job = async () => await bullQueue(api.app.queues, 'fetch-page').getJob(String(body.id));
  await settleRequests(api.app, never);
  // A job that is missing right after the request may be about to be enqueued.
  expect(await job()).toBeUndefined();
  await settleRequests(api.app, never, Date.now() + 61_000);
  expect((await job())?.id).toBe(body.id);
});

test('a request whose queue is paused says so', async () => {
  const site = await apiSite();
  const api = await openApi(site, { works: true });
  await bullQueue(api.app.queues, 'fetch-page').pause();
  const { body } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  expect((await api.ask('GET', `/v1/jobs/${body.id}`)).body).toMatchObject({ state: 'waiting', paused: true });
  expect((await api.ask('GET', '/metrics')).text).toMatch(/^cxone_queue_paused\{queue="fetch-page"\} 1$/m);
  const [shown, doctor] = await commands(site, [
    ['requests', 'show', String(body.id)],
    ['doctor', '--json'],
  ]);
  expect(shown?.stdout).toContain('the queue fetch-page, which is paused');
  expect(doctor?.stdout).toContain('paused: fetch-page');
  await bullQueue(api.app.queues, 'fetch-page').resume();
  const { body: ended } = await api.reach(String(body.id));
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(ended).not.toHaveProperty('paused');
});
