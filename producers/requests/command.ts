import { setTimeout as pause } from 'node:timers/promises';
import { Argument, Command, Option } from 'commander';
import { failureOfWork } from '../../jobs/errors.ts';
import { cancelRequest } from '../../jobs/flows/cancel-request.ts';
import { findRequest, type KnownRequest } from '../../jobs/flows/find-request.ts';
import { listRequests, mostPerPage, requestKinds, requestStates } from '../../jobs/flows/list-requests.ts';
import { type RequestOverview, requestOverviewOf } from '../../jobs/flows/request-overview.ts';
import type { App } from '../../src/app/app.ts';
import type { RequestFilter } from '../../src/domain/request/listed-request.ts';
import { MlopsError } from '../../src/errors.ts';
import { cancelledCode } from '../../src/runtime/failure-reason.ts';
import { withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { print, progressLine, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { describeOverview, describeProgress, requestGrid } from './show.ts';

interface ListFlags {
  readonly kind?: string;
  readonly state?: RequestFilter['state'];
  readonly dataset?: string;
  readonly since?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

interface Flags {
  readonly json?: boolean;
}

const id = () => new Argument('<id>', 'Id of the request, as printed when it was enqueued');

export function requestsCommand(): Command {
  return new Command('requests')
    .addCommand(
      new Command('list')
        .description('List requests, newest first')
        .addOption(new Option('--kind <kind>', 'Only requests of this kind').choices(requestKinds))
        .addOption(
          new Option('--state <state>', 'Only requests in this state; open: waiting or running').choices(requestStates),
        )
        .option('--dataset <name>', 'Only requests for this dataset')
        .option('--since <iso>', 'Only requests made at this time or later', option.since)
        .option('--limit <n>', 'Requests per page', pageLimit, 20)
        .option('--cursor <cursor>', 'Show the next page; the cursor is printed below each page')
        .option('--json', 'Print the result as JSON')
        .action(async (flags: ListFlags) => await withApp('silent', app => list(app, flags))),
    )
    .addCommand(
      new Command('show')
        .description('Show state, progress and result of a request')
        .addArgument(id())
        .option('--json', 'Print the result as JSON')
        .action(async (id: string, { json }: Flags) => await withApp('silent', app => show(app, id, json === true))),
    )
    .addCommand(
      new Command('watch')
        .description('Show the progress of a request until it ends')
        .addArgument(id())
        .option('--json', 'Print the result as JSON')
        .action(async (id: string, { json }: Flags) => {
          const signal = interruption();
          await withApp('silent', app => watch(app, id, json === true, signal));
        }),
    )
    .addCommand(
      new Command('cancel')
        .description('Cancel a request: remaining work is not started, effects so far are not reverted')
        .addArgument(id())
        .option('--json', 'Print the result as JSON')
        .action(async (id: string, { json }: Flags) => await withApp('silent', app => cancel(app, id, json === true))),
    );
}

function pageLimit(text: string): number {
  return option.within(1, mostPerPage)(text);
}

async function list(app: App, { kind, state, dataset, since, limit, cursor, json }: ListFlags): Promise<void> {
  const page = await listRequests(app, {
    limit,
    cursor,
    ...(kind === undefined ? {} : { kind }),
    ...(state === undefined ? {} : { state }),
    ...(dataset === undefined ? {} : { subject: dataset }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
  });
  if (json === true) return printJson(page);
  if (page.requests.length > 0) print(requestGrid(page.requests));
  else if (page.next === null) say('no requests');
  if (page.next !== null) say(`more: --cursor ${page.next}`);
}

async function show(app: App, id: string, json: boolean): Promise<void> {
  const overview = await overviewOf(app, id);
  if (json) printJson(overview);
  else print(describeOverview(overview));
}

const lookEveryMs = 500;

/** @throws MlopsError the failure; the signal's reason */
async function watch(app: App, id: string, json: boolean, signal: AbortSignal): Promise<void> {
  const line = progressLine();
  try {
    for (;;) {
      signal.throwIfAborted();
      const overview = await overviewOf(app, id);
      if (overview.finished !== null || (overview.state !== 'waiting' && overview.state !== 'running')) {
        line.end();
        return report(overview, json);
      }
      line.show(describeProgress(overview));
      await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    line.end();
  }
}

function report(overview: RequestOverview, json: boolean): void {
  if (json) printJson(overview);
  else print(describeOverview(overview));
  const { state, error } = overview;
  if (state === 'failed') throw failureOfWork(error ?? { code: 'INTERNAL', message: 'the reason was not recorded' });
  if (state === 'cancelled')
    throw failureOfWork({ code: cancelledCode, message: `the request ${overview.id} was cancelled` });
}

async function cancel(app: App, id: string, json: boolean): Promise<void> {
  const known = await knownRequest(app, id);
  refuseEnded(known, (await overviewOf(app, id)).state);
  const { status, goesOn } = await cancelRequest(app, known.flow, known, userName());
  refuseEnded(known, status.state);
  const overview = await overviewOf(app, id);
  if (json) printJson({ ...overview, goesOn });
  else print(status.state === 'cancelled' ? `cancelled ${id}` : `${id} is being cancelled`);
  if (!json) for (const note of goesOn) say(note);
}

function refuseEnded({ id }: KnownRequest, state: RequestOverview['state']): void {
  if (state === 'waiting' || state === 'running' || state === 'cancelled') return;
  throw new MlopsError('REQUEST_ENDED', `request ${id} has already ${state} and cannot be cancelled`, { field: 'id' });
}

async function knownRequest(app: App, id: string): Promise<KnownRequest> {
  const known = await findRequest(app, id);
  if (known === null)
    throw new MlopsError('REQUEST_NOT_FOUND', `request ${id.slice(0, 160)} was not found`, { field: 'id' });
  return known;
}

async function overviewOf(app: App, id: string): Promise<RequestOverview> {
  const overview = await requestOverviewOf(app, id);
  if (overview === null)
    throw new MlopsError('REQUEST_NOT_FOUND', `request ${id.slice(0, 160)} was not found`, { field: 'id' });
  return overview;
}
