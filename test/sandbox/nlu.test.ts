import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { services } from '../../src/platform/endpoints.ts';
import { loadAnnotations } from '../../src/sandbox/nlu/annotations.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { json, tenant, tokenOf } from './tenant.ts';

const answer = z.object({
  entities: z.array(
    z.object({ name: z.string(), value: z.string(), confidence: z.number(), start: z.number(), end: z.number() }),
  ),
});
const usual = { language: 'en-US', confidence_threshold: 0, entity_types: ['product', 'date', 'money', 'intent'] };

async function extract(sandbox: Sandbox, body: unknown, token?: string): Promise<Response> {
  const bearer = token ?? (await tokenOf(sandbox, {}, services.nlu));
  return fetch(`${sandbox.url}/api/v2/nlu/entities/extract`, { method: 'POST', ...json(body, bearer) });
}

async function found(sandbox: Sandbox, body: unknown) {
  return answer.parse(await (await extract(sandbox, body)).json()).entities;
}

describe('the entities', () => {
  it.each([
    [
      'en-US',
      '😀 Refund my wireless headphones of last Tuesday, $12.50',
      ['Refund', 'wireless headphones', 'last Tuesday', '$12.50'],
    ],
    [
      'de-DE',
      'Gestern: kabellose Kopfhörer stornieren, 12,50 €',
      ['Gestern', 'kabellose Kopfhörer', 'stornieren', '12,50 €'],
    ],
    ['es-ES', 'ayer quise cancelar la cafetera de 30 euros', ['ayer', 'cancelar', 'cafetera', '30 euros']],
    ['fr-FR', 'annuler le casque sans fil du 3 mars 2026', ['annuler', 'casque sans fil', '3 mars 2026']],
  ])('of a text in %s have UTF-16 spans', async (language, text, values) => {
    const entities = await found(await tenant(), { ...usual, text, language });
    expect(entities.map(({ start, end }) => text.slice(start, end))).toEqual(values);
    expect(entities.map(({ value }) => value)).toEqual(values);
  });

  it('are the same for the same request, and none is below the threshold', async () => {
    const sandbox = await tenant();
    const body = { ...usual, text: 'Track the laptop and the router, tomorrow', confidence_threshold: 0.8 };
    const first = await (await extract(sandbox, body)).text();
    expect(await (await extract(sandbox, body)).text()).toBe(first);
    const all = await found(sandbox, { ...body, confidence_threshold: 0 });
    expect(answer.parse(JSON.parse(first)).entities).toEqual(all.filter(({ confidence }) => confidence >= 0.8));
    expect(sandbox.nlu.callsFor(body.text)).toBe(3);
    expect(sandbox.nlu.callsFor('another')).toBe(0);
  });

  it('are counted in code points, or wrongly, on request', async () => {
    const sandbox = await tenant({ nlu: { offsets: 'code-points' } });
    const body = { ...usual, text: '😀 laptop' };
    expect(await found(sandbox, body)).toMatchObject([{ value: 'laptop', start: 2, end: 8 }]);
    sandbox.nlu.setOffsets('shifted');
    expect(await found(sandbox, body)).toMatchObject([{ value: 'laptop', start: 7, end: 13 }]);
  });

  it('of a corpus are found with its names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nlu-'));
    try {
      const file = join(folder, 'entities.jsonl');
      const text = 'add clem burke tomorrow';
      await writeFile(
        file,
        JSON.stringify({ text, entities: [{ name: 'artist', value: 'clem burke', start: 4, end: 14 }] }),
      );
      const sandbox = await tenant({ nlu: { annotations: await loadAnnotations(file) } });
      const entities = await found(sandbox, { ...usual, text, entity_types: ['artist', 'date'] });
      expect(entities.map(({ name, value }) => [name, value])).toEqual([
        ['artist', 'clem burke'],
        ['date', 'tomorrow'],
      ]);
      await writeFile(file, JSON.stringify({ text, entities: [{ name: 'artist', value: 'clem', start: 5, end: 9 }] }));
      await expect(loadAnnotations(file)).rejects.toThrow(`${file}:1: entities[0]`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('an extraction', () => {
  it('needs a token with the scope of the service', async () => {
    const sandbox = await tenant();
    const token = await tokenOf(sandbox, {}, services.interactions);
    expect((await extract(sandbox, { ...usual, text: 'x' }, token)).status).toBe(403);
    expect((await extract(sandbox, { ...usual, text: 'x' }, 'unknown')).status).toBe(401);
    expect(sandbox.nlu.calls).toEqual([]);
  });

  it.each([
    ['an empty text', { text: '' }],
    ['another language', { language: 'it-IT' }],
    ['eleven types', { entity_types: Array.from({ length: 11 }, (_, index) => `t${index}`) }],
    ['a threshold above 1', { confidence_threshold: 1.1 }],
  ])('is refused with 400 for %s', async (_case, change) => {
    expect((await extract(await tenant(), { ...usual, text: 'x', ...change })).status).toBe(400);
  });

  it('is refused with 422 for a marked text and an unknown type', async () => {
    const sandbox = await tenant({ nlu: { refusedMarker: '#no', entityTypes: ['date'] } });
    expect((await extract(sandbox, { ...usual, text: 'a #no', entity_types: ['date'] })).status).toBe(422);
    expect((await extract(sandbox, { ...usual, text: 'a', entity_types: ['date', 'colour'] })).status).toBe(422);
    expect((await extract(sandbox, { ...usual, text: 'a', entity_types: ['date'] })).status).toBe(200);
  });

  it('meets the troubles that were ordered for its text, then none', async () => {
    const sandbox = await tenant();
    const body = { ...usual, text: 'laptop' };
    sandbox.nlu.failNext({ kind: 'confidence-above-one' }, { text: 'laptop' });
    sandbox.nlu.failNext({ kind: 'model-loading', retryAfter: 2 }, { text: 'laptop' });
    sandbox.nlu.failNext({ kind: 'not-an-array' }, { text: 'laptop' });
    expect(await found(sandbox, { ...body, text: 'router' })).toMatchObject([{ value: 'router' }]);
    expect(await found(sandbox, body)).toMatchObject([{ confidence: 1.7 }]);
    const loading = await extract(sandbox, body);
    expect([loading.status, loading.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await (await extract(sandbox, body)).json()).toMatchObject({ entities: {} });
    expect(await found(sandbox, body)).toMatchObject([{ value: 'laptop' }]);
  });

  it('counts against a limit', async () => {
    const sandbox = await tenant({ limits: { NLU: { count: 1, perMs: 1_000 } } });
    const statuses = [await extract(sandbox, { ...usual, text: 'a' }), await extract(sandbox, { ...usual, text: 'a' })];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429]);
  });
});
