import { randomUUID } from 'node:crypto';
import { trainingSpec } from '../jobs/flows/training/request.ts';
import { registry } from '../jobs/registry.ts';
import { openApp } from '../src/app/app.ts';
import { readConfig } from '../src/config/config.ts';
import { pollInterval } from '../src/domain/skill-training/waits.ts';
import { openLogger } from '../src/logger.ts';
import { readTrainingJob } from '../src/platform/endpoints.ts';
import { bullQueue } from '../src/runtime/queues.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { environment, heard, programs } from './programs.ts';
import { median, withRedis } from './temporary-redis.ts';

const trainings = 500;
/** Answers of each training: intervals of 2, 3, 4.5 … s. */
const polls = 6;
const limits = { LIMIT_SUBMIT: '300/s', LIMIT_POLL: '300/s' };

/** 500 trainings polled by one worker: checks that each is polled when it is due and not earlier. */
export async function polling(): Promise<void> {
  const perSecond = { count: 300, perMs: 1_000 };
  const sandbox = await startSandbox({
    interactions: [],
    limits: { SUBMIT: perSecond, POLL: perSecond },
    training: { seconds: 3_600, atOnce: trainings },
  });
  await withRedis(async place => {
    const config = readConfig(environment(place, sandbox, limits), registry);
    const app = await openApp(config, openLogger('silent'));
    const data = { utterances: [{ text: 'x', label: 'x', language: 'en' }], labels: [{ id: 'x', name: 'x' }] };
    const upload = await app.uploads.take('bench.json', chunk(JSON.stringify(data)));
    await app.queues.enqueue(
      Array.from({ length: trainings }, () =>
        trainingSpec({
          tenant: config.tenant.key,
          request: randomUUID(),
          skillId: 'bench',
          data: upload.ref,
          source: { kind: 'file', name: 'bench.json' },
          downsample: null,
          maxPolls: polls,
          by: 'bench',
        }),
      ),
      { restart: 'failed' },
    );
    const worker = programs(place, sandbox, limits)('worker', '--queues', 'poll-training');
    await heard(worker, 'working');
    const queue = bullQueue(app.queues, 'poll-training');
    while ((await queue.getFailedCount()) < trainings) await new Promise(resolve => setTimeout(resolve, 500));
    worker.kill('SIGKILL');
    await app.close();
  });
  await sandbox.close();
  report(sandbox);
}

async function* chunk(text: string) {
  yield Buffer.from(text);
}

function report({ requests }: Sandbox): void {
  const head = readTrainingJob.path.replace('{jobId}', '');
  const asked = requests.filter(({ method, path }) => method === 'GET' && path.startsWith(head));
  const times = new Map<string, number[]>();
  for (const { path, at } of asked) times.set(path, [...(times.get(path) ?? []), Date.parse(at)]);
  const intervals = [...times.values()].flatMap(all =>
    all.flatMap((at, index) => {
      const before = all[index - 1];
      return before === undefined ? [] : [{ ms: at - before, due: pollInterval(index) }];
    }),
  );
  const refused = asked.filter(({ status }) => status === 429).length;
  const ratios = intervals.map(({ ms, due }) => ms / due).sort((one, other) => one - other);
  const shortest = intervals.reduce((least, { ms }) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  const early = intervals.filter(({ ms, due }) => ms < due).length;
  process.stdout.write(
    [
      `polling: ${times.size} trainings, ${asked.length} polls, concurrency 5, limits 300/s, one worker process`,
      `  shortest interval          ${shortest} ms (aim: not under 2000)`,
      `  shorter than is due        ${early} of ${intervals.length} (aim: none)`,
      `  interval by what is due    median ${median(ratios).toFixed(3)} (aim 1.2), 99 % ${at(ratios, 0.99).toFixed(3)}, longest ${at(ratios, 1).toFixed(3)}`,
      `  answered 429               ${refused} (aim 0)`,
      '',
    ].join('\n'),
  );
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
