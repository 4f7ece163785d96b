import { expect, test } from 'vitest';
import { type Access, accesses } from '../../producers/http/access.ts';
import { type Role, roles } from '../../producers/http/guard.ts';
import { type Api, apiSite, exportOf, intentIds, openApi } from './api-site.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

const settings = {
  API_KEYS: 'crm:key-of-the-crm, crm:new-key-of-the-crm, ivr:key-of-the-ivr, key-without-a-name',
  OPERATOR_KEYS: 'admin:key-of-an-admin, operator-key-without-a-name',
  BOARD_USER: 'op',
  BOARD_PASSWORD: 'password-of-op',
  REVIEWER_USER: 'rev',
  REVIEWER_PASSWORD: 'password-of-rev',
  BOARD_VIEWER_USER: 'view',
  BOARD_VIEWER_PASSWORD: 'password-of-view',
};
const crm = bearer('key-of-the-crm');
const newCrm = bearer('new-key-of-the-crm');
const ivr = bearer('key-of-the-ivr');
const operator = basic('op', 'password-of-op');
const reviewer = basic('rev', 'password-of-rev');
const viewer = basic('view', 'password-of-view');
const credentials: Readonly<Record<Role, readonly Readonly<Record<string, string>>[]>> = {
  operator: [operator, bearer('key-of-an-admin'), bearer('operator-key-without-a-name')],
  reviewer: [reviewer],
  requester: [crm, newCrm, ivr, bearer('key-without-a-name')],
  viewer: [viewer],
};

/** The access of each route: a new one fails the test until it is stated here too. Longest matching start counts. */
const expected: readonly (readonly [start: string, access: Access])[] = [
  ['GET /', 'public'],
  ['GET /healthz', 'public'],
  ['GET /readyz', 'public'],
  ['GET /docs', 'information'],
  ['GET /metrics', 'information'],
  ['GET /board', 'board'],
  ['PUT /board', 'board'],
  ['POST /board', 'board'],
  ['PATCH /board', 'board'],
  ['POST /v1/curations', 'request'],
  ['POST /v1/tunings', 'request'],
  ['POST /v1/trainings', 'request'],
  ['POST /v1/extractions', 'request'],
  ['POST /v1/calibrations', 'request'],
  ['POST /v1/uploads', 'request'],
  ['GET /v1/jobs/:id', 'read'],
  ['DELETE /v1/jobs/:id', 'request'],
  ['GET /v1/requests', 'read'],
  ['POST /v1/hooks/cognigy', 'public'],
  ['GET /v1/alerts', 'read'],
  ['POST /v1/alerts', 'review'],
  ['GET /v1/precision', 'read'],
  ['GET /v1/datasets', 'read'],
  ['GET /v1/models', 'read'],
  ['GET /v1/thresholds', 'read'],
  ['POST /v1/thresholds/rollbacks', 'request'],
  ['GET /v1/schedules', 'read'],
  ['GET /v1/failed-jobs', 'operate'],
  ['POST /v1/failed-jobs', 'operate'],
];

function expectedAccess(method: string, url: string): Access | undefined {
  const route = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  const isBelow = (start: string) => route === start || (start !== 'GET /' && route.startsWith(`${start}/`));
  return expected.filter(([start]) => isBelow(start)).sort(([one], [other]) => other.length - one.length)[0]?.[1];
}

