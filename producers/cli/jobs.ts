import { Command, InvalidArgumentError } from 'commander';
import { failureCodes, remedyFor } from '../../jobs/errors.ts';
import { queueNames } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { MlopsError } from '../../src/errors.ts';
import { discardFailed, retryFailed, type Selection, selectFailed } from '../../src/operators/failed-work.ts';
import type { FailedJob } from '../../src/runtime/failed-jobs.ts';
import { withCommandLines } from './describe-error.ts';
import { withApp } from './environment.ts';
import { printJson } from './json-result.ts';
import { grid, print, say } from './terminal.ts';
import { userName } from './user-name.ts';

interface Flags extends Selection {
  readonly all?: boolean;
  readonly json?: boolean;
}

export function jobsCommand(): Command {
  return new Command('jobs')
    .addCommand(
      selecting('failed', 'List failures by queue and error code; with --queue or --code, list each job').action(
        async (flags: Flags) => await withApp('silent', app => listFailed(app, flags)),
      ),
    )
    .addCommand(
      selecting('retry', 'Retry failed jobs with a fresh set of attempts')
        .option('--id <id>', 'Only this job')
        .option('--all', 'All failed jobs')
        .action(async (flags: Flags) => {
          proveNamed(flags);
          await withApp('silent', app => retry(app, flags));
        }),
    )
    .addCommand(
      selecting('discard', 'Delete failed jobs')
        .option('--id <id>', 'Only this job')
        .option('--all', 'All failed jobs')
        .action(async (flags: Flags) => {
          proveNamed(flags);
          await withApp('silent', app => discard(app, flags));
        }),
    );
}

function selecting(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--queue <name>', 'Only jobs of this queue', queue)
    .option('--code <code>', 'Only jobs with this error code', failureCode)
    .option('--json', 'Print the result as JSON');
}

async function listFailed(app: App, { queue: name, code, json }: Flags): Promise<void> {
  const jobs = await selectFailed(app, { queue: name, code });
  const groups = grouped(jobs);
  if (json === true)
    return printJson({ groups, jobs: jobs.map(each => ({ ...shown(each), reason: each.reason, failedAt: at(each) })) });
  if (jobs.length === 0) return say('no failed jobs');
  print(
    grid(
      ['queue', 'code', 'jobs', 'newest', 'what to do'],
      groups.map(group => [group.queue, group.code, group.jobs, group.newest, withCommandLines(group.remedy)]),
    ),
  );
  if (name === undefined && code === undefined) return;
  print('');
  for (const each of jobs) print(plain(`${at(each)}  ${each.id}  ${each.reason}`));
}

async function retry(app: App, flags: Flags): Promise<void> {
  const jobs = await meant(app, flags);
  await retryFailed(app, jobs, userName());
  report('retried', jobs.length, jobs, flags);
}

async function discard(app: App, flags: Flags): Promise<void> {
  const jobs = await meant(app, flags);
  report('discarded', await discardFailed(app, jobs, userName()), jobs, flags);
}

/** @throws MlopsError BAD_INPUT without a selection */
function proveNamed({ queue: name, code, id, all }: Flags): void {
  const isNamed = name !== undefined || code !== undefined || id !== undefined;
  if (isNamed !== (all === true)) return;
  throw new MlopsError('BAD_INPUT', 'select jobs with --queue and --code (one or both), --id, or --all alone', {
    field: 'all',
  });
}

/** @throws MlopsError BAD_INPUT where the job was not found */
async function meant(app: App, { queue: name, code, id }: Flags): Promise<FailedJob[]> {
  const jobs = await selectFailed(app, { queue: name, code, id });
  if (id === undefined || jobs.length > 0) return jobs;
  throw new MlopsError('BAD_INPUT', `failed job ${id} not found. List failed jobs with \`jobs failed\``, {
    field: 'id',
  });
}

function report(deed: 'retried' | 'discarded', count: number, jobs: readonly FailedJob[], { json }: Flags): void {
  if (json === true) printJson({ [deed]: count, jobs: jobs.map(shown) });
  else print(count === 0 ? 'no failed jobs match' : `${deed}: ${count}`);
}

interface Group {
  readonly queue: string;
  readonly code: string;
  readonly jobs: number;
  readonly newest: string;
  readonly remedy: string;
}

function grouped(jobs: readonly FailedJob[]): Group[] {
  const kinds = new Map<string, FailedJob[]>();
  for (const job of jobs) {
    const kind = `${job.queue} ${job.code}`;
    const some = kinds.get(kind) ?? [];
    some.push(job);
    kinds.set(kind, some);
  }
  return [...kinds.values()].flatMap(some =>
    some.slice(0, 1).map(({ queue: name, code }) => ({
      queue: name,
      code,
      jobs: some.length,
      newest: new Date(some.reduce((newest, { failedAt }) => Math.max(newest, failedAt), 0)).toISOString(),
      remedy: remedyFor(code),
    })),
  );
}

const at = ({ failedAt }: FailedJob) => new Date(failedAt).toISOString();
const shown = ({ queue: name, id, code }: FailedJob) => ({ queue: name, id, code });

/** Ids and reasons may come from outside: control characters and line breaks are replaced. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function queue(text: string): string {
  if (queueNames.includes(text)) return text;
  throw new InvalidArgumentError(`Unknown queue. Known queues: ${queueNames.join(', ')}.`);
}

function failureCode(text: string): string {
  if (failureCodes.includes(text)) return text;
  throw new InvalidArgumentError(`Unknown code. Known codes: ${failureCodes.join(', ')}.`);
}
