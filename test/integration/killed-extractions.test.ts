import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { batchLine } from '../../src/domain/entity/result.ts';
import { eventually } from '../eventually.ts';
import { extractionSite, textsOf, writeLines } from './extraction-site.ts';
import type { Site } from './site.ts';
import { takenOverSoon } from './takeover.ts';

const summary = z.looseObject({ lines: z.number(), succeeded: z.number(), calls: z.number() });

async function resultsOf(site: Site) {
  const content = await readFile(join(site.folder, 'out.jsonl'), 'utf8');
  return content
    .split('\n')
    .slice(0, -1)
    .map(line => batchLine.parse(JSON.parse(line)));
}

/** The lines whose answers are kept, in the store or in Redis: no call is made for them again. */
async function keptLines(site: Site): Promise<Set<number>> {
  const client = site.client();
  const kept = new Set<number>();
  for (const key of await client.keys('*:extractions:*'))
    if (!key.endsWith(':progress'))
      for (const field of await client.hkeys(key)) if (field.startsWith('answer:')) kept.add(Number(field.slice(7)));
  const app = await site.app();
  for (const identity of await app.store.list('extractions/batches'))
    for (const generation of await app.store.list(`extractions/batches/${identity}`))
      for (const chunk of await app.extractions.finished(`${identity}.${generation}`)) {
        const done = await app.extractions.chunk(`${identity}.${generation}`, chunk);
        for (const { result } of done?.lines ?? []) kept.add(result.line);
      }
  await app.close();
  client.disconnect();
  return kept;
}

const words = ['extract', '--file', 'in.jsonl', '--types', 'date', '--out', 'out.jsonl', '--wait', '--json'];

test('killing all workers three times makes no finished call twice', { timeout: 240_000 }, async () => {
  const site = await extractionSite();
  const variables = { LIMIT_NLU: '150/s', ...takenOverSoon.variables };
  const texts = textsOf(1_100);
  await writeLines(
    site,
    'in.jsonl',
    texts.map(text => ({ text })),
  );
  let workers = await Promise.all([site.worker(variables), site.worker(variables)]);
  const command = site.startCli(words, variables);
  const { calls } = site.sandbox.nlu;
  for (const moment of [150, 450, 750]) {
    await eventually(() => calls.length >= moment);
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.map(worker => worker.ended));
    const kept = await keptLines(site);
    expect(kept.size).toBeGreaterThan(0);
    const before = calls.length;
    workers = await Promise.all([site.worker(variables), site.worker(variables)]);
    const after = () => new Set(calls.slice(before).map(({ text }) => text));
    await eventually(() => after().size > 0);
    const again = [...kept].filter(line => after().has(texts[line - 1] ?? ''));
    expect(again, 'lines that were answered and are called for again').toEqual([]);
  }
  const end = await command.ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(summary.parse(JSON.parse(end.stdout))).toMatchObject({ lines: 1_100, succeeded: 1_100, calls: 1_100 });
  const results = await resultsOf(site);
  expect(results.map(({ line }) => line)).toEqual(texts.map((_, index) => index + 1));
  for (const [index, result] of results.entries()) expect(result).toMatchObject({ input_text: texts[index] });
  // A call whose answer was on its way when the worker was killed is made again, and no other.
  expect(new Set(calls.map(({ text }) => text)).size).toBe(1_100);
});

test('a batch goes on when Redis is emptied, and finished chunks are not paid for again', {
  timeout: 240_000,
}, async () => {
  const site = await extractionSite();
  const variables = { LIMIT_NLU: '800/s', ...takenOverSoon.variables };
  const texts = textsOf(4_000);
  await writeLines(
    site,
    'in.jsonl',
    texts.map(text => ({ text })),
  );
  await site.worker(variables);
  const command = site.startCli(words, variables);
  const app = await site.app();
  let batch = '';
  await eventually(async () => {
    const [identity] = await app.store.list('extractions/batches');
    if (identity === undefined) return false;
    batch = `${identity}.1`;
    return (await app.extractions.finished(batch)).size >= 2;
  });
  const finished = await app.extractions.finished(batch);
  const client = site.client();
  await client.flushall();
  const { calls } = site.sandbox.nlu;
  const before = calls.length;
  const end = await command.ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(summary.parse(JSON.parse(end.stdout))).toMatchObject({ lines: 4_000, succeeded: 4_000 });
  const again = new Set(calls.slice(before).map(({ text }) => text));
  for (const chunk of finished)
    for (const text of texts.slice(chunk * 500, chunk * 500 + 500)) expect(again.has(text), text).toBe(false);
  expect((await resultsOf(site)).map(({ line }) => line)).toEqual(texts.map((_, index) => index + 1));
});
