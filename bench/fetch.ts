import { startSandbox } from '../src/sandbox/sandbox.ts';
import { heard, output, programs } from './programs.ts';
import { withRedis } from './temporary-redis.ts';

const pages = 300;
const limit = 50;
const processes = 3;

/** A run of 300 pages by three worker processes under one limit: how much of it they use, and how often they break it. */
export async function fetchPages(): Promise<void> {
  const sandbox = await startSandbox({
    interactions: Array.from({ length: pages * 200 }, (_, index) => ({
      id: `int_${index}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
      botId: 'bot_bench',
      rating: null,
      messages: [],
    })),
    limits: { INTERACTIONS: { count: limit, perMs: 1_000 } },
  });
  await withRedis(async place => {
    const start = programs(place, sandbox, { LIMIT_INTERACTIONS: `${limit}/s` });
    const workers = Array.from({ length: processes }, () => start('worker'));
    await Promise.all(workers.map(worker => heard(worker, 'working')));
    await output(start('curate', '--dataset', 'bench', '--wait'));
    for (const worker of workers) worker.kill('SIGKILL');
  });
  await sandbox.close();

  const asked = sandbox.requests.filter(request => request.path === '/api/v2/interactions');
  const refused = asked.filter(request => request.status === 429).length;
  const times = asked.map(request => Date.parse(request.at)).sort((a, b) => a - b);
  // The first answer opens the run; the limit is what holds from the second request to the last one.
  const [from = 0, to = 0] = [times[1], times.at(-1)];
  const used = (times.length - 2) / ((to - from) / 1000) / limit;
  process.stdout.write(
    [
      `fetch: ${asked.length} requests for ${pages} pages, limit ${limit}/s, ${processes} worker processes`,
      `  used share of the limit  ${used.toFixed(3)} (aim 0.97)`,
      `  answered 429             ${refused} (aim 0)`,
      '',
    ].join('\n'),
  );
}
