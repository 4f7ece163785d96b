import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../src/domain/dataset/manifest.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { openFileStore } from '../src/store/artifacts/file-store.ts';
import { bytesOf } from '../src/store/artifacts/floats.ts';
import { claimedIdsContent } from '../src/store/datasets/claimed-ids.ts';
import { type Datasets, jsonLines, openDatasets } from '../src/store/datasets/datasets.ts';
import { heard, output, programs } from './programs.ts';
import { fillSynthetic } from './synthetic.ts';
import { withRedis } from './temporary-redis.ts';

const sizes = (process.env.BENCH_ROWS ?? '10000,100000').split(',').map(Number);
const versions = Number(process.env.BENCH_VERSIONS ?? 5_000);
const dimension = 384;
const dataset = 'bench';
const utterances = [
  'Where is my parcel?',
  'How do I reset my password?',
  'The invoice is wrong',
  'Do you ship to Norway?',
];
const summary = z.object({ version: z.number(), turns: z.number() });

/** What a run costs its worker: CPU seconds and peak memory in MB. */
interface Cost {
  readonly cpu: number;
  readonly peak: number;
}

/**
 * What a run costs as a dataset grows: in rows (100 new turns into K kept ones, in a worker that has just started and in
 * one that has the rows already), and in versions (a run with nothing new).
 */
export async function growth(): Promise<void> {
  for (const rows of sizes) await grown(rows);
  await aged();
}

async function grown(rows: number): Promise<void> {
  await withDataset(async ({ datasets, curate, insert, restart }) => {
    await addRows(datasets, rows);
    await restart();
    insert(100);
    const cold = await curate();
    insert(100);
    const warm = await curate();
    const quiet = await curate();
    print(`${rows} kept rows`);
    print(`  100 new turns, worker just started   ${show(cold)}`);
    print(`  100 new turns, the same worker       ${show(warm)}`);
    print(`  nothing new                          ${show(quiet)}`);
  });
}

async function aged(): Promise<void> {
  await withDataset(async ({ datasets, folder, curate, restart, program }) => {
    await restart();
    await curate();
    const young = await curate();
    await addQuietVersions(datasets, versions);
    await restart();
    const first = await curate();
    const old = await curate();
    const { number } = await datasets.version(dataset);
    const entry = await readFile(join(folder, 'datasets', dataset, 'log', `${String(number).padStart(12, '0')}.json`));
    print(`${number} versions`);
    print(`  nothing new, at 4 versions           ${show(young)}`);
    print(`  nothing new, worker just started     ${show(first)}`);
    print(`  nothing new, the same worker         ${show(old)}`);
    print(`  a version takes                      ${entry.length} bytes`);
    print(`  dataset show                         ${show(await costOf(program('dataset', 'show', dataset)))}`);
  });
}

interface Place {
  readonly datasets: Datasets;
  /** The tenant's folder. */
  readonly folder: string;
  /** Adds conversations of one turn, whose texts the dataset has. */
  insert(count: number): void;
  /** Runs a curation. @returns what it cost the worker */
  curate(): Promise<Cost>;
  /** Replaces the worker by another one. */
  restart(): Promise<void>;
  program(...words: string[]): ChildProcess;
}

/** A dataset of a few conversations, and a worker. */
async function withDataset(measure: (place: Place) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ interactions: [] });
  let inserted = 0;
  const insert = (count: number) => {
    for (let index = 0; index < count; index++) {
      const text = utterances[index % utterances.length] ?? '';
      const timestamp = new Date().toISOString();
      const messages = [text, 'Let me look that up.'].map((each, by) => ({
        from: by === 0 ? 'user' : 'bot',
        text: each,
        timestamp,
      }));
      inserted += 1;
      sandbox.insert({ id: `b${inserted}`, timestamp, botId: 'bot', rating: 5, messages });
    }
  };
  await withRedis(async place => {
    const program = programs(place, sandbox, { LIMIT_INTERACTIONS: '500/s', LOG_LEVEL: 'info' });
    const folder = join(place.folder, 'artifacts', 'default');
    let worker = program('worker');
    await heard(worker, 'working');
    const curate = async () => {
      const before = await usedBy(worker);
      summary.parse(JSON.parse(await output(program('curate', '--dataset', dataset, '--wait', '--json'))));
      const after = await usedBy(worker);
      return { cpu: after.cpu - before.cpu, peak: after.peak };
    };
    insert(utterances.length);
    await curate();
    await measure({
      datasets: openDatasets(openFileStore(folder)),
      folder,
      insert,
      curate,
      program,
      async restart() {
        worker.kill('SIGKILL');
        worker = program('worker');
        await heard(worker, 'working');
      },
    });
    worker.kill('SIGKILL');
  });
  await sandbox.close();
}

/** Commits a version with a part of `rows` synthetic rows. */
async function addRows(datasets: Datasets, rows: number): Promise<void> {
  const { number, entry } = await datasets.version(dataset);
  const vectors = new Float32Array(rows * dimension);
  fillSynthetic(vectors, dimension);
  const file = async (kind: 'kept' | 'removed' | 'vectors' | 'taken', content: Uint8Array) =>
    await datasets.writeFile(dataset, kind, content);
  const ids = Array.from({ length: rows }, (_, row) => `s${row}`);
  const row = (id: string) => [id, entry.watermark, 'bot', 5, `synthetic ${id}`, 'reply'];
  const part = {
    run: 'bench.synthetic',
    firstGroup: entry.nextGroup,
    keptCount: rows,
    removedCount: 0,
    takenCount: rows,
    kept: await file('kept', jsonLines(ids.map(row))),
    removed: await file('removed', Buffer.alloc(0)),
    vectors: await file('vectors', bytesOf(vectors)),
    taken: await file('taken', claimedIdsContent(ids)),
  };
  await datasets.commit(number, { ...entry, parts: [...entry.parts, part], nextGroup: entry.nextGroup + rows });
}

/** Appends versions as runs without new rows do. */
async function addQuietVersions(datasets: Datasets, count: number): Promise<void> {
  let { number, entry } = await datasets.version(dataset);
  for (let added = 0; added < count; added++) {
    const next: Manifest = { ...entry, watermark: new Date(Date.parse(entry.watermark) + 1).toISOString() };
    await datasets.commit(number, next);
    [number, entry] = [number + 1, next];
  }
}

/** What a process has used so far, with all its threads. */
async function usedBy({ pid }: ChildProcess): Promise<Cost> {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  );
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpu: ticks / 100, peak: Number(/VmHWM:\s+(\d+) kB/.exec(status ?? '')?.[1] ?? 0) / 1024 };
}

/** What a program used until shortly before its end. */
async function costOf(child: ChildProcess): Promise<Cost> {
  let used: Cost = { cpu: 0, peak: 0 };
  const sampling = setInterval(() => {
    void usedBy(child).then(now => {
      if (now.cpu > used.cpu) used = now;
    });
  }, 20);
  await output(child);
  clearInterval(sampling);
  return used;
}

function show({ cpu, peak }: Cost): string {
  return `${cpu.toFixed(2)} s CPU, peak ${peak.toFixed(0)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
