import { expect, test } from 'vitest';
import { z } from 'zod';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { compiled } from '../compiled.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { extractionSite, textsOf } from './extraction-site.ts';

const sources = z.record(z.string(), z.number());

test('eight processes that ask about the same 1,000 texts at once make 1,000 calls', { timeout: 240_000 }, async () => {
  const site = await extractionSite();
  const store = temporaryFolder();
  await openFileStore(store).establish();
  const texts = textsOf(1_000);
  const prefix = '{at-once}';
  const { url, clientId, clientSecret } = site.sandbox;
  const runs = Array.from({ length: 8 }, (_, process) => {
    const own = texts.map((_, index) => texts[(index * 7 + process * 125) % texts.length]);
    const task = {
      socket: site.redis.socket,
      prefix,
      store,
      baseUrl: url,
      clientId,
      clientSecret,
      texts: own,
      perSecond: 500,
    };
    return site.start([
      globalThis.process.execPath,
      compiled('dist/test/integration/askers-process.js'),
      JSON.stringify(task),
    ]);
  });
  await Promise.all(runs.map(run => run.said('ready')));
  await site.client().set(`${prefix}:go`, '1');
  const ends = await Promise.all(runs.map(run => run.ended));
  const sums = ends.map(({ stdout, stderr }) => {
    expect(stderr).toBe('');
    return sources.parse(JSON.parse(stdout.split('\n')[1] ?? ''));
  });
  const total = (source: string) => sums.reduce((sum, each) => sum + (each[source] ?? 0), 0);
  expect(site.sandbox.nlu.calls).toHaveLength(1_000);
  expect(new Set(site.sandbox.nlu.calls.map(({ text }) => text))).toEqual(new Set(texts));
  expect({ api: total('api'), cache: total('cache') }).toEqual({ api: 1_000, cache: 7_000 });
});
