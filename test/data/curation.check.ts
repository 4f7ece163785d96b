import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseString } from 'fast-csv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/**
 * The whole pipeline on 12,770 real conversations, under faults and live arrivals, against the reference result:
 * sentence-transformers in float32, numpy in float64, and the sequential rule.
 */
const data = resolve(process.env.DATA_FOLDER ?? '../shared/data');
const files = [
  'interactions_sgd.jsonl.gz',
  'interactions_taskmaster_rated.jsonl',
  'interactions_taskmaster_unrated.jsonl',
  'interactions_topicalchat.jsonl',
].map(file => join(data, file));
const golden = z.object({
  turns: z.number(),
  kept: z.number(),
  removed: z.number(),
  'turns_within_1e-4_of_the_threshold': z.number(),
  kept_sha256_first8: z.array(z.string()),
});
const summary = z.object({
  turns: z.number(),
  kept: z.number(),
  removed: z.number(),
  interactions: z.number(),
  alreadyTaken: z.number(),
});

const bin = fileURLToPath(new URL('../../bin/cxone-mlops.js', import.meta.url));
let folder: string;
let sandbox: ChildProcess;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cxone-data-'));
  const options = ['--port', '0', '--limit', '100/s', '--faults', '0.05', '--arrivals', '2', '--corpus', ...files];
  sandbox = spawn(process.execPath, [bin, 'sandbox', ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const settings = await firstLines(sandbox, 3);
  environment = {
    ...process.env,
    ...Object.fromEntries(settings.map(line => line.split('=', 2))),
    LIMIT_INTERACTIONS: '100/s',
    LOG_LEVEL: 'silent',
  };
});

afterAll(async () => {
  sandbox.kill();
  await rm(folder, { recursive: true, force: true });
});

test('the kept rows are the reference’s, and a second run takes only what is new', async () => {
  const reference = golden.parse(JSON.parse(await readFile(join(data, 'golden', 'curation.json'), 'utf8')));

  const first = summary.parse(JSON.parse(await command('curate', '--dataset', 'real', '--wait', '--json')));
  expect(first.turns).toBe(reference.turns);
  expect(first.kept + first.removed).toBe(first.turns);

  await command('dataset', 'export', 'real', '--out', 'real.csv');
  const rows = await readRows(join(folder, 'real.csv'));
  const kept = rows.map(row => rowHash(row));
  const differing = symmetricDifference(kept, reference.kept_sha256_first8);
  // A borderline turn may be decided otherwise, and takes a few others with it.
  const borderline = reference['turns_within_1e-4_of_the_threshold'];
  process.stdout.write(
    `kept ${first.kept} of ${first.turns}; reference ${reference.kept}; rows that differ: ${differing.length}\n`,
  );
  expect(differing.length).toBeLessThanOrEqual(borderline);
  if (differing.length === 0) expect(kept).toEqual(reference.kept_sha256_first8);

  const second = summary.parse(JSON.parse(await command('curate', '--dataset', 'real', '--wait', '--json')));
  expect(second.interactions).toBeLessThan(first.interactions);
  await command('dataset', 'export', 'real', '--out', 'again.csv');
  const again = await readRows(join(folder, 'again.csv'));
  expect(again.slice(0, rows.length)).toEqual(rows);
  const known = new Set(rows.map(([id]) => id));
  for (const [id] of again.slice(rows.length)) expect(known.has(id ?? '')).toBe(false);
  expect(new Set(again.map(row => JSON.stringify(row.slice(0, 6)))).size).toBe(again.length);
});

/** The first eight digits of the hash of a kept turn, as the reference has them. */
function rowHash([id, timestamp, bot, rating, user, response]: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([id, timestamp, bot, rating, user, response]))
    .digest('hex')
    .slice(0, 8);
}

function symmetricDifference(a: readonly string[], b: readonly string[]): string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [...a.filter(each => !inB.has(each)), ...b.filter(each => !inA.has(each))];
}

async function readRows(file: string): Promise<string[][]> {
  const text = await readFile(file, 'utf8');
  return await new Promise((resolve, reject) => {
    const rows: string[][] = [];
    parseString<string[], string[]>(text)
      .on('data', (row: string[]) => rows.push(row))
      .on('error', reject)
      .on('end', () => resolve(rows.slice(1)));
  });
}

async function command(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out: string[] = [];
  child.stdout.on('data', chunk => out.push(String(chunk)));
  const code = await new Promise<number | null>(done => child.on('close', done));
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return out.join('');
}

async function firstLines(child: ChildProcess, count: number): Promise<string[]> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const lines = text.split('\n');
    if (lines.length > count) return lines.slice(0, count);
  }
  throw new Error('the sandbox did not start');
}
