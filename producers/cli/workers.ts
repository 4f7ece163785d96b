import { startRequest } from '../../jobs/flows/start-request.ts';
import type { App } from '../../src/app/app.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { commandLine } from './called-as.ts';
import { printJson } from './json-result.ts';
import { print, say } from './terminal.ts';
import { userName } from './user-name.ts';

/** Starts workers in this process for those of `queues` that have none. */
export async function bringWorkers(app: App, queues: readonly string[]): Promise<void> {
  const counts = await Promise.all(queues.map(name => app.queues.countWorkers(name)));
  const idle = queues.filter((_, index) => counts[index] === 0);
  if (idle.length > 0) await app.startWorkers(idle);
  reportPauses(app, queues);
}

const pausesEveryMs = 5_000;

/** Says from now on when one of the queues is paused, as often as it happens. */
function reportPauses({ queues }: Pick<App, 'queues'>, names: readonly string[]): void {
  const reported = new Set<string>();
  async function look(): Promise<void> {
    for (const name of names) {
      const isPaused = await queues.isPaused(name);
      if (isPaused && !reported.has(name)) say(`the queue ${name} is paused: resume it on Bull Board`);
      if (isPaused) reported.add(name);
      else reported.delete(name);
    }
  }
  // While Redis is unavailable nothing is known of pauses.
  const looks = () => void look().catch(() => undefined);
  looks();
  setInterval(looks, pausesEveryMs).unref();
}

/** Prints a note if the queue has no worker. @param consequence what this means for the caller */
export async function sayWithoutWorkers(
  { queues }: Pick<App, 'queues'>,
  queue: string,
  consequence = `the job waits until one is started: ${commandLine('worker')}`,
): Promise<void> {
  if ((await queues.countWorkers(queue)) === 0) say(`no worker is running: ${consequence}`);
}

/** Enqueues a request's first job and prints its id, for a command that does not wait for the end. */
export async function enqueueAndPrint(
  app: App,
  spec: JobSpec,
  { json, consequence }: { readonly json?: boolean | undefined; readonly consequence?: string },
): Promise<void> {
  await startRequest(app, spec, { by: userName() });
  if (json === true) printJson({ id: spec.id, queue: spec.queue });
  else print(`enqueued ${spec.id} in ${spec.queue}`);
  await sayWithoutWorkers(app, spec.queue, consequence);
}
