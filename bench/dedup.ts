import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDeduper } from '../src/compute/dedup/deduper.ts';
import type { Decisions } from '../src/domain/dedup/decisions.ts';
import { createDedup } from '../src/domain/dedup/dedup.ts';
import { naiveDedup } from '../src/domain/dedup/naive.ts';
import { fillSynthetic } from './synthetic.ts';
import { dimension, realVectors } from './vectors.ts';

const kernel = readFileSync(new URL('../src/domain/dedup/kernel/kernel.wasm', import.meta.url));
const python = process.env.BENCH_PYTHON ?? 'python3';
const threshold = 0.85;
const rounds = 5;

/** One way to dedup: its seconds, each run's, and what it kept. */
interface Result {
  readonly seconds: readonly number[];
  readonly kept: Uint8Array;
}

/**
 * Times of the exact greedy dedup at 0.85 on 20,000 real utterances' vectors against the plain loop in JavaScript and,
 * where `BENCH_PYTHON` has numpy, against today's nested loop and a blocked one; then on 100,000 synthetic vectors,
 * with the peak memory of the process.
 *
 * @throws when two of our ways decide one vector differently
 */
export async function dedup(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-dedup-'));
  try {
    await onRealVectors(scratch, 20_000);
    await onSyntheticVectors(scratch, 100_000);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function onRealVectors(scratch: string, rows: number): Promise<void> {
  const vectors = await realVectors(rows);
  const plain = await withTiming(1, () => naiveDedup(vectors, { dimension, threshold }));
  const pruned = await withTiming(rounds, () => createDedup({ dimension, threshold, kernel }).decide(vectors));
  const whole = await withTiming(rounds, () =>
    createDedup({ dimension, threshold, kernel, learnFrom: Infinity }).decide(vectors),
  );
  const threaded = await withTiming(rounds, () => inThread(vectors));
  for (const result of [pruned, whole, threaded]) requireEqual(result.decisions, plain.decisions);

  const file = join(scratch, 'real.f32');
  writeFileSync(file, vectors);
  title(`dedup: ${rows} real vectors, ${count(plain.decisions.kept)} kept`, 'ours, pruned, is');
  const print = (way: string, result: Result | undefined) => row(way, result, pruned, plain.decisions.kept);
  print('ours, pruned', toResult(pruned));
  print('ours, pruned, thread and transfer included', toResult(threaded));
  print('ours, without pruning', toResult(whole));
  print('plain loop in JavaScript', toResult(plain));
  print('numpy, today: n × n matrix and nested loop', numpy('nested', file, scratch, 1));
  print('numpy, blocks against the kept rows', numpy('blocked', file, scratch, 3));
}

async function onSyntheticVectors(scratch: string, rows: number): Promise<void> {
  const out = join(scratch, 'synthetic.kept');
  const child = fileURLToPath(new URL('dedup_memory.ts', import.meta.url));
  const args = [rows, dimension, threshold].map(String);
  const report: { seconds: number; peakBytes: number } = JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', child, ...args, out], { encoding: 'utf8' }),
  );

  const vectors = new Float32Array(rows * dimension);
  fillSynthetic(vectors, dimension);
  const pruned = await withTiming(3, () => createDedup({ dimension, threshold, kernel }).decide(vectors));
  const whole = await withTiming(1, () =>
    createDedup({ dimension, threshold, kernel, learnFrom: Infinity }).decide(vectors),
  );
  requireEqual(whole.decisions, pruned.decisions);

  const file = join(scratch, 'synthetic.f32');
  writeFileSync(file, vectors);
  title(`dedup: ${rows} synthetic vectors, ${count(pruned.decisions.kept)} kept`, 'ours, pruned, is');
  const print = (way: string, result: Result | undefined) => row(way, result, pruned, pruned.decisions.kept);
  print('ours, pruned', toResult(pruned));
  print('ours, pruned, in a process of its own', { seconds: [report.seconds], kept: readFileSync(out) });
  print('ours, without pruning', toResult(whole));
  print('numpy, blocks against the kept rows', numpy('blocked', file, scratch, 1));
  say(
    `peak memory of that process, its ${megabytes(vectors.byteLength)} of vectors included: ${megabytes(report.peakBytes)}`,
  );
}

interface Timed {
  readonly seconds: readonly number[];
  readonly decisions: Decisions;
}

async function withTiming(runs: number, decide: () => Decisions | Promise<Decisions>): Promise<Timed> {
  const seconds: number[] = [];
  let decisions: Decisions | undefined;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    decisions = await decide();
    seconds.push((performance.now() - start) / 1000);
  }
  if (decisions === undefined) throw new Error('nothing was run');
  return { seconds, decisions };
}

async function inThread(vectors: Float32Array): Promise<Decisions> {
  const deduper = openDeduper({ dimension, threshold });
  try {
    return await deduper.decide(vectors);
  } finally {
    await deduper.close();
  }
}

/** `undefined` if numpy is not installed. */
function numpy(way: 'nested' | 'blocked', file: string, scratch: string, runs: number): Result | undefined {
  const script = fileURLToPath(new URL('dedup_reference.py', import.meta.url));
  const out = join(scratch, `${way}.kept`);
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const args = [script, way, file, String(dimension), String(threshold), out];
  const seconds = Array.from({ length: runs }, () => Number(execFileSync(python, args, { encoding: 'utf8' })));
  return { seconds, kept: readFileSync(out) };
}

function requireEqual(a: Decisions, b: Decisions): void {
  const equal = a.keeper.every((keeper, i) => {
    return keeper === b.keeper[i] && a.kept[i] === b.kept[i] && a.cosine[i] === b.cosine[i];
  });
  if (!equal || a.keeper.length !== b.keeper.length) throw new Error('two ways decided differently');
}

function toResult({ seconds, decisions }: Timed): Result {
  return { seconds, kept: decisions.kept };
}

function title(text: string, ratio: string): void {
  say(`${text}, threshold ${threshold}; medians`);
  say(`${''.padEnd(48)} ${'runs'.padStart(5)} ${'seconds'.padStart(9)}   ${ratio.padEnd(18)} rows kept otherwise`);
}

function row(way: string, result: Result | undefined, ours: Timed, expected: Uint8Array): void {
  if (result === undefined) {
    say(`${way.padEnd(48)} not on this machine (${python} without numpy)`);
    return;
  }
  const ratio = `${(median(result.seconds) / median(ours.seconds)).toFixed(2)} ×`;
  const differing = expected.reduce((sum, kept, i) => sum + Number(kept !== result.kept[i]), 0);
  const columns = [String(result.seconds.length).padStart(5), median(result.seconds).toFixed(2).padStart(9)];
  say(`${way.padEnd(48)} ${columns.join(' ')}   ${ratio.padEnd(18)} ${differing}`);
}

function count(kept: Uint8Array): number {
  return kept.reduce((sum, one) => sum + one, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
