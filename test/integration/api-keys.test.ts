import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bullQueue } from '../../src/runtime/queues.ts';
import { apiSite, exportOf, intentIds, openApi } from './api-site.ts';

const keys = ['first-key-of-a-system', 'second key, of another'.replace(',', '')];
const login = { user: 'operator', password: 'pass: word' };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const both = { API_KEYS: keys.join(', '), BOARD_USER: login.user, BOARD_PASSWORD: login.password };

test('once a key or a login is set, all but health wants one, and a right one', async () => {
  const api = await openApi(await apiSite(), { changes: both });
  const guarded = [
    '/v1/jobs/tuning.x',
    '/docs',
    '/docs/json',
    '/docs/static/swagger-ui.css',
    '/board',
    '/board/api/queues',
  ];
  const wrong = [
    {},
    bearer('wrong'),
    bearer(''),
    bearer(keys.join(', ')),
    bearer(`${keys[0]}x`),
    { authorization: keys[0] ?? '' },
    basic('operator', 'wrong'),
    basic('wrong', login.password),
    basic(keys[0] ?? '', ''),
    { authorization: 'Basic ?' },
  ];
  for (const path of guarded) {
    for (const headers of wrong) {
      const answer = await api.ask('GET', path, { headers });
      expect(answer, `${path} ${JSON.stringify(headers)}`).toMatchObject({ status: 401, body: { status: 401 } });
      expect(answer.headers.get('www-authenticate')).toBe(
        'Bearer realm="cxone-mlops", Basic realm="cxone-mlops", charset="UTF-8"',
      );
    }
    for (const headers of [...keys.map(bearer), basic(login.user, login.password)])
      expect((await api.ask('GET', path, { headers })).status, path).not.toBe(401);
  }
  expect((await api.ask('GET', '/healthz')).status).toBe(200);
  expect((await api.ask('GET', '/readyz')).status).toBe(200);
  expect((await api.ask('POST', '/v1/uploads', { body: 'a', headers: { 'content-type': 'text/csv' } })).status).toBe(
    401,
  );
});

test('without keys and login, anybody on this machine is let in', async () => {
  const api = await openApi(await apiSite());
  expect((await api.ask('GET', '/docs/json')).status).toBe(200);
  expect((await api.ask('GET', '/v1/jobs/tuning.x')).status).toBe(404);
});

test('who asked is noted by a hash; neither a key nor an idempotency key is kept anywhere', async () => {
  const site = await apiSite();
  const api = await openApi(site, { changes: both });
  const secret = 'idempotency-key-with-order-4711';
  const json = { csv: exportOf(intentIds) };
  for (const headers of [...keys.map(bearer), basic(login.user, login.password)])
    expect(
      await api.ask('POST', '/v1/tunings', { json, headers: { ...headers, 'idempotency-key': secret } }),
    ).toMatchObject({
      status: 202,
    });

  const jobs = await bullQueue(api.app.queues, 'compute-roc').getJobs();
  const hash = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 8);
  expect(jobs.map(({ data }) => data.by).sort()).toEqual([...keys.map(key => `key:${hash(key)}`), 'operator'].sort());

  const kept = [await everythingInRedis(site.client()), ...(await everyFile(site.artifacts))].join('\n');
  expect(kept).toContain('operator');
  for (const each of [...keys, login.password, secret]) expect(kept).not.toContain(each);
});

type Client = ReturnType<Awaited<ReturnType<typeof apiSite>>['client']>;

async function everythingInRedis(client: Client): Promise<string> {
  const keys = await client.keys('*');
  const dumps = await Promise.all(keys.map(key => client.dumpBuffer(key)));
  return [...keys, ...dumps.map(dump => dump?.toString('latin1') ?? '')].join('\n');
}

async function everyFile(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  return await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
