import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomOf } from '../src/domain/roc/random.ts';

const python = process.env.BENCH_PYTHON ?? 'python3';
const intents = 1000;

/** One way to tune an export. */
interface Result {
  readonly runs: number;
  readonly seconds: number;
  readonly reading?: number;
  readonly longestTurn?: number;
  readonly peakBytes: number;
  readonly found: Readonly<Record<string, readonly number[]>>;
}

/**
 * Times from an export, its CSV included, to the thresholds of 1,000 intents, each way in processes of its own, against
 * plain JavaScript over fast-csv and, where `BENCH_PYTHON` has pandas and scikit-learn, against today's loop and a
 * groupby; with 1,000,000 and with 10,000,000 rows.
 *
 * @throws when scikit-learn finds another threshold than ours
 */
export async function roc(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-roc-'));
  try {
    const million = await writeExport(join(scratch, '1m.csv'), 1_000_000);
    const ours = tune('ours', million, 5);
    title(million, 1_000_000, ours);
    row('plain JavaScript: fast-csv, filter, sort', tune('plain', million, 1), ours);
    row('pandas: today’s loop, scikit-learn', sklearn('loop', million, 1), ours);
    row('pandas: groupby, scikit-learn', sklearn('groupby', million, 3), ours);

    const tenMillion = await writeExport(join(scratch, '10m.csv'), 10_000_000);
    const oursOfTen = tune('ours', tenMillion, 3);
    title(tenMillion, 10_000_000, oursOfTen);
    row('pandas: groupby, scikit-learn', sklearn('groupby', tenMillion, 3), oursOfTen);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Utterances × intents, those of an utterance in adjacent rows; 0.1 to 5 % positives, 6 decimals. */
async function writeExport(file: string, rows: number): Promise<string> {
  const random = randomOf(1, 'export');
  const out = createWriteStream(file);
  out.write('intent_id,actual_label,predicted_confidence\n');
  for (let row = 0; row < rows; ) {
    const lines: string[] = [];
    for (; lines.length < 20_000 && row < rows; row++) {
      const intent = row % intents;
      const isPositive = random() < 0.001 + (intent % 50) / 1000;
      const u = random();
      const confidence = isPositive ? 1 - 0.9 * u * u : 0.8 * u ** 4;
      lines.push(`intent-${intent},${isPositive ? 1 : 0},${confidence.toFixed(6)}\n`);
    }
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  await once(out.end(), 'finish');
  return file;
}

function tune(way: 'ours' | 'plain', file: string, runs: number): Result {
  const script = fileURLToPath(new URL('roc_tune.ts', import.meta.url));
  return withTiming(process.execPath, ['--import', 'tsx', script, way, file], file, runs);
}

/** `undefined` if scikit-learn is not installed. */
function sklearn(way: 'loop' | 'groupby', file: string, runs: number): Result | undefined {
  const script = fileURLToPath(new URL('roc_reference.py', import.meta.url));
  try {
    execFileSync(python, ['-c', 'import pandas, sklearn'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return withTiming(python, [script, way, file], file, runs);
}

/** The run in the middle, by its seconds. */
function withTiming(program: string, args: readonly string[], file: string, runs: number): Result {
  const out = `${file}.json`;
  const reports = Array.from({ length: runs }, (): Omit<Result, 'runs' | 'found'> => {
    return JSON.parse(execFileSync(program, [...args, out], { encoding: 'utf8' }));
  }).sort((a, b) => a.seconds - b.seconds);
  const report = reports[runs >> 1];
  if (report === undefined) throw new Error('nothing was run');
  return { ...report, runs, found: JSON.parse(readFileSync(out, 'utf8').replaceAll('Infinity', 'null')) };
}

function title(file: string, rows: number, ours: Result): void {
  say(`roc: ${rows} rows × ${intents} intents, ${megabytes(statSync(file).size)} of CSV; medians`);
  say(`${''.padEnd(44)} ${'runs'.padStart(5)} ${'seconds'.padStart(9)}   ours is    peak memory  thresholds otherwise`);
  row('ours', ours, ours);
  say(
    `reading alone: ${(ours.reading ?? 0).toFixed(2)} s; the event loop turned at least every ${(ours.longestTurn ?? 0).toFixed(0)} ms`,
  );
}

function row(way: string, result: Result | undefined, ours: Result): void {
  if (result === undefined) {
    say(`${way.padEnd(44)} not on this machine (${python} without pandas and scikit-learn)`);
    return;
  }
  const ids = Object.keys(ours.found);
  const differing = ids.filter(id => result.found[id]?.[0] !== ours.found[id]?.[0]).length;
  const columns = [String(result.runs).padStart(5), result.seconds.toFixed(2).padStart(9)];
  const ratio = `${(result.seconds / ours.seconds).toFixed(2)} ×`.padEnd(10);
  say(`${way.padEnd(44)} ${columns.join(' ')}   ${ratio} ${megabytes(result.peakBytes).padEnd(12)} ${differing}`);
  if (way === 'plain JavaScript: fast-csv, filter, sort')
    say(
      `reading alone, with fast-csv: ${(result.reading ?? 0).toFixed(2)} s, ${((result.reading ?? 0) / (ours.reading ?? 1)).toFixed(1)} × ours`,
    );
  if (way.endsWith('scikit-learn') && differing > 0)
    throw new Error(`${differing} thresholds differ from scikit-learn's`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
