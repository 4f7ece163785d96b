import { Command, Option } from 'commander';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import { training } from '../../jobs/flows/training/flow.ts';
import {
  findPatient,
  modelOf,
  recoverySpec,
  trainingSpec,
  trainingSummary,
} from '../../jobs/flows/training/request.ts';
import { watchJob } from '../../jobs/flows/watch.ts';
import type { App } from '../../src/app/app.ts';
import { openStored } from '../../src/app/stored.ts';
import type { Config } from '../../src/config/config.ts';
import { checkTrainingData } from '../../src/domain/skill-training/check-training-data.ts';
import { type Downsampled, downsample } from '../../src/domain/skill-training/downsample.ts';
import { describeStray } from '../../src/domain/skill-training/evaluation.ts';
import { shownName } from '../../src/domain/skill-training/look-alikes.ts';
import { skillId } from '../../src/domain/skill-training/payload.ts';
import { quoted, refusal } from '../../src/domain/skill-training/problem.ts';
import { defaultMaxPolls } from '../../src/domain/skill-training/waits.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import { config, ensureStore, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { openReportFolder } from '../cli/report-folder.ts';
import { print, progressLine, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { bringWorkers, enqueueAndPrint } from '../cli/workers.ts';
import { type GivenData, labelDataset, readTrainingFile } from './command-data.ts';
import { describeModel, describeTraining } from './show-model.ts';

interface TrainOptions {
  readonly skill?: string;
  readonly data?: string;
  readonly dataset?: ReturnType<typeof option.datasetVersion>;
  readonly labels?: string;
  readonly balance?: 'downsample';
  readonly seed: number;
  readonly maxPolls: number;
  readonly attach?: string;
  readonly resubmit?: boolean;
  readonly request?: string;
  readonly report?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

export function trainCommand(): Command {
  return new Command('train')
    .option('--skill <id>', 'Skill to train', text => option.checked(skillId, text))
    .option('--data <file>', 'Training data: JSON with utterances and labels; plain or gzip')
    .option('--dataset <name>', 'Train on a curated dataset instead: NAME or NAME@VERSION', option.datasetVersion)
    .option('--labels <file>', 'With --dataset: CSV with the columns utterance and label; plain or gzip')
    .addOption(new Option('--balance <how>', 'Downsample over-represented labels').choices(['downsample']))
    .option('--seed <n>', 'Seed for --balance (1)', option.wholeNumber, 1)
    .option('--max-polls <n>', 'Give up after this many status checks', option.wholeNumber, defaultMaxPolls)
    .option('--attach <jobId>', 'Resume tracking a platform job, e.g. after a timeout')
    .option('--resubmit', 'Submit again although it may have been submitted before')
    .option('--request <id>', 'With --attach or --resubmit: the request')
    .option('--report <dir>', 'With --wait: write the report to this folder')
    .option('--wait', 'Show progress until the model is registered')
    .option('--json', 'Print the result as JSON')
    .action(async (options: TrainOptions) => await train(options));
}

async function train(options: TrainOptions): Promise<void> {
  const settings = config();
  proveAccess(settings, training);
  if (options.report !== undefined && options.wait !== true)
    throw new MlopsError('BAD_INPUT', '--report requires --wait: the report is written when the model is registered', {
      field: 'report',
    });
  const signal = interruption();
  const { spec, request } =
    options.attach !== undefined || options.resubmit === true
      ? await recoveryOf(options, settings)
      : await requestTraining(options, settings);
  await withApp('silent', async app => {
    if (options.wait === true) return await follow(app, spec, request, options, signal);
    await enqueueAndPrint(app, spec, options);
  });
}

interface Requested {
  readonly spec: JobSpec;
  readonly request: string;
}

async function recoveryOf(
  { attach, resubmit, request, skill, maxPolls }: TrainOptions,
  settings: Config,
): Promise<Requested> {
  if (attach !== undefined && resubmit === true)
    throw new MlopsError('BAD_INPUT', '--attach and --resubmit cannot be combined', { field: 'resubmit' });
  const patient = await findPatient(openStored(settings), { request, skillId: skill, attach: attach ?? null });
  const recovery = {
    tenant: settings.tenant.key,
    request: patient,
    attach: attach ?? null,
    maxPolls,
    by: userName(),
  };
  return { spec: recoverySpec(recovery), request: patient };
}

async function requestTraining(options: TrainOptions, settings: Config): Promise<Requested> {
  const { skill, balance, seed, maxPolls } = options;
  if (skill === undefined) throw new MlopsError('BAD_INPUT', '--skill is required', { field: 'skill' });
  const given = await givenData(options, settings);
  for (const note of given.notes) say(note);
  refuseProblems(given, balance === undefined ? null : seed);
  const upload = await takeData(given, settings);
  const spec = trainingSpec({
    tenant: settings.tenant.key,
    request: upload.ref,
    skillId: skill,
    data: upload.ref,
    source: given.source,
    downsample: balance === undefined ? null : { seed },
    maxPolls,
    by: userName(),
  });
  return { spec, request: upload.ref };
}

async function givenData({ data, dataset, labels }: TrainOptions, settings: Config): Promise<GivenData> {
  if (data !== undefined && dataset === undefined) return await readTrainingFile(data);
  if (data === undefined && dataset !== undefined && labels !== undefined)
    return await labelDataset(openStored(settings).datasets, dataset, labels);
  throw new MlopsError('BAD_INPUT', 'specify training data with --data, or --dataset and --labels', {
    field: 'data',
  });
}

/** Reports all problems at once; those that do not prevent a submission are warnings. */
function refuseProblems({ name, data, source }: GivenData, seed: number | null): void {
  const sampled = seed === null ? null : downsample(data, seed);
  if (sampled !== null) say(describeDropped(sampled.dropped));
  const checked = sampled?.data ?? data;
  // Numbers would be those of a list that this process made.
  const isOwnList = sampled !== null || source.kind === 'dataset';
  const nameOf = isOwnList ? (index: number) => shownText(checked.utterances[index]?.text ?? '') : String;
  const { problems, warnings } = checkTrainingData(checked, nameOf);
  for (const { message } of warnings) say(`warning: ${message}`);
  if (problems.length === 0) return;
  const hint = problems.some(problem => problem.code === 'imbalance')
    ? ' (use --balance downsample to fix the imbalance)'
    : '';
  throw refusal(`${name} cannot be used for training${hint}`, problems);
}

const mostShown = 60;

/** The start of a text of the caller's own data, with the code points of what would not show. */
function shownText(text: string): string {
  return shownName(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
}

const namedClasses = 10;

function describeDropped(dropped: Downsampled['dropped']): string {
  if (dropped.length === 0) return 'downsampled: no label was over-represented';
  const named = dropped.slice(0, namedClasses).map(({ label, had, kept }) => `${quoted(label)} ${had} → ${kept}`);
  const left = dropped.length - named.length;
  const sum = dropped.reduce((all, { had, kept }) => all + had - kept, 0);
  return `downsampled: left out ${sum} utterances of ${dropped.length} labels: ${named.join(', ')}${left > 0 ? ` and ${left} more labels` : ''}`;
}

async function takeData({ name, data }: GivenData, settings: Config): Promise<Upload> {
  const { store, uploads } = openStored(settings);
  await ensureStore(store);
  return await uploads.take(name, chunksOf(JSON.stringify(data)));
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

async function follow(
  app: App,
  spec: JobSpec,
  request: string,
  options: TrainOptions,
  signal: AbortSignal,
): Promise<void> {
  const folder = options.report === undefined ? null : await openReportFolder(options.report);
  // Problems that keep workers from starting are reported before anything is enqueued.
  await bringWorkers(app, training.queues);
  await startRequest(app, spec, { by: userName() });
  const line = progressLine();
  const show = (progress: unknown) => line.show(describeTraining(progress));
  const model = await watchJob(app, spec, () => modelOf(app, request), show, signal).finally(() => line.end());
  const stray = describeStray(model.entry.stray ?? []);
  if (stray !== null) say(`warning: ${stray}`);
  if (options.json === true) printJson(trainingSummary(model.entry, model.number));
  else print(describeModel(model));
  await folder?.write({ [`training-${request}.html`]: await app.trainings.report(request) });
}
