import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Command, Option } from 'commander';
import { failureOfWork } from '../../jobs/errors.ts';
import { extraction } from '../../jobs/flows/extraction/flow.ts';
import { type BatchSummary, type ExtractionRequest, textRequest } from '../../jobs/flows/extraction/request.ts';
import { batchRejects, batchResults } from '../../jobs/flows/extraction/results.ts';
import { extractionStatus } from '../../jobs/flows/extraction/status.ts';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import { watchRequest } from '../../jobs/flows/watch.ts';
import type { App } from '../../src/app/app.ts';
import { openStored } from '../../src/app/stored.ts';
import type { Config } from '../../src/config/config.ts';
import { readNormalization } from '../../src/config/entities.ts';
import type { BatchOptions, OnBadLine } from '../../src/domain/entity/batch.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { config, ensureStore, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { print, progressLine, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { bringWorkers, enqueueAndPrint } from '../cli/workers.ts';
import { type TypedOptions, takeDataset, takeFile, typedDefaults, typedRequest } from './command-input.ts';
import { openResultsFile, type ResultsFile } from './results-file.ts';
import { reviewCommand } from './review-command.ts';
import { describeProgress, describeResult, describeSummary } from './show.ts';

interface ExtractOptions extends TypedOptions {
  readonly text?: string;
  readonly file?: string;
  readonly fromDataset?: { readonly dataset: string; readonly version: number | undefined };
  readonly normalization?: string;
  readonly out?: string;
  readonly onBadLine: OnBadLine;
  readonly reuse?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

export function extractCommand(): Command {
  return (
    new Command('extract')
      .addCommand(reviewCommand())
      // Options behind `review` are its own.
      .enablePositionalOptions()
      .option('--text <text>', 'Extract from this text')
      .option(
        '--file <file>',
        'Extract from each line of a JSONL file ({text, id?, language?, …}); - for standard input',
      )
      .option(
        '--from-dataset <name>',
        'Extract from the utterances of a dataset: NAME or NAME@VERSION',
        option.datasetVersion,
      )
      .option('--language <tag>', 'en-US, en-GB, de-DE, es-ES or fr-FR (en-US)')
      .option('--types <names>', 'Entity types, comma-separated, 1 to 10 (product,date,intent)')
      .option('--threshold <x>', 'Lowest confidence of an entity, 0 to 1 (0.75)')
      .option('--time-zone <zone>', 'IANA time zone of dates (UTC)')
      .option('--reference-time <iso>', 'What "yesterday" refers to, with an offset (default: now)')
      .addOption(new Option('--prefer <side>', 'Which day a bare weekday means: past or future'))
      .option('--normalization <file>', 'JSON file of synonyms and allowed intents (default: ENTITY_NORMALIZATION)')
      .option('--out <file>', 'Write the results of a batch to this file, as JSONL (default: standard output)')
      .addOption(
        new Option('--on-bad-line <action>', 'Invalid lines: stop before anything is enqueued, or skip them')
          .choices(['stop', 'skip'])
          .default('stop'),
      )
      .option('--reuse', 'If the same batch was done before, return its results')
      .option('--wait', 'Show progress until it is done, then the results')
      .option('--json', 'Print the result of a text, or the counts of a batch, as JSON')
      .action(async (options: ExtractOptions) => await extract(options))
  );
}

async function extract(options: ExtractOptions): Promise<void> {
  refuseContradictions(options);
  const settings = withTable(config(), options);
  const request = options.text === undefined ? null : typedRequest(options.text, options, settings.entities.maxTextKb);
  const defaults = typedDefaults(request === null ? options : {});
  proveAccess(settings, extraction);
  const signal = interruption();
  const out = options.out === undefined ? null : await openResultsFile(options.out);
  const parameters =
    request === null
      ? await batchRequest(options, defaults, settings)
      : await textRequest(request, { ...(await readyStore(settings)), config: settings });
  const token = randomUUID();
  const spec = extraction.start({
    tenant: settings.tenant.key,
    token,
    by: userName(),
    parameters: extraction.parameters.parse(parameters),
  });
  await withApp('silent', async app => {
    if (options.wait !== true) return await enqueueAndPrint(app, spec, options);
    await follow(app, spec, options, out, signal);
  });
}

function refuseContradictions({ text, file, fromDataset, out, wait, reuse }: ExtractOptions): void {
  const sources = [text, file, fromDataset].filter(source => source !== undefined);
  const refuse = (message: string, field: string) => {
    throw new MlopsError('BAD_INPUT', message, { field });
  };
  if (sources.length !== 1) refuse('specify one of --text, --file and --from-dataset', 'text');
  if (text !== undefined && out !== undefined) refuse('--out is for --file and --from-dataset', 'out');
  if (text !== undefined && reuse === true) refuse('--reuse is for --file and --from-dataset', 'reuse');
  if (out !== undefined && wait !== true)
    refuse('--out requires --wait: it is written when the results are there', 'out');
}

function withTable(settings: Config, { normalization: file }: ExtractOptions): Config {
  if (file === undefined) return settings;
  const normalization = readNormalization(file);
  if (typeof normalization === 'string') throw new MlopsError('BAD_INPUT', normalization, { field: 'normalization' });
  return { ...settings, entities: { ...settings.entities, normalization } };
}

async function readyStore(settings: Config) {
  const stored = openStored(settings);
  await ensureStore(stored.store);
  return stored;
}

async function batchRequest(
  { file = '-', fromDataset, onBadLine, reuse = false }: ExtractOptions,
  defaults: BatchOptions,
  settings: Config,
): Promise<ExtractionRequest> {
  const stored = await readyStore(settings);
  const { maxTextKb, normalization } = settings.entities;
  const terms = { options: defaults, onBadLine, maxTextKb };
  const upload =
    fromDataset === undefined ? await takeFile(file, stored, terms) : await takeDataset(fromDataset, stored, terms);
  const table = await stored.extractions.normalizations.write(normalization);
  return { kind: 'batch', ref: upload.ref, options: terms.options, onBadLine, reuse, normalization: table };
}

async function follow(
  app: App,
  spec: JobSpec,
  options: ExtractOptions,
  out: ResultsFile | null,
  signal: AbortSignal,
): Promise<void> {
  // Problems that keep workers from starting are reported before anything is enqueued.
  await bringWorkers(app, extraction.queues);
  await startRequest(app, spec, { by: userName() });
  const line = progressLine();
  const outcome = await watchRequest(
    app,
    spec,
    {
      status: async () => await extractionStatus(app, spec),
      show: progress => line.show(describeProgress(progress)),
      failed: async failure => failureOfWork(failure),
    },
    signal,
  ).finally(() => line.end());
  if ('requestId' in outcome) return await showBatch(app, spec, outcome, options, out);
  if (options.json === true) printJson(outcome);
  else print(describeResult(outcome));
}

async function showBatch(
  app: App,
  { id }: JobSpec,
  counts: BatchSummary,
  { out: path, json }: ExtractOptions,
  out: ResultsFile | null,
): Promise<void> {
  const results = await batchResults(app, id);
  const rejects = (await batchRejects(app, id)) ?? Buffer.alloc(0);
  if (results !== null && out !== null) await out.write(results, rejects);
  if (results !== null && out === null && json !== true)
    for await (const line of results) if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  const summary = path === undefined ? counts : { ...counts, out: path };
  if (json === true) printJson(summary);
  else say(describeSummary(summary));
  if (summary.failed === 0) return;
  throw new MlopsError(
    'RUN_FAILED',
    `${summary.failed.toLocaleString('en-US')} of ${summary.lines.toLocaleString('en-US')} lines failed; their results hold the error`,
  );
}
