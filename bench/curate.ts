import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { loadCorpus } from '../src/sandbox/corpus/load.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { heard, output, programs } from './programs.ts';
import { withRedis } from './temporary-redis.ts';

const data = resolve(process.env.BENCH_DATA ?? '../shared/data');
const limit = '50/s';
const summary = z.object({
  runId: z.string(),
  dataset: z.string(),
  interactions: z.number(),
  turns: z.number(),
  kept: z.number(),
});

/** All real conversations from the platform to the committed dataset, by one worker process: time a stage, memory a process. */
export async function curate(): Promise<void> {
  const names = (await readdir(data)).filter(name => name.startsWith('interactions_'));
  const corpus = await loadCorpus(names.map(name => join(data, name)));
  const sandbox = await startSandbox({ corpus, limits: { INTERACTIONS: { count: 50, perMs: 1_000 } } });
  await withRedis(async place => {
    const start = programs(place, sandbox, { LIMIT_INTERACTIONS: limit });
    const worker = start('worker');
    await heard(worker, 'working');
    const client = start('curate', '--dataset', 'bench', '--wait', '--json');
    const peak = { worker: 0, client: 0 };
    const sampling = setInterval(() => {
      void peakOf(client).then(kilobytes => {
        peak.client = Math.max(peak.client, kilobytes);
      });
    }, 500);
    const result = summary.parse(JSON.parse(await output(client)));
    clearInterval(sampling);
    peak.worker = await peakOf(worker);
    worker.kill('SIGKILL');
    report(result, await stages(join(place.folder, 'artifacts'), result), peak);
  });
  await sandbox.close();
}

function report(
  result: z.infer<typeof summary>,
  spans: readonly (readonly [string, number])[],
  peak: { worker: number; client: number },
): void {
  const { interactions, turns, kept } = result;
  const total = spans.reduce((sum, [, seconds]) => sum + seconds, 0);
  process.stdout.write(
    [
      `curate: ${interactions} interactions, ${turns} turns, ${kept} kept, limit ${limit}, one worker process`,
      ...spans.map(([stage, seconds]) => `  ${stage.padEnd(32)} ${seconds.toFixed(1)} s`),
      `  ${'in all'.padEnd(32)} ${total.toFixed(1)} s`,
      `  peak RSS, worker             ${Math.round(peak.worker / 1024)} MB`,
      `  peak RSS, client             ${Math.round(peak.client / 1024)} MB`,
      '',
    ].join('\n'),
  );
}

/** When each stage ended, by the artifacts that it left. */
async function stages(
  artifacts: string,
  { runId, dataset }: z.infer<typeof summary>,
): Promise<(readonly [string, number])[]> {
  const [tenant = ''] = await readdir(artifacts);
  const run = join(artifacts, tenant, 'runs', runId);
  const ends = [
    await latest(join(run, 'run.json')),
    await latest(join(run, 'pages'), join(run, 'turns')),
    await latest(join(run, 'vectors')),
    await latest(join(run, 'plan.json')),
    await latest(join(artifacts, tenant, 'datasets', dataset, 'log')),
  ];
  const names = ['fetch, extract, begin to embed', 'embed the rest', 'gather and plan', 'remove duplicates, commit'];
  return names.map((name, index) => [name, ((ends[index + 1] ?? 0) - (ends[index] ?? 0)) / 1000] as const);
}

async function latest(...places: string[]): Promise<number> {
  let newest = 0;
  for (const place of places) {
    const info = await stat(place);
    const files = info.isDirectory() ? (await readdir(place)).map(name => join(place, name)) : [place];
    for (const file of files) newest = Math.max(newest, (await stat(file)).mtimeMs);
  }
  return newest;
}

/** The most memory that a process ever held, in kB; 0 once it has gone. */
async function peakOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
}
