import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../eventually.ts';
import { extractionApi, extractionSite } from './extraction-site.ts';
import { everyFile, everythingIn, everythingOnBoard, type Place } from './leak-places.ts';

/** Words that no other text of this system has, in every part of a text. */
const words = ['zanzibarite', 'quillwort', 'ombrophobe'];
const text = `My ${words[0]} account: a ${words[1]} of 2026-03-04 was ${words[2]}`;
const finds = (place: string) => words.filter(word => place.toLowerCase().includes(word));
const leaks = (places: readonly Place[]) =>
  places.flatMap(([where, content]) => finds(content).map(word => `${where}: ${word}`));

test('no text of a customer is in Redis, its append-only file, the board, the metrics or an error', async () => {
  const site = await extractionSite({ nlu: { refusedMarker: 'refuse me' } });
  const api = await extractionApi(site, { BOARD_USER: 'op', BOARD_PASSWORD: 'a-long-password' });
  const headers = { authorization: `Basic ${Buffer.from('op:a-long-password').toString('base64')}` };
  const waits = { ...headers, prefer: 'wait=20' };
  const json = { types: ['date', 'product'], threshold: 0 };
  const single = await api.ask('POST', '/v1/extractions', { json: { ...json, text }, headers: waits });
  expect(single.status, single.text).toBe(200);
  expect(finds(single.text)).toEqual(words);
  const texts = [text, `${text} again`, `${text}: refuse me`];
  const batch = await api.ask('POST', '/v1/extractions', { json: { ...json, texts }, headers: waits });
  expect(batch.body).toMatchObject({ lines: 3, succeeded: 2, failed: 1 });
  const { requestId } = z.object({ requestId: z.string() }).parse(batch.body);
  const results = await api.ask('GET', `/v1/jobs/${requestId}/results`, { headers });
  expect(finds(results.text)).toEqual(words);
  // The platform's refusal repeats what it was sent.
  const refused = await api.ask('POST', '/v1/extractions', { json: { text: `${text}, refuse me` }, headers });
  const { id } = z.object({ id: z.string() }).parse(refused.body);
  const look = async () => await api.ask('GET', `/v1/jobs/${id}`, { headers });
  await eventually(async () => (await look()).body.state === 'failed');
  const failed = await look();
  expect(failed.body).toMatchObject({ error: { code: 'PLATFORM_REFUSED' } });
  expect(finds(failed.text)).toEqual([]);

  expect(leaks(await everythingIn(site.client()))).toEqual([]);
  expect(leaks(await everyFile(join(site.folder, 'redis')))).toEqual([]);
  const seen: Place[] = [];
  await everythingOnBoard(async path => {
    const answer = await api.ask('GET', path, { headers });
    // A request's own page shows its result to its requester and to operators.
    if (!path.startsWith('/v1/')) seen.push([path, answer.text]);
    return answer.text;
  });
  for (const path of ['/metrics', '/healthz', '/readyz', '/v1/requests'])
    seen.push([path, (await api.ask('GET', path, { headers })).text]);
  expect(seen.length).toBeGreaterThan(20);
  expect(leaks(seen)).toEqual([]);
});
