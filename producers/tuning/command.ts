import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { computeRoc, type PushTerms } from '../../jobs/compute-roc/job.ts';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import { tuning as tuningFlow } from '../../jobs/flows/tuning/flow.ts';
import {
  appliedVersion,
  pushesBefore,
  pushSpec,
  type TuningRequest,
  tuningDifference,
  tuningResult,
  tuningSpec,
} from '../../jobs/flows/tuning/request.ts';
import { watchJob } from '../../jobs/flows/watch.ts';
import { pushConfig } from '../../jobs/push-config/job.ts';
import type { App } from '../../src/app/app.ts';
import { openStored } from '../../src/app/stored.ts';
import type { Difference } from '../../src/domain/push/difference.ts';
import { tuningParameters } from '../../src/domain/roc/result.ts';
import type { Tuning } from '../../src/domain/roc/tuning.ts';
import { MlopsError } from '../../src/errors.ts';
import { checkedExport } from '../../src/store/cv-export/checked-export.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import { config, ensureStore, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { openReportFolder } from '../cli/report-folder.ts';
import { type ProgressLine, print, progressLine, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { bringWorkers, enqueueAndPrint } from '../cli/workers.ts';
import { describeDifference, describeTuning, lookAlikeWarnings } from './show.ts';

interface TuneOptions {
  readonly csv: string;
  readonly maxFpr?: number;
  readonly maxFprConfidence?: boolean;
  readonly bootstrap?: number;
  readonly seed?: number;
  readonly minPositives?: number;
  readonly minNegatives?: number;
  readonly report?: string;
  readonly push?: boolean;
  readonly maxChange: number;
  readonly force?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

export function tuneCommand(): Command {
  return new Command('tune')
    .requiredOption('--csv <file>', 'Export with intent_id, actual_label, predicted_confidence; plain or gzip')
    .option('--max-fpr <x>', 'Highest false positive rate of a threshold (0.15)', option.fraction)
    .option('--max-fpr-confidence', 'Apply --max-fpr to the upper 95 % confidence bound')
    .option(
      '--bootstrap <n>',
      'Bootstrap resamples for threshold confidence intervals (default: off)',
      option.wholeNumber,
    )
    .option('--seed <n>', 'Seed of the resamples (1)', option.wholeNumber)
    .option('--min-positives <n>', 'Do not push intents with fewer positive samples (5)', option.wholeNumber)
    .option('--min-negatives <n>', 'Do not push intents with fewer negative samples (5)', option.wholeNumber)
    .option('--report <dir>', 'Write the report (HTML and JSON) to this folder')
    .option('--push', 'Set the thresholds in the tenant')
    .option('--max-change <x>', 'Refuse to push if a threshold in force would change by more', option.fraction, 0.2)
    .option('--force', 'Push whatever the change')
    .option('--wait', 'With --push: show progress until it is pushed (a dry run always waits)')
    .option('--json', 'Print the result as JSON')
    .action(async (options: TuneOptions) => await tune(options));
}

async function tune(options: TuneOptions): Promise<void> {
  const parameters = option.checked(tuningParameters, given(options));
  const waits = options.wait === true || options.push !== true;
  if (!waits && options.report !== undefined)
    throw new MlopsError(
      'BAD_INPUT',
      '--report with --push requires --wait: the report is written when the result is available',
      {
        field: 'report',
      },
    );
  const settings = config();
  proveAccess(settings, tuningFlow);

  const signal = interruption();
  const upload = await takeExport(options.csv, settings, signal);
  const terms: PushTerms | null =
    options.push === true ? { maxChange: options.force === true ? null : options.maxChange } : null;
  const request: TuningRequest = {
    tenant: settings.tenant.key,
    tuning: upload.ref,
    csv: upload.ref,
    parameters,
    push: terms,
    by: userName(),
  };
  await withApp('silent', async app => {
    if (waits) await tuneAndShow(app, request, options, signal);
    else await enqueueAndPrint(app, tuningSpec(request), options);
  });
}

function given({ maxFpr, maxFprConfidence, bootstrap, seed, minPositives, minNegatives }: TuneOptions) {
  const all = { maxFpr, maxFprConfidence, bootstrap, seed, minPositives, minNegatives };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The export as an upload. It is validated while it is stored; an invalid export is not kept. */
async function takeExport(
  file: string,
  settings: Parameters<typeof openStored>[0],
  signal: AbortSignal,
): Promise<Upload> {
  const { store, uploads } = openStored(settings);
  await ensureStore(store);
  return await uploads.take(basename(file), checkedExport(bytesOf(file), file, { signal }));
}

/** Opened lazily: an error before the first read would be unhandled. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file);
}

async function tuneAndShow(app: App, request: TuningRequest, options: TuneOptions, signal: AbortSignal): Promise<void> {
  const folder = options.report === undefined ? null : await openReportFolder(options.report);
  // Problems that keep workers from starting are reported before anything is enqueued.
  await bringWorkers(app, [computeRoc.name, ...(request.push === null ? [] : [pushConfig.name])]);
  const spec = tuningSpec(request);
  await startRequest(app, spec, { by: userName() });
  const line = progressLine();
  const show = (progress: unknown) => line.show(describeProgress(progress));
  try {
    const tuning = await watchJob(app, spec, () => reported(app, request.tuning), show, signal);
    line.end();
    const before = pushesBefore((await app.pushes.read()).pushes, request.tuning);
    for (const warning of lookAlikeWarnings(tuning)) say(warning);
    if (options.json !== true) showTuning(tuning, tuningDifference(tuning, before), options);
    const version = request.push === null ? null : await pushed(app, request, request.push, line, signal);
    line.end();
    if (options.json === true) printJson(tuningResult(tuning, before, version));
    else if (version !== null) print(`pushed as version ${version}`);
    await folder?.write({
      [`tuning-${tuning.tuning}.html`]: await app.tunings.report(tuning.tuning),
      [`tuning-${tuning.tuning}.json`]: `${JSON.stringify(tuning)}\n`,
    });
  } finally {
    line.end();
  }
}

/** The tuning, once its report is stored too (it is written after the tuning). */
async function reported({ tunings }: App, id: string): Promise<Tuning | null> {
  return (await tunings.hasReport(id)) ? await tunings.result(id) : null;
}

function showTuning(tuning: Tuning, difference: Difference | null, { push }: TuneOptions): void {
  print(describeTuning(tuning));
  print(
    difference === null
      ? 'nothing to push: no intent has a threshold that can be pushed'
      : describeDifference(difference),
  );
  if (push !== true && difference !== null) say('dry run: nothing was pushed. Add --push to push the thresholds');
}

/** @returns the version of the push */
async function pushed(
  app: App,
  request: TuningRequest,
  terms: PushTerms,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<number> {
  const spec = pushSpec(request, request.tuning, terms);
  const show = (progress: unknown) => line.show(describePush(progress));
  return await watchJob(app, spec, () => appliedVersion(app, spec.id), show, signal);
}

const waiting = z.object({ waitingForVersion: z.number() });

function describePush(progress: unknown): string {
  const other = waiting.safeParse(progress).data?.waitingForVersion;
  return other === undefined ? 'pushing' : `waiting until version ${other} can no longer arrive at the platform`;
}

const known = z.object({ stage: z.enum(['intents', 'reading', 'computing']), intents: z.number().optional() });

function describeProgress(progress: unknown): string {
  const { stage, intents = 0 } = known.safeParse(progress).data ?? {};
  switch (stage) {
    case 'intents':
      return 'reading the tenant’s intents';
    case 'reading':
      return 'reading the export';
    case 'computing':
      return `computing: ${intents.toLocaleString('en-US')} intents`;
    case undefined:
      return 'waiting for a worker';
  }
}
