import { describe, expect, it } from 'vitest';
import { putNlpConfig } from '../../src/platform/endpoints.ts';
import { askIntents, askLog, nlpToken, putConfig, tenant, tokenOf } from './tenant.ts';

const intents = [
  { id: 'a', name: 'A' },
  { id: 'b', name: 'B' },
  { id: 'old', name: 'Old', archived: true },
];

const config = (...thresholds: [string, number][]) => ({
  defaultConfidenceThreshold: 0.5,
  intentThresholds: thresholds.map(([intentId, confidenceThreshold]) => ({ intentId, confidenceThreshold })),
});

describe('the thresholds', () => {
  it('are none at first, and then the last ones that were put', async () => {
    const sandbox = await tenant({ intents });
    const token = await nlpToken(sandbox);
    expect(sandbox.nlpConfig).toBeNull();
    const answer = await putConfig(sandbox, token, config(['a', 0.25], ['b', 1]));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'applied', intentCount: 2 });
    expect((await putConfig(sandbox, token, config(['b', 0]))).status).toBe(200);
    expect((await putConfig(sandbox, token, config())).status).toBe(200);
    expect(sandbox.nlpConfig).toEqual(config());
    expect(sandbox.nlpConfigs).toEqual([config(['a', 0.25], ['b', 1]), config(['b', 0]), config()]);
  });

  it('cannot be read over the wire', async () => {
    const sandbox = await tenant({ intents });
    const answer = await fetch(`${sandbox.url}${putNlpConfig.path}`, {
      headers: { authorization: `Bearer ${await nlpToken(sandbox)}` },
    });
    expect(answer.status).toBe(404);
  });

  const range = 'must be a number from 0.0 to 1.0';
  it.each([
    ['a default above 1', { ...config(), defaultConfidenceThreshold: 1.001 }, 'defaultConfidenceThreshold', range],
    ['a default below 0', { ...config(), defaultConfidenceThreshold: -0.1 }, 'defaultConfidenceThreshold', range],
    ['a default as a text', { ...config(), defaultConfidenceThreshold: '0.5' }, 'defaultConfidenceThreshold', range],
    ['no default', { intentThresholds: [] }, 'defaultConfidenceThreshold', range],
    ['no list', { defaultConfidenceThreshold: 0.5 }, 'intentThresholds', expect.any(String)],
    ['no object', [], 'body', expect.any(String)],
    ['a threshold above 1', config(['a', 1], ['b', 1.5]), 'intentThresholds[1].confidenceThreshold', range],
    ['a threshold that is NaN', config(['a', Number.NaN]), 'intentThresholds[0].confidenceThreshold', range],
    [
      'an infinite threshold',
      '{"defaultConfidenceThreshold":0.5,"intentThresholds":[{"intentId":"a","confidenceThreshold":1e999}]}',
      'intentThresholds[0].confidenceThreshold',
      range,
    ],
    [
      'no threshold',
      { ...config(), intentThresholds: [{ intentId: 'a' }] },
      'intentThresholds[0].confidenceThreshold',
      range,
    ],
    [
      'no intent',
      { ...config(), intentThresholds: [{ confidenceThreshold: 0.5 }] },
      'intentThresholds[0].intentId',
      expect.any(String),
    ],
    ['an intent twice', config(['a', 0.5], ['a', 0.5]), 'intentThresholds[1].intentId', 'is given more than once'],
    ['an unknown field', { ...config(), default: 0.5 }, 'default', 'is not a field of the configuration'],
    [
      'an unknown field of an intent',
      { ...config(), intentThresholds: [{ intentId: 'a', confidenceThreshold: 0.5, threshold: 0.5 }] },
      'intentThresholds[0].threshold',
      'is not a field of the configuration',
    ],
  ])('are refused with 400 for %s', async (_case, body, field, message) => {
    const sandbox = await tenant({ intents });
    const answer = await putConfig(sandbox, await nlpToken(sandbox), body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringContaining(field), errors: [{ field, message }] });
    expect(sandbox.nlpConfigs).toEqual([]);
  });

  it('are refused for a body that is no JSON, or is not called so', async () => {
    const sandbox = await tenant({ intents });
    const token = await nlpToken(sandbox);
    expect(await (await putConfig(sandbox, token, '{"defaultConf')).json()).toMatchObject({
      message: 'The body is not JSON.',
    });
    const answer = await fetch(`${sandbox.url}${putNlpConfig.path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(config()),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: 'The body must be application/json.' });
    expect(sandbox.nlpConfigs).toEqual([]);
  });

  it('are refused with 404, all of them, for intents that are unknown or archived', async () => {
    const sandbox = await tenant({ intents });
    const token = await nlpToken(sandbox);
    const answer = await putConfig(sandbox, token, config(['a', 0.5], ['nobody', 0.5], ['old', 0.5]));
    expect(answer.status).toBe(404);
    const message = 'does not match any active intent';
    expect(await answer.json()).toEqual({
      message: `An intent was not found: intentThresholds[1].intentId ${message}, and 1 more.`,
      errors: [
        { field: 'intentThresholds[1].intentId', message },
        { field: 'intentThresholds[2].intentId', message },
      ],
    });
    expect(sandbox.nlpConfigs).toEqual([]);
    expect((await putConfig(sandbox, token, config(['a', 0.5]))).status).toBe(200);
    sandbox.archiveIntent('a');
    expect((await putConfig(sandbox, token, config(['a', 0.5]))).status).toBe(404);
    expect(sandbox.nlpConfig).toEqual(config(['a', 0.5]));
  });

  it('need every scope of the service', async () => {
    const sandbox = await tenant({ intents, grantedScopes: ['ai:nlp:read', 'ai:bot:read'] });
    const answer = await putConfig(sandbox, await nlpToken(sandbox), config());
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('ai:nlp:write') });
    expect(sandbox.nlpConfigs).toEqual([]);
  });
});

describe('the limits of the nlp service', () => {
  it('are one for the list and one for the thresholds', async () => {
    const sandbox = await tenant({ intents, limits: {} });
    const token = await nlpToken(sandbox);
    const list = async (): Promise<number> => (await askIntents(sandbox, token)).status;
    const put = async (): Promise<number> => (await putConfig(sandbox, token, config())).status;
    expect([await list(), await list(), await list()]).toEqual([200, 200, 429]);
    expect([await put(), await put()]).toEqual([200, 429]);
    expect((await askLog(sandbox, await tokenOf(sandbox))).status).toBe(200);
    expect(sandbox.nlpConfigs).toHaveLength(1);
    sandbox.clock.advance(1_000);
    expect([await put(), await list()]).toEqual([200, 200]);
  });

  it('can be set each', async () => {
    const sandbox = await tenant({ intents, limits: { CONFIG: { count: 1, perMs: 60_000 }, INTENTS: null } });
    const token = await nlpToken(sandbox);
    await putConfig(sandbox, token, config());
    const refused = await putConfig(sandbox, token, config());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    for (let n = 0; n < 5; n++) expect((await askIntents(sandbox, token)).status).toBe(200);
  });
});
