import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startProgram } from '../integration/program-run.ts';

/** The thresholds of real cross-validation exports, by the command line on the built-in sandbox, against scikit-learn's. */
const data = resolve(process.env.DATA_FOLDER ?? '../shared/data');
const bin = fileURLToPath(new URL('../../bin/cxone-mlops.js', import.meta.url));

const golden = z.object({
  rows: z.number(),
  global_threshold: z.number(),
  intents: z.record(
    z.string(),
    z.object({ threshold: z.number(), j_score: z.number(), roc_auc: z.number(), sample_count: z.number() }),
  ),
});
const tuned = z.object({
  globalThreshold: z.number(),
  intents: z.array(
    z.object({
      intentId: z.string(),
      name: z.string(),
      threshold: z.number(),
      jScore: z.number(),
      rocAuc: z.number(),
      sampleCount: z.number(),
      flags: z.array(z.string()),
    }),
  ),
  skipped: z.array(z.string()),
});

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map(folder => rm(folder, { recursive: true, force: true })));
});

test.each([
  ['cv_small.csv', 'cv_small.json'],
  ['cv_banking77.csv.gz', 'cv_banking77.json'],
])('%s gives the thresholds of scikit-learn', async (csv, reference) => {
  const folder = await mkdtemp(join(tmpdir(), 'cxone-data-'));
  folders.push(folder);
  const run = startProgram([process.execPath, bin, 'tune', '--csv', join(data, csv), '--json', '--report', 'report'], {
    folder,
    environment: { SANDBOX: '1' },
  });
  const { code, stdout, stderr } = await run.ended;
  expect(stderr).toContain('sandbox');
  expect(code).toBe(0);
  const ours = tuned.parse(JSON.parse(stdout));
  const wanted = golden.parse(JSON.parse(await readFile(join(data, 'golden', reference), 'utf8')));
  expect(ours.globalThreshold).toBe(wanted.global_threshold);
  expect(ours.skipped).toEqual([]);
  const rows = ours.intents.map(({ intentId, threshold, jScore, rocAuc, sampleCount }) => [
    intentId,
    { threshold, j_score: jScore, roc_auc: rocAuc, sample_count: sampleCount },
  ]);
  expect(Object.fromEntries(rows)).toEqual(wanted.intents);
  expect(ours.intents.flatMap(intent => intent.flags)).toEqual([]);
  const page = (await readdir(join(folder, 'report'))).find(file => file.endsWith('.html')) ?? '';
  expect(await readFile(join(folder, 'report', page), 'utf8')).toContain('<!doctype html>');
});
