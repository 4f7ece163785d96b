import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startHttp } from '../../producers/http/server.ts';
import { readConfig } from '../../src/config/config.ts';
import { examine } from '../../src/operators/doctor/examine.ts';
import { openSite, type Site, storeOf } from './site.ts';

/** What is not right, as `what: state`, and the words of all. */
async function look(site: Site, changes: Record<string, string | undefined> = {}) {
  const environment = site.environment(changes);
  const checks = await examine(readConfig(environment, []), environment);
  return {
    wrong: checks.flatMap(({ what, state }) => (state === 'ok' || state === 'off' ? [] : [`${what}: ${state}`])),
    said: checks.map(({ what, detail }) => `${what}: ${detail}`).join('\n'),
    off: checks.flatMap(({ what, state }) => (state === 'off' ? [what] : [])),
  };
}

it('finds nothing where nothing is wrong, and what is missing where something is', async () => {
  const site = await openSite({ limits: { INTERACTIONS: null } });
  expect(await look(site)).toMatchObject({ wrong: [], off: ['webhooks'] });

  const far = await look(site, {
    HTTP_HOST: '0.0.0.0',
    BOARD_USER: 'u',
    BOARD_PASSWORD: 'short',
    MODEL_PATH: join(site.folder, 'none'),
    CXONE_CLIENT_SECRET: 'wrong',
    NOTIFY_WEBHOOK_URL: 'http://example.com/',
    REDIS_PREFIX: 'other',
  });
  expect(far.wrong).toEqual([
    'model: bad',
    'inference runtime: bad',
    'service interactions: bad',
    'service nlp: bad',
    'service training: bad',
    'service nlu: bad',
    'service cognigy: bad',
    'API and board: warn',
    'logins and keys: warn',
    'webhooks: warn',
  ]);
  expect(far.said).toMatch(/MODEL_NOT_FOUND: .*MODEL_PATH/);
  expect(far.said).toMatch(/webhooks: set WEBHOOK_SECRET.*https/);
  expect((await look(site, { HTTP_HOST: '0.0.0.0' })).wrong).toEqual(['API and board: bad']);
});

it('sees a clock that is wrong, and a store that is another than the others’', async () => {
  const site = await openSite();
  const app = await site.app();
  // The sandbox's clock stands at a noon of March.
  expect((await look(site)).wrong).toEqual([
    'clock against interactions: bad',
    'clock against nlp: bad',
    'clock against training: bad',
    'clock against nlu: bad',
    'clock against cognigy: bad',
  ]);
  await writeFile(join(storeOf(site, app), 'tenant', 'store-id'), 'another');
  expect((await look(site)).wrong).toContain('shared store: bad');
  await site.redis.kill();
  expect((await look(site)).wrong).toContain('Redis: bad');
});

it('readiness says what stands in the way: Redis, store or model', async () => {
  const site = await openSite();
  const model = join(site.folder, 'model');
  await mkdir(model);
  const app = await site.app({ HTTP_PORT: '0', MODEL_PATH: model });
  const http = await startHttp(app);
  const ready = async () => {
    const answer = await fetch(`${http.url}/readyz`);
    const state: unknown = await answer.json();
    return { status: answer.status, state };
  };
  try {
    expect(await ready()).toEqual({
      status: 503,
      state: { ready: false, redis: 'ok', store: 'ok', model: 'MODEL_NOT_FOUND' },
    });
    await mkdir(join(model, 'onnx'));
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'])
      await writeFile(join(model, file), '{}');
    expect(await ready()).toEqual({ status: 200, state: { ready: true, redis: 'ok', store: 'ok', model: 'ok' } });
    await rm(storeOf(site, app), { recursive: true });
    await writeFile(storeOf(site, app), 'a file where the store should be');
    expect(await ready()).toMatchObject({ status: 503, state: { ready: false, store: 'STORE_UNREADABLE' } });
    await site.redis.kill();
    expect(await ready()).toMatchObject({ status: 503, state: { redis: 'no answer within 2 s' } });
    await site.redis.start();
  } finally {
    await http.close();
  }
});
