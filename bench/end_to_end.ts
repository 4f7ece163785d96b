import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { loadCorpus } from '../src/sandbox/corpus/load.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { openFileStore } from '../src/store/artifacts/file-store.ts';
import { openRuns } from '../src/store/runs/runs.ts';
import { output, programs } from './programs.ts';
import { secondsByHand } from './sessions.ts';
import { withRedis } from './temporary-redis.ts';
import { evenly, userUtterances } from './utterances.ts';

const data = resolve(process.env.BENCH_DATA ?? '../shared/data');
const names = (process.env.BENCH_FILES ?? 'interactions_taskmaster_rated.jsonl,interactions_topicalchat.jsonl').split(
  ',',
);
/** Texts that the sessions run by hand embed: enough for a steady speed. */
const sampled = 2_000;

/**
 * `curate --wait` as a whole process, on an empty store, against the time that one inference session a core, run by hand,
 * takes for the distinct texts alone; and once more, with nothing new.
 */
export async function endToEnd(): Promise<void> {
  const corpus = await loadCorpus(names.map(name => join(data, name)));
  const sandbox = await startSandbox({ corpus, limits: { INTERACTIONS: { count: 2, perMs: 1_000 } } });
  await withRedis(async place => {
    const program = programs(place, sandbox, {});
    const curate = () => timed(program('curate', '--dataset', 'bench', '--wait', '--json'));
    const first = await curate();
    const second = await curate();
    const texts = await distinctTexts(join(place.folder, 'artifacts', 'default'));
    const sample = evenly(await userUtterances(data, new Set(names)), sampled);
    const speed = sample.length / (await secondsByHand(sample));
    const byHand = texts / speed;
    process.stdout.write(
      [
        `end-to-end: ${corpus.length} conversations, ${texts} distinct texts, limit 2 requests/s`,
        `  first run                                 ${first.toFixed(1)} s`,
        `  one session a core, by hand               ${byHand.toFixed(1)} s (${speed.toFixed(0)} texts/s)`,
        `  first run beyond 4 s, against by hand     ${((first - 4) / byHand).toFixed(2)} ×`,
        `  second run, nothing new                   ${second.toFixed(2)} s, ${(first / second).toFixed(0)} × faster`,
        '',
      ].join('\n'),
    );
  });
  await sandbox.close();
}

async function timed(child: ChildProcess): Promise<number> {
  const began = performance.now();
  await output(child);
  return (performance.now() - began) / 1000;
}

/** Texts that the dataset's first run embedded. */
async function distinctTexts(folder: string): Promise<number> {
  const runs = openRuns(openFileStore(folder));
  const [run = ''] = await runs.ofDataset('bench');
  const { pages } = await runs.embedded(run);
  const hashes = new Set<string>();
  for (const page of pages) for (const hash of (await runs.readVectors(run, page)).hashes) hashes.add(hash);
  return hashes.size;
}
