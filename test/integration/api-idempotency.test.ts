import { expect, test } from 'vitest';
import { specOf } from '../../jobs/flows/find-request.ts';
import { bullQueue } from '../../src/runtime/queues.ts';
import { type Answer, type Api, apiSite, exportOf, intentIds, openApi } from './api-site.ts';

const keyed = (key: string, headers: Readonly<Record<string, string>> = {}) => ({ 'idempotency-key': key, ...headers });

async function openJobs({ app }: Api, queue = 'fetch-page'): Promise<string[]> {
  const jobs = await bullQueue(app.queues, queue).getJobs();
  return jobs.map(({ id }) => String(id)).sort();
}

test('of 1,000 requests at once, 200 of which repeat another, none is lost and none is doubled', async () => {
  const site = await apiSite();
  const [one, other] = [await openApi(site), await openApi(site)];
  const asked = Array.from({ length: 1_000 }, (_, index) => `key-${index % 800}`);
  const answers = await Promise.all(
    asked.map((key, index) =>
      (index % 3 === 0 ? one : other).ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers: keyed(key) }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));

  const byKey = new Map<string, Set<unknown>>();
  asked.forEach((key, index) => {
    byKey.set(key, (byKey.get(key) ?? new Set()).add(answers[index]?.body.id));
  });
  expect([...byKey.values()].map(ids => ids.size).filter(size => size !== 1)).toEqual([]);
  const ids = [...new Set(answers.map(({ body }) => String(body.id)))].sort();
  expect(ids).toHaveLength(800);
  expect(await openJobs(one)).toEqual(ids);
});

test('the same key is the same request: the order of the fields does not matter, what is asked does', async () => {
  const api = await openApi(await apiSite());
  const ask = (path: string, json: unknown) => api.ask('POST', path, { json, headers: keyed('k1') });
  const first = await ask('/v1/curations', { dataset: 'demo', minRating: 3 });
  const again = await ask('/v1/curations', { minRating: 3, dataset: 'demo' });
  expect([again.status, again.body]).toEqual([202, first.body]);

  for (const [path, json] of [
    ['/v1/curations', { dataset: 'demo', minRating: 4 }],
    ['/v1/curations', { dataset: 'other', minRating: 3 }],
    ['/v1/tunings', { csv: exportOf(intentIds) }],
  ] as const)
    expect(await ask(path, json)).toMatchObject({ status: 409, body: { type: expect.stringMatching(/key-reused$/) } });
  expect(await openJobs(api)).toEqual([first.body.id]);
  expect(await openJobs(api, 'compute-roc')).toEqual([]);
});

test('of two different requests under one key at once, one is taken', async () => {
  const api = await openApi(await apiSite());
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(
      [0.1, 0.2].map(maxFpr =>
        api.ask('POST', '/v1/tunings', {
          json: { csv: exportOf(intentIds), maxFpr },
          headers: keyed(`round-${round}`),
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  }
  expect(await openJobs(api, 'compute-roc')).toHaveLength(20);
});

test('the same key of another caller is another request', async () => {
  const api = await openApi(await apiSite(), { changes: { API_KEYS: 'a,b' } });
  const ask = (key: string): Promise<Answer> =>
    api.ask('POST', '/v1/curations', {
      json: { dataset: 'demo' },
      headers: keyed('the-same', { authorization: `Bearer ${key}` }),
    });
  const [first, other, again] = [await ask('a'), await ask('b'), await ask('a')];
  expect(first.body.id).not.toBe(other.body.id);
  expect(again.body.id).toBe(first.body.id);
});

test('a server that dies between taking a request and enqueueing it loses nothing: the next try enqueues it', async () => {
  const api = await openApi(await apiSite());
  const ask = () => api.ask('POST', '/v1/curations', { json: { dataset: 'demo' }, headers: keyed('k') });
  const { body } = await ask();
  await bullQueue(api.app.queues, 'fetch-page').obliterate({ force: true });
  expect(await openJobs(api)).toEqual([]);
  expect((await ask()).body).toEqual(body);
  expect(await openJobs(api)).toEqual([body.id]);
});

test('what Redis has forgotten is ordered again when somebody looks at it', async () => {
  const api = await openApi(await apiSite());
  const { body } = await api.ask('POST', '/v1/curations', { json: { dataset: 'demo' } });
  await bullQueue(api.app.queues, 'fetch-page').obliterate({ force: true });
  expect((await api.ask('GET', `/v1/jobs/${body.id}`)).body).toMatchObject({ state: 'waiting' });
  expect(await openJobs(api)).toEqual([body.id]);
  const [job] = await bullQueue(api.app.queues, 'fetch-page').getJobs();
  const asked = await api.app.requests.find(String(body.id).slice('open.demo.'.length));
  expect(asked && specOf(asked)).toMatchObject({ id: body.id, queue: 'fetch-page', payload: job?.data });
});
