import { Command } from 'commander';
import { checkCuration, curationSpec } from '../../jobs/flows/curation/request.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import type { App } from '../../src/app/app.ts';
import { openStored } from '../../src/app/stored.ts';
import { hashModel } from '../../src/compute/embedding/embedder.ts';
import { vendoredModel } from '../../src/compute/embedding/model.ts';
import type { Config } from '../../src/config/config.ts';
import type { Manifest } from '../../src/domain/dataset/manifest.ts';
import type { CurationParameters, RunParameters } from '../../src/domain/run/run.ts';
import { windowStart } from '../../src/domain/run/window.ts';
import { interactionQuery, listInteractions, pageSize } from '../../src/platform/endpoints.ts';
import { waitOutLimits } from '../../src/platform/wait-out-limits.ts';
import { commandLine } from '../cli/called-as.ts';
import { config, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { print, table } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { enqueueAndPrint } from '../cli/workers.ts';
import { follow } from './follow.ts';

export interface CurateOptions {
  readonly dataset: string;
  readonly minRating?: number;
  readonly similarity?: number;
  readonly since?: string;
  readonly bot?: string[];
  readonly lookBack?: number;
  readonly ratingHorizon?: number;
  readonly ratingSweepEvery?: number;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** @param act receives the options; `schedule set` passes an action of its own */
export function curateCommand(act: (options: CurateOptions) => Promise<void> = curate): Command {
  return new Command('curate')
    .requiredOption('--dataset <name>', 'Dataset name (created if it doesn’t exist)', option.dataset)
    .option('--min-rating <n>', 'Lowest rating of a conversation, 1 to 5 (4)', option.minRating)
    .option('--similarity <x>', 'Remove turns with this cosine or more to a kept one (0.85)', option.similarity)
    .option('--since <iso>', 'Start of the first run’s window (default: all history)', option.since)
    .option('--bot <id...>', 'Only conversations of these bots')
    .option(
      '--look-back <duration>',
      'Re-read this much before the last watermark to catch late arrivals (10m)',
      option.duration,
    )
    .option(
      '--rating-horizon <duration>',
      'How long after a conversation its rating may still arrive; 0 = don’t look (72h)',
      option.duration,
    )
    .option('--rating-sweep-every <duration>', 'Minimum time between sweeps for late ratings (6h)', option.duration)
    .option('--dry-run', 'Show window, count and estimated time; enqueue nothing')
    .option('--wait', 'Show progress until it is done')
    .option('--json', 'Print the result as JSON')
    .action(async (options: CurateOptions) => await act(options));
}

const withoutWorkers = (dataset: string) =>
  `the job waits until one is started: ${commandLine('worker')}, or ${commandLine(`curate --dataset ${dataset} --wait`)}`;

async function curate(options: CurateOptions): Promise<void> {
  // Invalid input is rejected before anything is opened or enqueued.
  const settings = config();
  const { parameters, head, resolved } = await checkedCuration(options, settings);

  const signal = interruption();
  await withApp('silent', async app => {
    if (options.dryRun === true) return await dryRun(app, options, head, resolved, signal);
    const spec = curationSpec(settings.tenant.key, options.dataset, parameters);
    const { json } = options;
    if (options.wait !== true)
      return await enqueueAndPrint(app, spec, { json, consequence: withoutWorkers(options.dataset) });
    await startRequest(app, spec, { by: userName() });
    const summary = await follow(app, spec, { quiet: json === true }, signal);
    if (json === true) printJson(summary);
  });
}

/** The requested parameters and their effect on the current dataset. @throws the errors of `checkCuration` */
export async function checkedCuration(options: CurateOptions, settings: Config) {
  const parameters = parametersOf(options);
  const { datasets, modelHashes } = openStored(settings);
  const modelHash = async () => await hashModel(settings.modelPath ?? vendoredModel(), modelHashes);
  const checked = await checkCuration(
    { config: settings, datasets, modelHash },
    { dataset: options.dataset, ...parameters },
  );
  return { parameters, ...checked };
}

function parametersOf(options: CurateOptions): CurationParameters {
  const { minRating, similarity, since, bot, lookBack, ratingHorizon, ratingSweepEvery } = options;
  return {
    ...(minRating === undefined ? {} : { minRating }),
    ...(similarity === undefined ? {} : { similarity }),
    ...(since === undefined ? {} : { since }),
    ...(bot === undefined ? {} : { bots: bot }),
    ...(lookBack === undefined ? {} : { lookBackMs: lookBack }),
    ...(ratingHorizon === undefined ? {} : { ratingHorizonMs: ratingHorizon }),
    ...(ratingSweepEvery === undefined ? {} : { ratingSweepEveryMs: ratingSweepEvery }),
  };
}

/** Estimated from the total that a single request to the platform returns. */
async function dryRun(
  app: App,
  options: CurateOptions,
  head: Manifest | null,
  parameters: RunParameters,
  signal: AbortSignal,
): Promise<void> {
  const { cxone } = await app.resources();
  const { after, sweeps } = windowStart(head, parameters, Date.now());
  const { answer } = await waitOutLimits(
    () => cxone.ask(listInteractions, { query: interactionQuery(1, after), isTrial: true }, signal),
    signal,
  );
  const { count, perMs } = app.config.limits.INTERACTIONS;
  const pages = Math.max(1, Math.ceil(answer.totalCount / pageSize));
  const seconds = Math.ceil((pages * perMs) / count / 1000);
  const result = {
    dataset: options.dataset,
    after,
    interactions: answer.totalCount,
    pages,
    seconds,
    sweepsLateRatings: sweeps,
  };
  if (options.json === true) return printJson(result);
  print(
    table([
      ['dataset', `${options.dataset}${head === null ? ' (new)' : ''}`],
      ['newer than', after ?? 'all history'],
      ['late ratings', sweeps ? 'sweep due' : 'no sweep due'],
      ['interactions', answer.totalCount],
      ['pages', pages],
      ['fetching takes', `${seconds} s at ${count} requests per ${perMs / 1000} s`],
    ]),
  );
}
