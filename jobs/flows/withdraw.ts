import type { App } from '../../src/app/app.ts';

const waitingStates = ['waiting', 'prioritized', 'delayed'] as const;
const chunk = 1_000;

/** Takes the job out of its queue while nobody works on it. */
export async function withdrawJob({ queues }: Pick<App, 'queues'>, name: string, id: string): Promise<void> {
  const queue = queues.queue(name);
  const state = await queue.getJobState(id);
  // One that a worker has just taken is not removed: it looks whether it is wanted by itself.
  if (waitingStates.some(each => each === state)) await queue.remove(id);
}

/** Takes the jobs of a run out of a queue while nobody works on them. */
export async function withdrawRun({ queues }: Pick<App, 'queues'>, name: string, run: string): Promise<void> {
  const queue = queues.queue(name);
  const unwanted: string[] = [];
  for (let start = 0; ; start += chunk) {
    const jobs = await queue.getJobs([...waitingStates], start, start + chunk - 1);
    for (const job of jobs) if (job?.data?.run === run && job.id !== undefined) unwanted.push(job.id);
    if (jobs.length === 0) break;
  }
  for (const id of unwanted) await queue.remove(id);
}