test('every route states its access, and each role is let in or refused by it', async () => {
  const api = await openApi(await apiSite(), { changes: settings });
  const stated = api.routes.map(({ method, url, access }) => `${method} ${url} ${access}`);
  expect(stated).toEqual(api.routes.map(({ method, url }) => `${method} ${url} ${expectedAccess(method, url)}`));
  for (const [start] of expected) expect(stated.join('\n')).toContain(start);

  const wrong: string[] = [];
  for (const { method, url, access } of api.routes) {
    const path = url.replaceAll(/:[^/]+/g, 'x').replaceAll('*', 'x');
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const answer = await fetch(new URL(path, api.url), { method, headers, redirect: 'manual' });
      // A body that is not read would keep its connection, and so the server, open.
      await answer.arrayBuffer();
      return answer.status;
    };
    const none = await ask({});
    const isPublic = accesses[access] === null;
    if ((none === 401) === isPublic) wrong.push(`${method} ${url} without credentials: ${none}`);
    for (const role of roles) {
      const isChange = method !== 'GET' && method !== 'HEAD';
      const isAllowed =
        (accesses[access] as readonly Role[] | null)?.includes(role) !== false &&
        !(access === 'board' && isChange && role !== 'operator');
      for (const headers of credentials[role]) {
        const status = await ask(headers);
        if (status === 401 || (status === 403) === isAllowed) wrong.push(`${method} ${url} as ${role}: ${status}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

async function requestTuning(api: Api, headers: Readonly<Record<string, string>>, csv = exportOf(intentIds)) {
  return await api.ask('POST', '/v1/tunings', { json: { csv }, headers });
}

test('a key sees and cancels the requests of its name alone; those of others are not found', async () => {
  const api = await openApi(await apiSite(), { works: true, changes: settings });
  const { body } = await requestTuning(api, crm);
  const path = `/v1/jobs/${body.id}`;
  const unknown = await api.ask('GET', '/v1/jobs/tuning.unknown', { headers: ivr });
  for (const [method, suffix] of [
    ['GET', ''],
    ['GET', '/report'],
    ['DELETE', ''],
  ] as const)
    for (const headers of [ivr, bearer('key-without-a-name')]) {
      const answer = await api.ask(method, path + suffix, { headers });
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(unknown.text.replace('tuning.unknown', String(body.id)));
    }
  for (const headers of [crm, newCrm, operator, bearer('key-of-an-admin'), reviewer])
    expect((await api.ask('GET', path, { headers })).body).toMatchObject({ id: body.id });
  expect((await api.ask('GET', path, { headers: viewer })).status).toBe(403);

  const listed = async (headers: Readonly<Record<string, string>>) =>
    (await api.ask('GET', '/v1/requests', { headers })).body.requests;
  for (const headers of [crm, newCrm, operator, reviewer])
    expect(await listed(headers)).toMatchObject([{ id: body.id }]);
  for (const headers of [ivr, bearer('key-without-a-name')]) expect(await listed(headers)).toEqual([]);
  expect((await api.ask('DELETE', path, { headers: reviewer })).status).toBe(403);
});

test('a key’s name keeps its requests when the key is replaced, and when a key gets a name', async () => {
  const site = await apiSite();
  const before = await openApi(site, { changes: { API_KEYS: 'crm:old-key-of-the-crm, key-of-the-ivr' } });
  const ids = await Promise.all(
    [bearer('old-key-of-the-crm'), ivr].map(async headers => (await requestTuning(before, headers)).body.id),
  );
  const after = await openApi(site, { changes: settings });
  expect((await after.ask('GET', `/v1/jobs/${ids[0]}`, { headers: newCrm })).status).toBe(200);
  expect((await after.ask('GET', `/v1/jobs/${ids[0]}`, { headers: bearer('old-key-of-the-crm') })).status).toBe(401);
  expect((await after.ask('GET', `/v1/jobs/${ids[1]}`, { headers: ivr })).status).toBe(200);
  expect((await after.ask('GET', `/v1/jobs/${ids[1]}`, { headers: crm })).status).toBe(404);
});

test('requests of before keys had names are those of the key that made them, or of operators', async () => {
  const api = await openApi(await apiSite(), { changes: settings });
  const { body } = await requestTuning(api, operator);
  const token = String(body.id).slice('tuning.'.length);
  const noted = await api.app.requests.find(token);
  for (const [by, own] of [
    ['key:074165b2', bearer('key-without-a-name')],
    ['anonymous', null],
  ] as const) {
    const former = { ...noted, token: `former-${by.length}`, id: `tuning.former-${by.length}`, by, owner: undefined };
    await api.app.store.create(`accepted/${former.token}.json`, JSON.stringify(former));
    const status = async (headers: Readonly<Record<string, string>>) =>
      (await api.ask('GET', `/v1/jobs/${former.id}`, { headers })).status;
    if (own !== null) expect(await status(own)).toBe(200);
    expect(await status(ivr)).toBe(404);
    expect(await status(operator)).toBe(200);
  }
});

test('idempotency keys are per name', async () => {
  const api = await openApi(await apiSite(), { changes: settings });
  const ask = async (headers: Readonly<Record<string, string>>) =>
    (await requestTuning(api, { ...headers, 'idempotency-key': 'the-same' })).body.id;
  const first = await ask(crm);
  expect(await ask(newCrm)).toBe(first);
  expect(new Set([first, await ask(ivr), await ask(operator), await ask(bearer('key-without-a-name'))]).size).toBe(4);
});

test('an upload is used by its name and by operators; to others it does not exist', async () => {
  const api = await openApi(await apiSite(), { changes: settings });
  const upload = async (headers: Readonly<Record<string, string>>) => {
    const options = { body: exportOf(intentIds), headers: { ...headers, 'content-type': 'text/csv' } };
    return String((await api.ask('POST', '/v1/uploads', options)).body.ref);
  };
  const ref = await upload(crm);
  const missing = '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11';
  const unknown = await requestTuning(api, ivr, missing);
  expect(unknown.status).toBe(422);
  const other = await requestTuning(api, ivr, ref);
  expect(other.status).toBe(422);
  expect(other.text).toBe(unknown.text.replaceAll(missing, ref));
  const training = await api.ask('POST', '/v1/trainings', { json: { skillId: 'skill-1', data: ref }, headers: ivr });
  expect(training.body).toMatchObject({ status: 422, type: expect.stringMatching(/upload-not-found$/) });
  for (const headers of [crm, newCrm, operator]) expect((await requestTuning(api, headers, ref)).status).toBe(202);

  const stored = await api.app.uploads.take('export.csv', chunk(exportOf(intentIds)));
  expect((await requestTuning(api, crm, stored.ref)).status).toBe(422);
  expect((await requestTuning(api, operator, stored.ref)).status).toBe(202);
});

async function* chunk(text: string) {
  yield Buffer.from(text);
}
