import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';

const prefer = (seconds: number) => ({ prefer: `wait=${seconds}` });

test('a request whose result is there in time is answered with it', async () => {
  const api = await openApi(await apiSite(), { works: true });
  const json = { csv: exportOf(intentIds) };
  const answer = await api.ask('POST', '/v1/tunings', { json, headers: prefer(30) });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('preference-applied')).toBe('wait=30');
  const statusUrl = new URL(answer.headers.get('location') ?? '');
  const status = await api.ask('GET', statusUrl.pathname);
  expect(status.body).toMatchObject({ id: answer.body.id, state: 'succeeded' });
  expect(answer.body).toEqual(status.body.result);

  const again = { json, headers: { ...prefer(30), 'idempotency-key': 'k' } };
  const [first, repeated] = [
    await api.ask('POST', '/v1/tunings', again),
    await api.ask('POST', '/v1/tunings', { ...again, headers: { ...again.headers, ...prefer(0) } }),
  ];
  expect([repeated.status, repeated.body]).toEqual([200, first.body]);
});

test('without the wish, or when the result is not there in time, the answer is the 202', async () => {
  const idle = await openApi(await apiSite());
  const json = { csv: exportOf(intentIds) };
  for (const headers of [{}, prefer(0), prefer(1), { prefer: 'wait=soon' }, { prefer: 'respond-async' }]) {
    const answer = await idle.ask('POST', '/v1/tunings', { json, headers });
    expect(answer.status).toBe(202);
    expect(Object.keys(answer.body)).toEqual(['id', 'queue', 'statusUrl']);
    expect(answer.headers.get('preference-applied')).toBeNull();
  }
});

test('a request that fails in time is answered with the 202: its status says why', async () => {
  const site = await apiSite({ intents: [] });
  const api = await openApi(site, { works: true, changes: { CXONE_CLIENT_SECRET: 'wrong' } });
  const answer = await api.ask('POST', '/v1/tunings', { json: { csv: exportOf(intentIds) }, headers: prefer(30) });
  expect(answer.status).toBe(202);
  expect((await api.ask('GET', `/v1/jobs/${answer.body.id}`)).body).toMatchObject({ state: 'failed' });
});

test('a server that stops answers the waiting clients with the id', async () => {
  const api = await openApi(await apiSite());
  const pending = api.ask('POST', '/v1/tunings', { json: { csv: exportOf(intentIds) }, headers: prefer(30) });
  await eventually(async () => (await api.app.queues.countWaiting('compute-roc')) === 1);
  await api.close();
  expect((await pending).status).toBe(202);
});
